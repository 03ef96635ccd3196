"""Asking for an execution of a graph: its version, its inputs, and what runs already."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError
from everyrun.domain.graph import Overlap, WorkflowDefinition, from_plain
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import Capturer
from everyrun.domain.status import Status, TriggerType, WorkflowKind
from everyrun.domain.version import VERSION
from everyrun.store import leases, requests
from everyrun.store.append import append
from everyrun.store.database import Database
from everyrun.store.partitions import ensure_months, missing_months
from everyrun.store.versions import VersionRecord, find_version, is_active
from everyrun.workflows.inputs import checked_inputs

INPUT_LIMIT = 4 << 20
"""Bytes of an execution's inputs that are kept whole on record."""


class WorkflowInactive(EveryrunError):
    """This workflow is switched off; `everyrun workflow enable` switches it on."""

    status_code = 409


class ExecutionAlreadyRunning(EveryrunError):
    """This workflow runs already, and its overlap policy lets no second one start."""

    status_code = 409

    def __init__(self, message: str | None = None, execution_id: str | None = None) -> None:
        super().__init__(message)
        self.execution_id = execution_id

    def members(self) -> dict[str, Any]:
        """The execution that was put on record as skipped."""
        return {} if self.execution_id is None else {"execution_id": self.execution_id}


class Owner(NamedTuple):
    """The engine that takes an execution as soon as it is made.

    Where many processes are one owner, whoever asked has ``head_start`` seconds before another
    begins it: to hear of signals first, and to be the only one who does.
    """

    id: str
    host: str
    lease_seconds: float
    head_start: float = 0.0


@dataclass(frozen=True, kw_only=True)
class LaunchRequest:
    """What is to be run, and on whose behalf. ``version`` None is the newest."""

    workflow: str
    version: int | None = None
    input: Mapping[str, Any] = field(default_factory=dict)
    trigger: str = TriggerType.MANUAL.value
    by: str | None = None
    tags: Iterable[str] = ()
    priority: int | None = None
    external_id: str | None = None
    batch_id: str | None = None
    parent_execution_id: str | None = None
    parent_node_execution_id: str | None = None
    origin_execution_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    inactive_too: bool = False
    execution_id: str | None = None
    available_at: int | None = None


class Launched(NamedTuple):
    """An execution that was made: ``pending``, or ``skipped`` with the ``reason``.

    ``owned`` when the engine that asked holds it. ``inputs`` are whole, as the record may not be.
    """

    execution_id: str
    status: Status
    reason: str | None
    owned: bool
    inputs: dict[str, Any]
    version: VersionRecord


def launch(
    database: Database,
    request: LaunchRequest,
    *,
    clock: Clock | None = None,
    owner: Owner | None = None,
) -> Launched:
    """Make an execution, in a transaction of its own.

    Raises :class:`~everyrun.domain.errors.NotOnRecord`, :class:`WorkflowInactive` and
    :class:`~everyrun.workflows.inputs.InvalidInput`.
    """
    now = (clock or SystemClock()).now()
    execution_id = request.execution_id or new_id()
    make_room(database, execution_id)
    return database.transact(
        lambda connection: launch_within(
            connection, request, now, owner=owner, execution_id=execution_id
        )
    )


def make_room(database: Database, execution_id: str) -> None:
    """Make sure of the partition that an execution will lie in, before its transaction."""
    if database.dialect != "postgresql":
        return
    months = missing_months([execution_id], database.known_months)
    if months:
        database.transact(lambda connection: ensure_months(connection, months))
        database.known_months |= months


