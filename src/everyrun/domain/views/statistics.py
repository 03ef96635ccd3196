"""How workflows, nodes and days fared."""

from datetime import datetime

import msgspec


class WorkflowStatistics(msgspec.Struct, kw_only=True):
    """How a workflow's executions fare.

    Counts and the mean cover all executions asked for. Percentiles cover the latest ones only:
    ``percentile_sample`` of them. ``failure_rate`` is failed / (completed + failed).
    """

    workflow: str
    kind: str
    executions: int
    completed: int
    failed: int
    cancelled: int
    skipped: int
    lost: int
    running: int
    pending: int
    failure_rate: float | None
    mean_seconds: float | None
    p50_seconds: float | None
    p95_seconds: float | None
    p99_seconds: float | None
    percentile_sample: int
    last_started_at: datetime | None


class NodeStatistics(msgspec.Struct, kw_only=True):
    """How a node fares, judged by its latest node executions that have started: ``executions``.

    ``retried`` counts those that needed more than one attempt. ``failure_rate`` is failed /
    (completed + failed). Percentiles cover the settled ones: ``percentile_sample``.
    """

    workflow: str
    kind: str
    node: str
    node_type: str | None
    executions: int
    completed: int
    failed: int
    cancelled: int
    skipped: int
    lost: int
    running: int
    retried: int
    failure_rate: float | None
    mean_seconds: float | None
    p50_seconds: float | None
    p95_seconds: float | None
    p99_seconds: float | None
    percentile_sample: int
    last_started_at: datetime | None


class DashboardStatistics(msgspec.Struct, kw_only=True):
    """The day so far. Workflows are counted without the deleted ones.

    ``today_executions`` started (or, still waiting, were asked for) today, whatever became of them;
    ``today_failed_workflows`` counts workflows, not failures.
    """

    total_workflows: int
    today_executions: int
    today_failed_workflows: int
    inactive_workflows: int


class LogStatistics(msgspec.Struct, kw_only=True):
    """Executions that ran nodes, and how those node executions ended; milliseconds on average."""

    total: int
    completed: int
    failed: int
    average_execution_time_ms: float | None


class LogTotals(LogStatistics, kw_only=True):
    """The log statistics, and how many events all recorders together had to drop."""

    dropped_events: int


class SeriesPoint(msgspec.Struct, kw_only=True):
    """The executions of an hour or a day, from ``start`` to ``end``, times in the zone asked for.

    The mean covers those that have settled, by the time of their start. ``running`` includes those
    that await another attempt.
    """

    start: datetime
    end: datetime
    executions: int
    completed: int
    failed: int
    cancelled: int
    skipped: int
    lost: int
    running: int
    pending: int
    mean_seconds: float | None


class Series(msgspec.Struct, kw_only=True):
    """Executions by the hour or the day of a zone, without gaps, oldest first."""

    timezone: str
    step: str
    items: list[SeriesPoint]


class ViewCount(msgspec.Struct, kw_only=True):
    """How many executions a saved view shows; ``at_least``: it was not counted any further."""

    view: str
    executions: int
    at_least: bool = False


class ViewCounts(msgspec.Struct, kw_only=True):
    """The counts of the usual views, for the day that it is in a zone."""

    timezone: str
    items: list[ViewCount]


class RecentFailure(msgspec.Struct, kw_only=True):
    """An execution that failed, with the first line of its error."""

    execution_id: str
    workflow_id: str
    workflow: str
    kind: str
    started_at: datetime | None
    ended_at: datetime | None
    error_type: str | None
    error_line: str | None
    batch_id: str | None


class RecentFailures(msgspec.Struct, kw_only=True):
    """Executions that failed, the latest first. ``next`` is the cursor to those before them."""

    items: list[RecentFailure]
    next: str | None


class WorkflowsFare(msgspec.Struct, kw_only=True):
    """How workflows fare."""

    items: list[WorkflowStatistics]


class NodesFare(msgspec.Struct, kw_only=True):
    """How the nodes of a workflow fare."""

    items: list[NodeStatistics]
