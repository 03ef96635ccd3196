"""The dashboard's figures (R1.1-R1.3, R1.7) and the log statistics (R0.6)."""

from typing import cast

from sqlalchemy import Connection, Table, and_, case, distinct, func, select

from everyrun.domain.clock import to_datetime
from everyrun.domain.views.statistics import DashboardStatistics, LogStatistics
from everyrun.store.reading.days import day_window
from everyrun.store.reading.statistics import stats_buckets
from everyrun.store.reading.workflow_names import workflows
from everyrun.store.tables import LogStat

log_stats = cast("Table", LogStat.__table__)


def today(connection: Connection, now: int, zone: str) -> DashboardStatistics:
    """The dashboard's figures at ``now`` (µs UTC), for the day it is in ``zone``.

    Raises :class:`SettingsError` for an unknown zone.
    """
    start, end = day_window(now, zone)
    b = stats_buckets.c
    of_today = and_(b.bucket >= to_datetime(start), b.bucket < to_datetime(end))
    failed = and_(b.status == "failed", b.executions > 0)
    executions = select(func.sum(b.executions)).where(of_today)
    failing = select(func.count(distinct(b.workflow_id))).where(of_today, failed)
    w = workflows.c
    counts = select(
        func.count().label("total"),
        func.sum(case((w.active, 0), else_=1)).label("inactive"),
        executions.scalar_subquery().label("executions"),
        failing.scalar_subquery().label("failing"),
    ).where(w.deleted_at.is_(None))
    row = connection.execute(counts).one()
    return DashboardStatistics(
        total_workflows=row.total,
        today_executions=int(row.executions or 0),
        today_failed_workflows=row.failing,
        inactive_workflows=int(row.inactive or 0),
    )


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
