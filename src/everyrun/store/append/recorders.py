"""Who recorded: heard of with every batch, gone when the evidence says so."""

from typing import Any, cast

from sqlalchemy import Connection, Table, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.events import RecorderDropped, RecorderGone, RecorderInfo
from everyrun.domain.identifiers import id_bytes, id_text
from everyrun.store.tables import Recorder

recorders = cast("Table", Recorder.__table__)


def see_recorder(connection: Connection, info: RecorderInfo, now: int) -> None:
    """Note that this recorder was heard of."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(recorders).values(
        id=info.id,
        host=info.host,
        pid=info.pid,
        program=info.program,
        everyrun_version=info.everyrun_version,
        started_at=to_datetime(info.started_at),
        last_seen_at=to_datetime(now),
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"], set_={"last_seen_at": statement.excluded.last_seen_at}
        )
    )


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
    query = select(recorders.c.id, recorders.c.gone_at).where(
        recorders.c.id.in_([id_text(id_) for id_ in ids]), recorders.c.gone_at.is_not(None)
    )
    return {id_bytes(row.id): to_microseconds(row.gone_at) for row in connection.execute(query)}
