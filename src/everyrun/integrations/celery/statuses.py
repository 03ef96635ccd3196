"""Celery's words for how a task stands, and ours (R4.1)."""

from everyrun.domain.status import Status

FROM_CELERY: dict[str, Status] = {
    "PENDING": Status.PENDING,
    "RECEIVED": Status.PENDING,
    "STARTED": Status.RUNNING,
    "RETRY": Status.RETRYING,
    "SUCCESS": Status.COMPLETED,
    "FAILURE": Status.FAILED,
    "REVOKED": Status.CANCELLED,
    "IGNORED": Status.CANCELLED,
    "REJECTED": Status.FAILED,
}
"""Celery's state -> ours. A task that Celery fails because an earlier one failed never ran: with us
it is ``skipped``."""
