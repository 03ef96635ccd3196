"""The dashboard's figures (R1.1-R1.3, R1.7) and the log statistics (R0.6)."""

from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Select, Table, and_, case, distinct, func, select

from everyrun.domain.clock import to_datetime
from everyrun.domain.views.statistics import DashboardStatistics, LogStatistics
from everyrun.store.changes.generations import generation
from everyrun.store.reading.days import day_window
from everyrun.store.reading.statistics import stats_buckets
from everyrun.store.reading.workflow_names import workflows
from everyrun.store.tables import LogStat

log_stats = cast("Table", LogStat.__table__)

_b = stats_buckets.c
_FAILED = and_(_b.status == "failed", _b.executions > 0)


def today(connection: Connection, now: int, zone: str) -> DashboardStatistics:
    """The dashboard's figures at ``now`` (µs UTC), for the day it is in ``zone``.

    Raises :class:`SettingsError` for an unknown zone.
    """
    row = connection.execute(_of_day(now, zone)).one()
    return DashboardStatistics(
        total_workflows=row.total,
        today_executions=int(row.executions or 0),
        today_failed_workflows=row.failing,
        inactive_workflows=int(row.inactive or 0),
    )


class Counted(NamedTuple):
    """Figures by the names of ``DashboardFigures``, and the generation they were counted in."""

    values: dict[str, int]
    generation: str


def count_figures(connection: Connection, now: int, zone: str) -> Counted:
    """Count the day's figures and those of all days, in one statement: one state of the ledger."""
    executions = select(func.sum(_b.executions)).scalar_subquery()
    failing = select(func.count(distinct(_b.workflow_id))).where(_FAILED).scalar_subquery()
    query = _of_day(now, zone).add_columns(
        executions.label("all_executions"),
        failing.label("all_failing"),
        generation(connection.dialect.name).label("generation"),
    )
    row = connection.execute(query).one()
    values = {
        "total_workflows": row.total,
        "inactive_workflows": int(row.inactive or 0),
        "today_executions": int(row.executions or 0),
        "today_failed_workflows": row.failing,
        "all_executions": int(row.all_executions or 0),
        "all_failed_workflows": row.all_failing,
    }
    return Counted(values, row.generation)


def _of_day(now: int, zone: str) -> Select[*tuple[Any, ...]]:
    start, end = day_window(now, zone)
    of_today = and_(_b.bucket >= to_datetime(start), _b.bucket < to_datetime(end))
    executions = select(func.sum(_b.executions)).where(of_today)
    failing = select(func.count(distinct(_b.workflow_id))).where(of_today, _FAILED)
    w = workflows.c
    return select(
        func.count().label("total"),
        func.sum(case((w.active, 0), else_=1)).label("inactive"),
        executions.scalar_subquery().label("executions"),
        failing.scalar_subquery().label("failing"),
    ).where(w.deleted_at.is_(None))


def log_statistics(connection: Connection) -> LogStatistics:
    """The log statistics of the whole ledger."""
    s = log_stats.c
    columns = (s.executions, s.nodes_completed, s.nodes_failed, s.duration_count, s.duration_sum)
    sums = connection.execute(select(*(func.sum(column) for column in columns))).one()
    total, completed, failed, count, lasted = (int(value or 0) for value in sums)
    return LogStatistics(
        total=total,
        completed=completed,
        failed=failed,
        average_execution_time_ms=lasted / count / 1000 if count else None,
    )
