"""Who may come in, as the ledger keeps it."""
