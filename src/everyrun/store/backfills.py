"""Ranges of due times that somebody asked to be run after the fact. Times are µs UTC."""

from typing import NamedTuple, cast

from sqlalchemy import Connection, Table, insert, select

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.store.tables import ScheduleBackfill

backfills = cast("Table", ScheduleBackfill.__table__)


class BackfillRecord(NamedTuple):
    """One range, from ``since`` on and before ``until``, and the batch that it became."""

    id: str
    schedule_id: str
    batch_id: str
    since: int
    until: int
    asked_by: str | None
    asked_at: int


def record_backfill(connection: Connection, told: BackfillRecord) -> None:
    """Put on record what was asked for."""
    moments = {name: to_datetime(getattr(told, name)) for name in ("since", "until", "asked_at")}
    connection.execute(insert(backfills), {**told._asdict(), **moments})


def list_backfills(
    connection: Connection, schedule_id: str, limit: int = 20
) -> list[BackfillRecord]:
    """What was asked for of a schedule, the latest first."""
    query = (
        select(backfills)
        .where(backfills.c.schedule_id == schedule_id)
        .order_by(backfills.c.id.desc())
        .limit(limit)
    )
    return [
        BackfillRecord(
            row.id,
            row.schedule_id,
            row.batch_id,
            to_microseconds(row.since),
            to_microseconds(row.until),
            row.asked_by,
            to_microseconds(row.asked_at),
        )
        for row in connection.execute(query)
    ]
