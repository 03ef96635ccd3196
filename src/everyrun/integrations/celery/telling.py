"""What a canvas's members and their fates are on record: facts of Celery's as our events."""

from collections.abc import Iterable
from typing import Any

from everyrun.domain.events import (
    ExecutionCreated,
    ExecutionFinished,
    NodeCreated,
    NodeFinished,
    NodeRetrying,
)
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status, TriggerType, WorkflowKind
from everyrun.integrations.celery.belonging import Belonging, node_id_of
from everyrun.integrations.celery.naming import Names
from everyrun.integrations.celery.shapes import Follow, Member, rest_of
from everyrun.tracking import recording
from everyrun.tracking.describing import external_id_on_record, usual_metadata
from everyrun.tracking.places import Place

KIND = WorkflowKind.CELERY.value
NODE_TYPE = "celery"
"""``node_type`` of a Celery task."""

BODY_OF = "body_of"
HEADER_IS_UNSEEN = "header_unseen"
"""Of a body: some that it waits for are left out of the record, so nobody can tell its time."""

MOST_ATTEMPTS = 32_767


def attempt_of(retries: object, again: int = 0) -> int:
    """The number of an attempt, from 1, that a message with this many retries asks for.

    ``again`` are the tries that Celery does not count: see ``delivering``.
    """
    known = retries if isinstance(retries, int) and retries > 0 else 0
    return min(known + again + 1, MOST_ATTEMPTS)


def place_in_canvas(
    own: str,
    *,
    parent: str | None = None,
    root: str | None = None,
    group: str | None = None,
    index: int | None = None,
    chord: str | None = None,
    task_id: str | None = None,
    body_of: str | None = None,
    eta: str | None = None,
) -> dict[str, Any] | None:
    """Where the task of the id ``own`` stands among the others, by Celery's own ids.

    What is not known is left out. Of retried and replaced tasks Celery says that they are their own
    parents. ``body_of`` is the ``chord_id`` of those that a body waited for: told once it was sent,
    for until then nobody but the result backend knows whether it will be. ``eta``: when it is to
    begin, in ISO 8601, for it may lie where nobody sees it until then.
    """
    said = {
        "parent_id": None if parent == own else parent,
        "root_id": root,
        "group_id": group,
        "group_index": index,
        "chord_id": chord,
        "task_id": task_id,
        BODY_OF: body_of,
        "eta": eta,
    }
    return {key: value for key, value in said.items() if value is not None} or None


def tell_canvas(belonging: Belonging, outcome: str, outer: Place | None, *, eager: bool) -> None:
    """A canvas was sent; ``outcome`` is the id of the result that its sender holds."""
    recorder = recording.current()
    recorder.record(
        ExecutionCreated(
            execution_id=belonging.execution_id,
            workflow=belonging.workflow,
            kind=KIND,
            at=recorder.clock.now(),
            detached=not eager,
            trigger=(TriggerType.MANUAL if outer is None else TriggerType.PARENT).value,
            external_id=external_id_on_record(outcome),
            parent_execution_id=None if outer is None else outer.execution.id,
            parent_node_execution_id=None if outer is None else outer.node_execution_id,
            metadata=usual_metadata(),
        )
    )


def tell_member(
    belonging: Belonging,
    node_id: str,
    name: str,
    metadata: dict[str, Any] | None,
    given: Any,
    order: int | None = None,
) -> None:
    """A task was sent, with the plain value ``given`` as its input, and waits.

    ``order`` is its place among what was planned with it, from 1.
    """
    recorder = recording.current()
    recorder.record(
        NodeCreated(
            execution_id=belonging.execution_id,
            workflow=belonging.workflow,
            kind=KIND,
            at=recorder.clock.now(),
            node=name,
            node_execution_id=node_id,
            node_type=NODE_TYPE,
            order=order,
            input=given,
            metadata=metadata,
        )
    )


def tell_rest(
    belonging: Belonging, members: Iterable[Member], root: str | None, names: Names
) -> None:
    """Members that will be sent later wait already, each in its place."""
    for order, member in enumerate(members, start=2):
        name = names.of(member.name)
        if name is not None:
            node_id = _node_of(belonging, member)
            place = place_in_canvas(
                member.id,
                parent=member.parent,
                root=root,
                group=member.group,
                index=member.position,
                chord=member.chord,
                task_id=None if node_id == member.id else member.id,
            )
            tell_member(belonging, node_id, name, place, None, order)


def given_to(args: Any, kwargs: Any) -> Any:
    """A task's arguments as a plain value."""
    given: dict[str, Any] = {}
    if args:
        given["args"] = list(args)
    if kwargs:
        given["kwargs"] = kwargs
    return recording.current().capturer.plain(given) if given else None


def tell_end(
    belonging: Belonging,
    node_id: str,
    name: str,
    attempt: int,
    status: Status,
    error: CapturedError | None,
) -> None:
    """A task settled, as somebody else than its own process saw it."""
    recorder = recording.current()
    event = NodeFinished(
        execution_id=belonging.execution_id,
        workflow=belonging.workflow,
        kind=KIND,
        at=recorder.clock.now(),
        node=name,
        node_execution_id=node_id,
        node_type=NODE_TYPE,
        attempt=attempt,
        status=status,
    )
    _explain(event, error)
    recorder.record(event)


def tell_retry(
    belonging: Belonging, node_id: str, name: str, attempt: int, error: CapturedError | None
) -> None:
    """An attempt failed and another follows, as somebody else than its own process saw it."""
    recorder = recording.current()
    event = NodeRetrying(
        execution_id=belonging.execution_id,
        workflow=belonging.workflow,
        kind=KIND,
        at=recorder.clock.now(),
        node=name,
        node_execution_id=node_id,
        node_type=NODE_TYPE,
        attempt=attempt,
    )
    _explain(event, error)
    recorder.record(event)


def tell_failure(belonging: Belonging, name: str, error: CapturedError) -> None:
    """The first failure is the canvas's (R4.7); of several the ledger keeps the earliest."""
    recorder = recording.current()
    recorder.record(
        ExecutionFinished(
            execution_id=belonging.execution_id,
            workflow=belonging.workflow,
            kind=KIND,
            at=recorder.clock.now(),
            status=Status.FAILED,
            error_type=error.type or None,
            error_message=f"Task {name} failed: {error.message}".rstrip(": "),
        )
    )


def skip_rest(belonging: Belonging, follow: Follow, reason: str, names: Names) -> None:
    """What comes after a task that did not succeed is never sent."""
    error = CapturedError("", reason, "")
    for member in rest_of(follow):
        name = names.of(member.name)
        if name is not None:
            tell_end(belonging, _node_of(belonging, member), name, 1, Status.SKIPPED, error)


def _node_of(belonging: Belonging, member: Member) -> str:
    return belonging.node_of(member.id, member.name) or node_id_of(member.id)


def _explain(event: NodeFinished | NodeRetrying, error: CapturedError | None) -> None:
    if error is not None:
        event.error_type = error.type or None
        event.error_message = error.message
        event.error_traceback = error.traceback or None
