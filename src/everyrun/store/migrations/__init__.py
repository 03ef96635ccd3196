"""Alembic migrations of the ledger; run through ``store.schema``."""
