"""Who recorded: heard of with every batch, gone when the evidence says so.

Silence is evidence too, as long as it lasts: whoever is presumed gone and heard of again is back.
"""

from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.events import RecorderDropped, RecorderGone, RecorderInfo
from everyrun.domain.identifiers import id_bytes, id_text
from everyrun.store.tables import Recorder

recorders = cast("Table", Recorder.__table__)

_GONE = select(recorders.c.id, recorders.c.gone_at).where(
    recorders.c.id.in_(bindparam("ids", expanding=True)), recorders.c.gone_at.is_not(None)
)


@cache
def _seeing(dialect_name: str) -> Any:
    """The statement of :func:`see_recorder`; building it costs more than running it."""
    dialect: Any = postgresql if dialect_name == "postgresql" else sqlite
    statement = dialect.insert(recorders)
    seen = {"last_seen_at": statement.excluded.last_seen_at}
    upsert = statement.on_conflict_do_update(index_elements=["id"], set_=seen)
    return upsert.returning(recorders.c.gone_presumed)


def see_recorder(connection: Connection, info: RecorderInfo, now: int) -> bool:
    """Note that this recorder was heard of; whether it is back, having been presumed gone."""
    row = {
        "id": info.id,
        "host": info.host,
        "pid": info.pid,
        "program": info.program,
        "everyrun_version": info.everyrun_version,
        "started_at": to_datetime(info.started_at),
        "last_seen_at": to_datetime(now),
        "heartbeat_seconds": info.heartbeat,
    }
    if not connection.execute(_seeing(connection.dialect.name), row).scalar_one():
        return False
    connection.execute(
        update(recorders)
        .where(recorders.c.id == info.id)
        .values(gone_at=None, gone_reason=None, gone_presumed=False)
    )
    return True


def presume(connection: Connection, id_: str, seen_at: int, at: int, reason: str) -> bool:
    """Take a recorder for gone since nothing was heard of it after ``seen_at``; whether it is so.

    ``seen_at`` is its ``last_seen_at`` as the caller read it. False when it was heard of since, or
    is known to be gone.
    """
    r = recorders.c
    presumed = connection.execute(
        update(recorders)
        .where(r.id == id_, r.last_seen_at == to_datetime(seen_at), r.gone_at.is_(None))
        .values(gone_at=to_datetime(at), gone_reason=reason, gone_presumed=True)
    )
    return presumed.rowcount == 1


def count_dropped(connection: Connection, info: RecorderInfo, event: RecorderDropped) -> None:
    """Keep the largest count of dropped events that this recorder has told."""
    connection.execute(
        update(recorders)
        .where(recorders.c.id == info.id, recorders.c.dropped_events < event.count)
        .values(dropped_events=event.count)
    )


def mark_gone(connection: Connection, info: RecorderInfo, event: RecorderGone) -> None:
    """Keep the latest evidence that this recorder's process is gone."""
    at = to_datetime(event.at)
    is_news = or_(recorders.c.gone_at.is_(None), recorders.c.gone_at < at)
    connection.execute(
        update(recorders)
        .where(recorders.c.id == info.id, is_news)
        .values(gone_at=at, gone_reason=event.reason, gone_presumed=False)
    )


def gone_at(connection: Connection, ids: set[bytes]) -> dict[bytes, int]:
    """Those of these recorders that are known to be gone, with when that was found."""
    if not ids:
        return {}
    found = connection.execute(_GONE, {"ids": [id_text(id_) for id_ in ids]})
    return {id_bytes(row.id): to_microseconds(row.gone_at) for row in found}
