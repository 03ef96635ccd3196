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
