"""Who recorded: the processes, when they were last heard of, and what they had to drop."""

from typing import cast

from sqlalchemy import Connection, Table, func, select

from everyrun.domain.views.recorders import RecorderSummary
from everyrun.store.reading.limits import checked_limit
from everyrun.store.tables import Recorder

recorders = cast("Table", Recorder.__table__)


def list_recorders(
    connection: Connection, *, limit: int = 100, dropped_only: bool = False
) -> list[RecorderSummary]:
    """The latest recorders, newest first; with ``dropped_only`` those that dropped events.

    Raises :class:`InvalidQuery` for a limit outside 1 to 500.
    """
    columns = [recorders.c[name] for name in RecorderSummary.__struct_fields__]
    statement = select(*columns).order_by(recorders.c.id.desc()).limit(checked_limit(limit))
    if dropped_only:
        statement = statement.where(recorders.c.dropped_events > 0)
    return [RecorderSummary(**row) for row in connection.execute(statement).mappings()]


def find_recorder(connection: Connection, id_: str) -> RecorderSummary | None:
    """One recorder by its id."""
    columns = [recorders.c[name] for name in RecorderSummary.__struct_fields__]
    row = connection.execute(select(*columns).where(recorders.c.id == id_)).mappings().one_or_none()
    return None if row is None else RecorderSummary(**row)


def dropped_events(connection: Connection) -> int:
    """How many events all recorders together had to drop."""
    total = connection.execute(select(func.sum(recorders.c.dropped_events))).scalar()
    return int(total or 0)
