"""Who recorded: heard of with every batch, gone when the evidence says so."""

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
    return statement.on_conflict_do_update(index_elements=["id"], set_=seen)


def see_recorder(connection: Connection, info: RecorderInfo, now: int) -> None:
    """Note that this recorder was heard of."""
    row = {
        "id": info.id,
        "host": info.host,
        "pid": info.pid,
        "program": info.program,
        "everyrun_version": info.everyrun_version,
        "started_at": to_datetime(info.started_at),
        "last_seen_at": to_datetime(now),
    }
    connection.execute(_seeing(connection.dialect.name), [row])


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
        .values(gone_at=at, gone_reason=event.reason)
    )


def gone_at(connection: Connection, ids: set[bytes]) -> dict[bytes, int]:
    """Those of these recorders that are known to be gone, with when that was found."""
    if not ids:
        return {}
    found = connection.execute(_GONE, {"ids": [id_text(id_) for id_ in ids]})
    return {id_bytes(row.id): to_microseconds(row.gone_at) for row in found}
