"""Node executions and their attempts as pages show them."""

from datetime import datetime
from typing import Any

import msgspec


class NodeSummary(msgspec.Struct):
    """One node execution without its payloads. ``attempts`` counts the current one too.

    Times are aware UTC; ``started_at`` is the first attempt's. What is lost because its recorder is
    gone has that as its ``lost_reason``.
    """

    id: str
    node: str
    node_type: str | None
    status: str
    attempts: int
    execution_order: int | None
    parent_node_execution_id: str | None
    iteration: str | None
    started_at: datetime | None
    ended_at: datetime | None
    duration_seconds: float | None
    progress_current: float | None
    progress_total: float | None
    progress_message: str | None
    error: str | None
    lost_reason: str | None


class NodeAttemptDetail(msgspec.Struct, kw_only=True):
    """One attempt, with what went wrong in it."""

    attempt: int
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    duration_seconds: float | None
    recorder_id: str | None
    error_type: str | None
    error_message: str | None
    error_traceback: str | None


class NodeDetail(NodeSummary, kw_only=True):
    """One node execution, whole. ``attempt_details`` has its attempts, the current one last."""

    execution_id: str
    recorder_id: str | None
    attempt_started_at: datetime | None
    seen_at: datetime | None
    lost_at: datetime | None
    input: Any
    output: Any
    error_type: str | None
    error_message: str | None
    error_traceback: str | None
    attempt_details: list[NodeAttemptDetail]


class EarlierAttempt(msgspec.Struct, kw_only=True):
    """One attempt that another followed. ``error`` is one line of 200 characters at most."""

    node_execution_id: str
    attempt: int
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    duration_seconds: float | None
    error: str | None


class EarlierAttempts(msgspec.Struct, kw_only=True):
    """The attempts of an execution's nodes that others followed, 1,000 at most."""

    items: list[EarlierAttempt]


class NodePage(msgspec.Struct, kw_only=True):
    """Node executions in the order in which they were born. ``next`` goes on, None at the end."""

    items: list[NodeSummary]
    next: str | None
