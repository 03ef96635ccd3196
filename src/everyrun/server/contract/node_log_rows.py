"""Node executions as rows of the seed's ``node_execution_logs``."""

from datetime import datetime
from typing import Any

import msgspec

from everyrun.domain.status import Status
from everyrun.server.contract.finding import numbers_for_nodes, numbers_for_workflows
from everyrun.server.contract.words import NODE_WORDS, NodeWord
from everyrun.server.visit import Visit
from everyrun.store.reading.node_logs import NodeLog
from everyrun.store.reported import as_given
from everyrun.workflows.reporting import NO_SCRIPT


class NodeLogRow(msgspec.Struct, kw_only=True):
    """One node log (R0.1-R0.4). ``execution_time_ms`` is whole milliseconds.

    ``execution_id`` is the caller's own where there is one. Beside what the seed has: ``state`` is
    our own word for the status, and the ids are those of ``/api/v1``.
    """

    id: int
    execution_id: str
    script_id: int | None
    node_id: str
    node_type: str | None
    node_name: str | None
    status: NodeWord
    started_at: datetime | None
    finished_at: datetime | None
    execution_time_ms: int | None
    parameters: Any
    result: Any
    error_message: str | None
    error_traceback: str | None
    created_at: datetime | None
    state: str
    attempt: int
    iteration: str | None
    script_name: str | None
    workflow_execution_id: str
    node_execution_id: str


class NodeLogList(msgspec.Struct, kw_only=True):
    """Node logs. ``next`` is the cursor to what follows, None at the end."""

    success: bool = True
    message: str
    data: list[NodeLogRow]
    count: int
    next: str | None


class NodeLogAnswer(msgspec.Struct, kw_only=True):
    """One node log, with all of its payloads."""

    success: bool = True
    message: str
    data: NodeLogRow


def rows_of(visit: Visit, logs: list[NodeLog]) -> list[NodeLogRow]:
    """Logs as rows, with their numbers."""
    numbers = numbers_for_nodes(visit, [log.place for log in logs])
    known = sorted({log.workflow_id for log in logs if log.workflow != NO_SCRIPT})
    scripts = numbers_for_workflows(visit, known)
    return [_row(log, numbers, scripts) for log in logs if log.place.node_execution_id in numbers]


def _row(log: NodeLog, numbers: dict[str, int], scripts: dict[str, int]) -> NodeLogRow:
    execution_id, node_execution_id = log.place
    return NodeLogRow(
        id=numbers[node_execution_id],
        execution_id=as_given(log.external_id, log.workflow_id) or execution_id,
        script_id=scripts.get(log.workflow_id),
        node_id=log.node,
        node_type=log.node_type,
        node_name=log.title or log.node,
        status=NODE_WORDS[Status(log.status)],
        started_at=log.started_at,
        finished_at=log.ended_at,
        execution_time_ms=_milliseconds(log.started_at, log.ended_at),
        parameters=_payload(log, "input", log.input),
        result=_payload(log, "output", log.output),
        error_message=log.error_message or _unsaid(log),
        error_traceback=log.error_traceback,
        created_at=log.started_at,
        state=log.status,
        attempt=log.attempt,
        iteration=log.iteration,
        script_name=None if log.workflow == NO_SCRIPT else log.workflow,
        workflow_execution_id=execution_id,
        node_execution_id=node_execution_id,
    )


def _milliseconds(started_at: datetime | None, ended_at: datetime | None) -> int | None:
    if started_at is None or ended_at is None:
        return None
    return max(0, round((ended_at - started_at).total_seconds() * 1_000))


def _payload(log: NodeLog, name: str, value: Any) -> Any:
    size = log.left_out.get(name)
    if size is not None:
        return f"… [left out: {size:,} bytes; this log alone has them]"
    return {} if value is None else value


def _unsaid(log: NodeLog) -> str | None:
    """Why a log says failed whose node did not fail."""
    if log.status == Status.LOST:
        return log.lost_reason or "its process is gone"
    return "cancelled" if log.status == Status.CANCELLED else None
