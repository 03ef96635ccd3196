"""A ledger behind a server, which runs what is to be run."""
