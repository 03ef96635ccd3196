"""Executions as lists and pages show them."""

from datetime import datetime
from typing import Any

import msgspec

from everyrun.domain.views.nodes import NodeSummary


class ExecutionSummary(msgspec.Struct, kw_only=True):
    """One execution in a list. Times are aware UTC; ``error`` is one line of 200 characters at
    most; ``duration_seconds`` is None while start or end is missing (R2.9). What is lost because
    its recorder is gone has that as its ``lost_reason``.
    """

    id: str
    workflow: str
    kind: str
    status: str
    trigger: str
    external_id: str | None
    tags: list[str]
    parent_execution_id: str | None
    batch_id: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    duration_seconds: float | None
    nodes_planned: int | None
    nodes_total: int
    nodes_completed: int
    nodes_failed: int
    nodes_cancelled: int
    nodes_skipped: int
    progress_current: float | None
    progress_total: float | None
    progress_message: str | None
    error: str | None
    lost_reason: str | None


class ExecutionFilters(msgspec.Struct, kw_only=True, frozen=True):
    """Which executions; what is None or empty does not filter, and all that is given must hold.

    ``workflow`` is a whole name, ``text`` a piece of one in any case, or a whole external id.
    ``since`` (included) and ``until`` (excluded) are aware times of creation.
    """

    workflow: str | None = None
    kind: str | None = None
    statuses: tuple[str, ...] = ()
    trigger: str | None = None
    tag: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    parent_execution_id: str | None = None
    batch_id: str | None = None
    external_id: str | None = None


class ExecutionPage(msgspec.Struct, kw_only=True):
    """A page of the list. ``next`` is the cursor to what follows, None at the end.

    ``searched_to`` is set when the search stopped before the page was full: everything created
    since then has been looked at, and ``next`` goes on from there.
    """

    items: list[ExecutionSummary]
    next: str | None
    searched_to: datetime | None = None


class GraphState(msgspec.Struct, kw_only=True):
    """Of an execution of a graph. ``paused_at`` is None while it is not paused."""

    version: int
    paused_at: datetime | None


class ExecutionDetail(ExecutionSummary, kw_only=True):
    """One execution, whole. ``nodes`` are ordered by (execution_order, id) and carry no payloads;
    ``nodes_cut`` says how many more there are than the 10,000 that fit. ``graph`` is None of what
    is no graph.
    """

    workflow_id: str
    workflow_version_id: str | None
    parent_node_execution_id: str | None
    origin_execution_id: str | None
    recorder_id: str | None
    recorder_host: str | None
    recorder_pid: int | None
    recorder_program: str | None
    updated_at: datetime
    seen_at: datetime | None
    lost_at: datetime | None
    progress_at: datetime | None
    input: Any
    output: Any
    error_type: str | None
    error_message: str | None
    error_traceback: str | None
    context: dict[str, Any]
    metadata: dict[str, Any]
    log_lines: int
    graph: GraphState | None
    nodes: list[NodeSummary]
    nodes_cut: int
