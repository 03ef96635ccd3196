"""Recording processes killed at random while the ledger comes and goes; every event counted."""
