"""What a result backend still knows of tasks that ran before they were on record.

``results`` reads the backend, ``families`` finds what belongs together, ``facts`` makes events of
it, ``importing`` goes through all of it in batches. A result says how a task ended and when, and no
more: see :class:`~everyrun.integrations.celery.history.importing.Report`.
"""
