"""Monthly partitions on PostgreSQL, by the time inside the execution's UUIDv7.

A month's rows of a run lie together, and retention drops a month without touching a row. Ids
without a time, or with an absurd one, go to the default partition. SQLite has none of this.

The tables are cut at the same bounds by the same key, so a row's parent always lies in the
partition of the same name. References between them stand there, leaf to leaf: checked against a
plain table they cost a tenth of what they cost against a partitioned one (measured).
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from everyrun.domain.clock import SystemClock, to_datetime, to_microseconds
from everyrun.domain.identifiers import birth_of, first_id_at, is_uuid7

PARTITIONED = (
    "workflow_executions",
    "node_executions",
    "node_attempts",
    "execution_logs",
    "execution_tags",
)
REFERENCES = (
    ("node_executions", "workflow_execution_id", "workflow_executions", "id"),
    (
        "node_attempts",
        "workflow_execution_id, node_execution_id",
        "node_executions",
        "workflow_execution_id, id",
    ),
    ("execution_logs", "workflow_execution_id", "workflow_executions", "id"),
    (
        "execution_logs",
        "workflow_execution_id, node_execution_id",
        "node_executions",
        "workflow_execution_id, id",
    ),
    ("execution_tags", "workflow_execution_id", "workflow_executions", "id"),
)
"""Child table, its columns, parent table, its columns: all with ON DELETE CASCADE."""

FIRST_MONTH = 2020 * 12
LAST_MONTH = 2100 * 12
_ADVISORY_LOCK = 0x45564550  # "EVEP"


def month_of(execution_id: str) -> int | None:
    """Months since year 0 of a UUIDv7, or None when it belongs in the default partition."""
    if not is_uuid7(execution_id):
        return None
    moment = to_datetime(birth_of(execution_id))
    month = moment.year * 12 + moment.month - 1
    return month if FIRST_MONTH <= month < LAST_MONTH else None


def suffix_of(month: int | None) -> str:
    """How the names of a month's partitions end; None is for those of no month."""
    return "default" if month is None else f"y{month // 12}m{month % 12 + 1:02d}"


def _bound(month: int) -> str:
    first_day = to_datetime(0).replace(year=month // 12, month=month % 12 + 1)
    return first_id_at(to_microseconds(first_day))


def _create_partitions(connection: Connection, suffix: str, bounds: str) -> None:
    """One partition of each table, with the references between them, unless they are there."""
    exists = text("SELECT to_regclass(:name) IS NOT NULL")
    if connection.execute(exists, {"name": f"{PARTITIONED[-1]}_{suffix}"}).scalar():
        return
    for table in PARTITIONED:
        connection.exec_driver_sql(f"CREATE TABLE {table}_{suffix} PARTITION OF {table} {bounds}")
    for child, columns, parent, referred in REFERENCES:
        connection.exec_driver_sql(
            f"ALTER TABLE {child}_{suffix} ADD FOREIGN KEY ({columns}) "
            f"REFERENCES {parent}_{suffix} ({referred}) ON DELETE CASCADE"
        )


def missing_months(execution_ids: Iterable[str], known: set[int]) -> set[int]:
    """The months of these executions that are not known to have partitions."""
    return {month for id_ in execution_ids if (month := month_of(id_)) is not None} - known


def ensure_months(connection: Connection, months: Iterable[int]) -> None:
    """Make these months' partitions where they are missing. Nothing to do on SQLite.

    Takes a strong lock on the tables for a moment, so it belongs in a transaction of its own.
    """
    if connection.dialect.name != "postgresql":
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    for month in sorted(months):
        suffix = suffix_of(month)
        bounds = f"FOR VALUES FROM ('{_bound(month)}') TO ('{_bound(month + 1)}')"
        _create_partitions(connection, suffix, bounds)


def ensure_partitions(connection: Connection, execution_ids: Iterable[str]) -> None:
    """Make the partitions that these executions need, where they are missing."""
    ensure_months(connection, missing_months(execution_ids, set()))


def ensure_first_partitions(connection: Connection) -> None:
    """Make the default partitions, this month's and the next one's."""
    if connection.dialect.name != "postgresql":
        return
    _create_partitions(connection, "default", "DEFAULT")
    now = to_datetime(SystemClock().now())
    this_month = now.year * 12 + now.month - 1
    ensure_months(connection, (this_month, this_month + 1))
