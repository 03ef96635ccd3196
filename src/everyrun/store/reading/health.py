"""How a ledger is, in a few figures that cost little however large it is."""

from datetime import timedelta
from typing import NamedTuple, cast

from sqlalchemy import Connection, Table, func, literal, select, union_all

from everyrun.domain.clock import to_datetime
from everyrun.domain.status import SETTLED, Status
from everyrun.store.leaderships import leader_of
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.tables import StatsBucket

SCHEDULER = "scheduler"
"""The role of the leading scheduler."""
MOST_COUNTED = 10_000

stats_buckets = cast("Table", StatsBucket.__table__)


class LedgerHealth(NamedTuple):
    """Executions by status, and who leads the schedulers."""

    unsettled: dict[str, int]
    """At most ``MOST_COUNTED`` each."""
    last_day: dict[str, int]
    """Those that began in the last 24 hours."""
    leading_host: str | None


def read_health(connection: Connection, now: int) -> LedgerHealth:
    """The figures at ``now`` (µs UTC)."""
    leader = leader_of(connection, SCHEDULER)
    leads = leader is not None and leader.expires_at > now
    return LedgerHealth(
        unsettled=_unsettled(connection),
        last_day=_last_day(connection, now),
        leading_host=leader.host if leader is not None and leads else None,
    )


def _unsettled(connection: Connection) -> dict[str, int]:
    statuses = [status.value for status in Status if status not in SETTLED]
    e = executions.c
    counts = []
    for status in statuses:
        some = select(e.id).where(e.status == status).limit(MOST_COUNTED).subquery()
        counts.append(select(literal(status).label("status"), func.count()).select_from(some))
    with kept_to_indexes(connection):
        return {row[0]: row[1] for row in connection.execute(union_all(*counts))}


def _last_day(connection: Connection, now: int) -> dict[str, int]:
    b = stats_buckets.c
    counted = (
        select(b.status, func.sum(b.executions))
        .where(b.bucket >= to_datetime(now) - timedelta(days=1))
        .group_by(b.status)
    )
    return {status: int(count) for status, count in connection.execute(counted)}
