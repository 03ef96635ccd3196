"""A ledger whose database this process has opened."""
