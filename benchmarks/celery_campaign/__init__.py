"""The parts of the campaigns that kill Celery's workers, broker and ledger."""
