"""Forgetting workers of Celery, and queues, that nobody has seen for long."""

from datetime import timedelta

from sqlalchemy import Connection, delete

from everyrun.domain.clock import to_datetime
from everyrun.store.append.workers import queues, workers

KEPT = timedelta(days=7)


def forget_workers(connection: Connection, now: int) -> None:
    """Forget those that were last seen a week before ``now`` (µs UTC)."""
    before = to_datetime(now) - KEPT
    for table in (workers, queues):
        connection.execute(delete(table).where(table.c.seen_at < before))
