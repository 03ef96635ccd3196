"""Workers of Celery and their queues: the latest that was said of each holds, in any order."""

from functools import cache
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from everyrun.domain.clock import to_datetime
from everyrun.domain.events import RecorderInfo, WorkerSeen
from everyrun.store.tables import CeleryQueue, CeleryWorker

MOST_RUNNING = 100
"""Running tasks of a worker that are kept by name."""
MOST_QUEUES = 1_000

workers = cast("Table", CeleryWorker.__table__)
queues = cast("Table", CeleryQueue.__table__)


def see_worker(connection: Connection, info: RecorderInfo, event: WorkerSeen) -> None:
    """Keep what a worker says of itself and of its queues, unless something later is known."""
    at = to_datetime(event.at)
    some = event.queues[:MOST_QUEUES]
    row = {
        "id": info.id,
        "name": event.name,
        "broker": event.broker,
        "pool": event.pool,
        "concurrency": event.concurrency,
        "seen_at": at,
        "stopped_at": at if event.is_stopped else None,
        "running_total": event.running_total,
        "reserved": event.reserved,
        "done": event.done,
        "queues": [queue.name for queue in some],
        "running": msgspec.to_builtins(event.running[:MOST_RUNNING]),
    }
    connection.execute(_keeping_latest("celery_workers", connection.dialect.name), [row])
    seen = {"broker": event.broker, "seen_at": at, "seen_by": event.name}
    lengths = [
        {**seen, "name": queue.name, "messages": queue.messages}
        for queue in sorted(some, key=lambda queue: queue.name)
    ]
    if lengths and not event.is_stopped:
        connection.execute(_keeping_latest("celery_queues", connection.dialect.name), lengths)


@cache
def _keeping_latest(name: str, dialect_name: str) -> Any:
    table = workers if name == workers.name else queues
    dialect: Any = postgresql if dialect_name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    rest = [column.name for column in table.columns if column.name not in keys]
    return statement.on_conflict_do_update(
        index_elements=keys,
        set_={column: statement.excluded[column] for column in rest},
        where=statement.excluded.seen_at > table.c.seen_at,
    )
