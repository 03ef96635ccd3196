"""Results as events: what the ledger would have been told, as far as a result says it."""

from typing import Any

from everyrun.domain.events import AnyEvent, ExecutionCreated, NodeCreated, NodeFinished
from everyrun.domain.payloads import Capturer
from everyrun.domain.status import Status, TriggerType
from everyrun.integrations.celery.belonging import node_id_of
from everyrun.integrations.celery.history.families import UNNAMED, Family
from everyrun.integrations.celery.history.results import Result
from everyrun.integrations.celery.statuses import FROM_CELERY
from everyrun.integrations.celery.telling import KIND, NODE_TYPE, attempt_of
from everyrun.tracking.describing import external_id_on_record, name_on_record

IMPORTED = "imported"
"""The tag of executions that were made from results."""


def execution_of(family: Family, execution_id: str, workflow: str, place: str) -> ExecutionCreated:
    """The execution of a family; ``place`` is the backend that it comes from.

    It is found by the id of the task that ended last: in a chain, the one that its sender holds.
    """
    return ExecutionCreated(
        execution_id=execution_id,
        workflow=workflow,
        kind=KIND,
        at=family.members[0].done_at,
        detached=True,
        trigger=TriggerType.MANUAL.value,
        external_id=external_id_on_record(family.members[-1].task_id),
        tags=[IMPORTED],
        metadata={"imported_from": place},
    )


def events_of(
    result: Result, execution_id: str, workflow: str, capturer: Capturer
) -> list[AnyEvent]:
    """A task that has ended: what it was given, where that is known, and how it ended."""
    assert result.done_at is not None
    of: dict[str, Any] = {
        "execution_id": execution_id,
        "workflow": workflow,
        "kind": KIND,
        "at": result.done_at,
        "node": name_on_record(result.name or UNNAMED),
        "node_execution_id": node_id_of(result.task_id),
        "node_type": NODE_TYPE,
        "attempt": attempt_of(result.retries),
    }
    return [
        NodeCreated(**of, input=_given(result, capturer), metadata=_metadata(result)),
        NodeFinished(**of, status=FROM_CELERY[result.state], **_outcome(result, capturer)),
    ]


def _given(result: Result, capturer: Capturer) -> Any:
    given = {"args": result.args, "kwargs": result.kwargs}
    known = {name: value for name, value in given.items() if value}
    return capturer.plain(known) if known else None


def _metadata(result: Result) -> dict[str, Any] | None:
    said = {"worker": result.worker}
    if node_id_of(result.task_id) != result.task_id:
        said["task_id"] = result.task_id
    return {name: value for name, value in said.items() if value is not None} or None


def _outcome(result: Result, capturer: Capturer) -> dict[str, Any]:
    if FROM_CELERY[result.state] is Status.COMPLETED:
        return {"output": capturer.plain(result.value)}
    error = result.value
    if not isinstance(error, BaseException):
        return {"error_message": capturer.text(str(error)) if error else result.state.lower()}
    kept = capturer.error(error)
    return {
        "error_type": kept.type or None,
        "error_message": kept.message,
        "error_traceback": capturer.text(result.traceback) if result.traceback else None,
    }
