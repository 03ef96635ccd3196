"""Loads for a server: batches of events, viewers that poll, questions to a large ledger."""
