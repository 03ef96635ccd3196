"""Decisions about an execution: start, complete, fail, cancel (R2.5-R2.8).

A decision is legal or it raises; it never races, for the row stays locked from the look at its
status to the commit. Reports of what happened elsewhere go to ``append`` and never raise for order.
"""

from typing import Any, cast

from sqlalchemy import Connection, Table, select

from everyrun.domain import events
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.status import Status, advance
from everyrun.store.append import append
from everyrun.store.tables import Workflow, WorkflowExecution

executions = cast("Table", WorkflowExecution.__table__)
workflows = cast("Table", Workflow.__table__)


def start(
    connection: Connection, recorder: events.RecorderInfo, execution_id: str, now: int
) -> None:
    """A pending execution runs from ``now`` (µs UTC).

    Raises ``ValueError`` ("Cannot start execution in … state") from any other status.
    """
    known = _decide(connection, execution_id, Status.RUNNING)
    _record(connection, recorder, events.ExecutionStarted(**known, at=now), now)


def complete(
    connection: Connection,
    recorder: events.RecorderInfo,
    execution_id: str,
    now: int,
    output: Any = None,
) -> None:
    """A running execution has succeeded, with ``output`` as a plain JSON value (``{}`` is kept).

    Raises ``ValueError`` ("Cannot complete execution in … state") from any other status.
    """
    known = _decide(connection, execution_id, Status.COMPLETED)
    finished = events.ExecutionFinished(**known, at=now, status=Status.COMPLETED, output=output)
    _record(connection, recorder, finished, now)


def fail(
    connection: Connection,
    recorder: events.RecorderInfo,
    execution_id: str,
    now: int,
    error_message: str,
) -> None:
    """A running execution has failed.

    Raises ``ValueError`` ("Cannot fail execution in … state") unless it runs or is lost.
    """
    known = _decide(connection, execution_id, Status.FAILED)
    finished = events.ExecutionFinished(
        **known, at=now, status=Status.FAILED, error_message=error_message
    )
    _record(connection, recorder, finished, now)


def cancel(
    connection: Connection,
    recorder: events.RecorderInfo,
    execution_id: str,
    now: int,
    reason: str | None = None,
) -> None:
    """A pending, running or lost execution is called off, for ``reason``.

    Raises ``ValueError`` ("Cannot cancel execution in … state") once it has settled.
    """
    known = _decide(connection, execution_id, Status.CANCELLED)
    finished = events.ExecutionFinished(
        **known, at=now, status=Status.CANCELLED, error_message=reason
    )
    _record(connection, recorder, finished, now)


def _decide(connection: Connection, execution_id: str, to: Status) -> dict[str, Any]:
    query = (
        select(executions.c.status, executions.c.kind, workflows.c.name)
        .join(workflows, workflows.c.id == executions.c.workflow_id)
        .where(executions.c.id == execution_id)
        .with_for_update(of=executions)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        raise NotOnRecord(f"no execution {execution_id} is on record")
    advance(Status(found.status), to)
    return {"execution_id": execution_id, "workflow": found.name, "kind": found.kind}


def _record(
    connection: Connection, recorder: events.RecorderInfo, event: events.AnyEvent, now: int
) -> None:
    batch = events.Batch(version=events.WIRE_VERSION, recorder=recorder, events=[event])
    append(connection, batch, now)