def launch_within(
    connection: Connection,
    request: LaunchRequest,
    now: int,
    *,
    owner: Owner | None = None,
    execution_id: str | None = None,
) -> Launched:
    """:func:`launch` inside the caller's writing transaction.

    The month's partition must be there (``store.partitions``).
    """
    version = find_version(connection, request.workflow, request.version)
    if not request.inactive_too and not is_active(connection, version.workflow_id):
        raise WorkflowInactive(f"workflow {request.workflow!r} is switched off")
    definition = from_plain(version.definition)
    inputs = checked_inputs(definition, request.input)
    id_ = execution_id or request.execution_id or new_id()
    leases.lock_workflow(connection, version.workflow_id)
    others = leases.held_or_waiting(connection, version.workflow_id)
    told = [created(id_, request, version, definition, inputs, now)]
    overlap = Overlap.ALLOW if request.parent_execution_id else definition.policy.overlap
    if others and overlap is Overlap.SKIP:
        reason = f"execution {others[0].execution_id} still runs or waits (overlap: skip)"
        told.append(skipped(id_, request.workflow, reason, now))
        put_on_record(connection, told, now)
        return Launched(id_, Status.SKIPPED, reason, False, inputs, version)
    if overlap is Overlap.CANCEL:
        for other in others:
            data = {"reason": f"execution {id_} takes its place (overlap: cancel)"}
            requests.ask(
                connection, other.execution_id, "cancel", data=data, by=request.by, now=now
            )
    put_on_record(connection, told, now)
    at_most = 1 if overlap in (Overlap.QUEUE, Overlap.CANCEL) else definition.policy.max_executions
    held = sum(1 for other in others if other.owner is not None)
    waits = at_most is not None and (held >= at_most or len(others) > held)
    taken = None if waits else owner
    priority = definition.policy.priority if request.priority is None else request.priority
    head_start = 0.0 if taken is None else taken.head_start
    leases.enqueue(
        connection,
        id_,
        version.workflow_id,
        batch_id=request.batch_id,
        priority=priority,
        available_at=request.available_at or now + round(head_start * 1e6),
        at_most=at_most,
        owner=None if taken is None else taken.id,
        host=None if taken is None else taken.host,
        expires_at=None if taken is None else now + int(taken.lease_seconds * 1e6),
    )
    waiting = f"waits for {len(others)} of the same workflow" if waits else None
    return Launched(id_, Status.PENDING, waiting, taken is not None, inputs, version)


def left_out(
    request: LaunchRequest, reason: str, now: int, execution_id: str
) -> list[events.AnyEvent]:
    """What puts an execution on record that should have been and was not, with the reason."""
    asked = events.ExecutionCreated(
        execution_id=execution_id,
        workflow=request.workflow,
        kind=WorkflowKind.GRAPH.value,
        at=now,
        trigger=request.trigger,
        batch_id=request.batch_id,
        metadata=dict(request.metadata) or None,
        detached=True,
    )
    return [asked, skipped(execution_id, request.workflow, reason, now)]


def created(
    execution_id: str,
    request: LaunchRequest,
    version: VersionRecord,
    definition: WorkflowDefinition,
    inputs: dict[str, Any],
    now: int,
) -> events.AnyEvent:
    """The fact that an execution was asked for, and waits."""
    metadata = dict(request.metadata)
    if request.by is not None:
        metadata["triggered_by"] = request.by
    return events.ExecutionCreated(
        execution_id=execution_id,
        workflow=request.workflow,
        kind=WorkflowKind.GRAPH.value,
        at=now,
        trigger=request.trigger,
        input=Capturer(INPUT_LIMIT).plain(inputs),
        external_id=request.external_id,
        parent_execution_id=request.parent_execution_id,
        parent_node_execution_id=request.parent_node_execution_id,
        origin_execution_id=request.origin_execution_id,
        batch_id=request.batch_id,
        workflow_version_id=version.id,
        tags=sorted({*definition.tags, *request.tags}),
        metadata=metadata or None,
        nodes_total=len(definition.nodes),
        detached=True,
    )


def skipped(execution_id: str, workflow: str, reason: str, now: int) -> events.AnyEvent:
    """The fact that an execution will not be run, with the reason."""
    return events.ExecutionFinished(
        execution_id=execution_id,
        workflow=workflow,
        kind=WorkflowKind.GRAPH.value,
        at=now,
        status=Status.SKIPPED,
        error_message=reason,
    )


def put_on_record(connection: Connection, told: Sequence[events.AnyEvent], now: int) -> None:
    """Append facts that no engine recorded, as this process's own."""
    append(
        connection,
        events.Batch(version=events.WIRE_VERSION, recorder=own_info(now), events=list(told)),
        now,
    )


_own_id = new_id()


def own_info(now: int) -> events.RecorderInfo:
    """Who records the decisions that no engine makes: this process."""
    return events.RecorderInfo(
        id=_own_id,
        host=os.uname().nodename,
        pid=os.getpid(),
        started_at=now,
        program="everyrun",
        everyrun_version=VERSION,
    )
