"""The parts of the campaign that kills Celery's workers, broker and ledger."""
