"""Whether the workers of Celery have anything to do, as they say themselves."""

from datetime import datetime
from typing import cast

from sqlalchemy import Connection, Table, select

from everyrun.domain.clock import to_microseconds
from everyrun.store.reading.recorders import recorders
from everyrun.store.tables import CeleryQueue, CeleryWorker
from everyrun.store.tables.workers import STANDING_WORKERS

_w = cast("Table", CeleryWorker.__table__).c
_q = cast("Table", CeleryQueue.__table__).c


def idle_since(connection: Connection) -> int | None:
    """Since when (µs UTC) all workers that are up are known to hold no task, and all queues that
    they take from to be empty; None when one is not, or is not known to be.
    """
    up = (
        select(_w.broker, _w.queues, _w.running_total, _w.reserved, _w.seen_at)
        .outerjoin(recorders, recorders.c.id == _w.id)
        .where(STANDING_WORKERS, recorders.c.gone_at.is_(None))
    )
    seen: list[datetime] = []
    taken_from: set[tuple[str, str]] = set()
    for row in connection.execute(up):
        if row.running_total or row.reserved:
            return None
        seen.append(row.seen_at)
        taken_from.update((row.broker, name) for name in row.queues)
    if not taken_from:
        return None
    known = {
        (row.broker, row.name): row
        for row in connection.execute(
            select(_q.broker, _q.name, _q.messages, _q.seen_at).where(
                _q.broker.in_({broker for broker, _ in taken_from})
            )
        )
    }
    for queue in taken_from:
        standing = known.get(queue)
        if standing is None or standing.messages != 0:
            return None
        seen.append(standing.seen_at)
    return to_microseconds(min(seen))
