"""``everyrun workflow``: definitions as files and as what the ledger keeps of them."""
