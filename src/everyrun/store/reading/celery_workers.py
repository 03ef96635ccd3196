"""Workers of Celery: who is up and what they run, and how long their queues are."""

from collections import Counter
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, select

from everyrun.domain.clock import to_datetime
from everyrun.domain.views.celery_workers import (
    CeleryQueueView,
    CeleryWorkerView,
    RunningTaskView,
)
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.recorders import recorders
from everyrun.store.tables import CeleryQueue, CeleryWorker
from everyrun.store.tables.workers import STANDING_WORKERS

MOST_QUEUES = 1_000
UP, STOPPED, GONE = "up", "stopped", "gone"

_w = cast("Table", CeleryWorker.__table__).c
_q = cast("Table", CeleryQueue.__table__).c
_r = recorders.c
_WORKERS = select(*_w, _r.host, _r.pid, _r.started_at, _r.gone_at, _r.gone_reason).join(
    # Outer, so that it begins with the workers: of recorders there are many more.
    recorders,
    _r.id == _w.id,
    isouter=True,
)


def list_workers(
    connection: Connection, *, limit: int = 100, up_only: bool = False
) -> list[CeleryWorkerView]:
    """The latest workers, newest first; with ``up_only`` those that are up.

    Raises :class:`InvalidQuery` for a limit outside 1 to 500.
    """
    query = _WORKERS.order_by(_w.id.desc()).limit(checked_limit(limit))
    if up_only:
        query = query.where(STANDING_WORKERS, _r.gone_at.is_(None))
    return [_worker(row) for row in connection.execute(query)]


def list_queues(connection: Connection) -> list[CeleryQueueView]:
    """The queues by their names, 1,000 at most."""
    up = select(_w.broker, _w.queues).outerjoin(recorders, _r.id == _w.id)
    up = up.where(STANDING_WORKERS, _r.gone_at.is_(None))
    taking: Counter[tuple[str, str]] = Counter()
    for broker, names in connection.execute(up):
        taking.update((broker, name) for name in names)
    query = select(*_q).order_by(_q.name, _q.broker).limit(MOST_QUEUES)
    return [
        CeleryQueueView(
            name=row.name,
            broker=row.broker,
            messages=row.messages,
            seen_at=row.seen_at,
            seen_by=row.seen_by,
            workers=taking[row.broker, row.name],
        )
        for row in connection.execute(query)
    ]


def _worker(row: Row[*tuple[Any, ...]]) -> CeleryWorkerView:
    state = _state(row)
    return CeleryWorkerView(
        id=row.id,
        name=row.name,
        host=row.host,
        pid=row.pid,
        state=state,
        broker=row.broker,
        pool=row.pool,
        concurrency=row.concurrency,
        started_at=row.started_at,
        seen_at=row.seen_at,
        stopped_at=row.stopped_at,
        gone_reason=row.gone_reason if state == GONE else None,
        queues=row.queues,
        running=[_running(task) for task in row.running] if state == UP else [],
        running_total=row.running_total if state == UP else 0,
        reserved=row.reserved if state == UP else 0,
        done=row.done,
    )


def _state(row: Row[*tuple[Any, ...]]) -> str:
    if row.stopped_at is not None:
        return STOPPED
    return UP if row.gone_at is None else GONE


def _running(task: dict[str, Any]) -> RunningTaskView:
    since = task.get("since")
    return RunningTaskView(
        id=task["id"], name=task["name"], since=None if since is None else to_datetime(since)
    )
