"""How workflows and nodes fare: counts, failure rate, mean and percentiles."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, case, func, select

from everyrun.domain.status import Status
from everyrun.domain.views.statistics import WorkflowStatistics
from everyrun.store.reading.durations import failure_rate, sample_size, sum_up
from everyrun.store.reading.lanes import Lane, executions, latest_rows
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.matching import as_stored
from everyrun.store.reading.moments import BEGINNING, END, aware, born_between
from everyrun.store.reading.node_statistics import node_statistics
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.workflow_names import workflows
from everyrun.store.tables import StatsBucket

__all__ = ["node_statistics", "workflow_statistics"]

stats_buckets = cast("Table", StatsBucket.__table__)

MOST_WORKFLOWS = 500


class WorkflowRanking(StrEnum):
    """Which workflows come first."""

    BUSIEST = "busiest"
    """Those that ran most often."""
    SLOWEST = "slowest"
    """Those that take longest on average."""
    FAILING = "failing"
    """Those that failed most often; others are left out."""


BUCKET = timedelta(minutes=15)
_b = stats_buckets.c


def workflow_statistics(
    connection: Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    workflow: str | None = None,
    kind: str | None = None,
    order: WorkflowRanking = WorkflowRanking.BUSIEST,
    limit: int = MOST_WORKFLOWS,
) -> list[WorkflowStatistics]:
    """Workflows that ran (or were asked to) in a time, in an order, 500 at most.

    Counts are kept per quarter of an hour: the quarters that ``since`` and ``until`` lie in count
    whole. Raises :class:`InvalidQuery` for a time without a zone, or a limit that cannot be.
    """
    first, end = max(aware(since) or BEGINNING, BEGINNING), aware(until) or END
    checked_limit(limit, MOST_WORKFLOWS)
    counts = connection.execute(_count(first, end, workflow, kind, order).limit(limit)).all()
    size = sample_size(len(counts))
    span = born_between(since, until)
    e = executions.c
    with kept_to_indexes(connection, plan_once=True):
        return [
            _judged(
                row,
                latest_rows(connection, (e.started_at, e.ended_at), _lane(row.id), span, size),
            )
            for row in counts
        ]


def _lane(workflow_id: str) -> Lane:
    return Lane((("workflow_id", workflow_id),))


def _count(
    first: datetime, end: datetime, workflow: str | None, kind: str | None, order: WorkflowRanking
) -> Select[*tuple[Any, ...]]:
    total = func.sum(_b.executions).label("executions")
    measured = func.sum(_b.duration_count).label("duration_count")
    lasted = func.sum(_b.duration_sum).label("duration_sum")
    of_status = {
        status: func.sum(case((_b.status == status.value, _b.executions), else_=0)).label(status)
        for status in Status
    }
    mean = func.coalesce(lasted / func.nullif(measured, 0), 0)
    orders: dict[WorkflowRanking, ColumnElement[Any]] = {
        WorkflowRanking.BUSIEST: total,
        WorkflowRanking.SLOWEST: mean,
        WorkflowRanking.FAILING: of_status[Status.FAILED],
    }
    statement = (
        select(
            workflows.c.id,
            workflows.c.name,
            workflows.c.kind,
            total,
            measured,
            lasted,
            *of_status.values(),
        )
        .join_from(stats_buckets, workflows, workflows.c.id == _b.workflow_id)
        .where(_b.bucket > first - BUCKET, _b.bucket < end)
        .group_by(workflows.c.id, workflows.c.name, workflows.c.kind)
        .having(total > 0)
        .order_by(orders[order].desc(), total.desc(), workflows.c.name)
    )
    if order is WorkflowRanking.FAILING:
        statement = statement.having(of_status[Status.FAILED] > 0)
    if workflow is not None:
        statement = statement.where(workflows.c.name == as_stored(workflow))
    if kind is not None:
        statement = statement.where(workflows.c.kind == as_stored(kind))
    return statement


def _judged(
    row: Row[*tuple[Any, ...]], latest: Sequence[Row[*tuple[Any, ...]]]
) -> WorkflowStatistics:
    lasted = sum_up((times.started_at, times.ended_at) for times in latest)
    started = [times.started_at for times in latest if times.started_at is not None]
    measured = int(row.duration_count)
    mean = int(row.duration_sum) / measured / 1e6 if measured else None
    return WorkflowStatistics(
        workflow=row.name,
        kind=row.kind,
        executions=int(row.executions),
        completed=int(row.completed),
        failed=int(row.failed),
        cancelled=int(row.cancelled),
        skipped=int(row.skipped),
        lost=int(row.lost),
        running=int(row.running),
        pending=int(row.pending),
        failure_rate=failure_rate(int(row.completed), int(row.failed)),
        mean_seconds=mean,
        p50_seconds=lasted.p50,
        p95_seconds=lasted.p95,
        p99_seconds=lasted.p99,
        percentile_sample=lasted.sample,
        last_started_at=max(started, default=None),
    )
