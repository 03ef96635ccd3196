"""An invented history: what a large ledger holds, and putting it there quickly."""
