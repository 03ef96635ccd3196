"""Recording processes killed at random while the ledger comes and goes; then every event counted."""
