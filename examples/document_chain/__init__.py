"""Seed 004's pipeline on real Celery workers: documents become spreadsheets, every step on record.

``python -m examples.document_chain FILE …``; see README.md beside this file.
"""
