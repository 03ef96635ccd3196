"""Making a batch: all of its executions are on record, waiting, before the first one runs.

So a batch survives whoever runs it, and what was not run can be counted by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError
from everyrun.domain.graph import Overlap, RunPolicy, WorkflowDefinition, from_plain
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import TriggerType
from everyrun.store import batches
from everyrun.store.batches import BatchRecord, count_members, read_batch
from everyrun.store.coming_months import prepare_months
from everyrun.store.database import Database
from everyrun.store.leases import MOST_LEASES, Member, enqueue_members
from everyrun.store.versions import VersionRecord, find_version, list_workflows
from everyrun.workflows.inputs import InvalidInput, checked_inputs
from everyrun.workflows.launching import LaunchRequest, created, left_out, put_on_record

MOST_MEMBERS = MOST_LEASES
_PROBLEMS_NAMED = 10


class InvalidBatch(EveryrunError, ValueError):
    """A batch cannot be like this; nothing of it is on record."""

    status_code = 422


def make_run_all(
    database: Database,
    name: str = "run all",
    *,
    parallel: int = 1,
    by: str | None = None,
    clock: Clock | None = None,
) -> BatchRecord:
    """A batch of every active workflow, in their execution order (R0.13).

    One that needs inputs is a member that is not run, with the reason.
    """

    def asked(connection: Connection) -> list[LaunchRequest]:
        active = list_workflows(connection, active=True, limit=MOST_MEMBERS)
        return [
            LaunchRequest(workflow=workflow.name, trigger=TriggerType.BATCH.value, by=by)
            for workflow in active
            if workflow.version is not None
        ]

    return _make(database, name, asked, parallel, by, clock, strict=False)


def make_over_inputs(
    database: Database,
    workflow: str,
    inputs: Sequence[Mapping[str, Any]],
    name: str | None = None,
    *,
    parallel: int = 1,
    by: str | None = None,
    clock: Clock | None = None,
) -> BatchRecord:
    """A batch of one workflow with these inputs, each its own execution, in their order.

    Raises :class:`InvalidBatch` that names what is wrong with which of them, and ``NotOnRecord``.
    """
    requests = [
        LaunchRequest(workflow=workflow, input=each, trigger=TriggerType.BATCH.value, by=by)
        for each in inputs
    ]
    return make(database, name or workflow, requests, parallel=parallel, by=by, clock=clock)


def make(
    database: Database,
    name: str,
    requests: Sequence[LaunchRequest],
    *,
    parallel: int = 1,
    by: str | None = None,
    clock: Clock | None = None,
) -> BatchRecord:
    """A batch of executions as they are asked for, in this order; nobody runs it yet.

    Raises :class:`InvalidBatch` and ``NotOnRecord``.
    """
    return _make(database, name, lambda _: requests, parallel, by, clock, strict=True)


def make_within(
    connection: Connection,
    name: str,
    requests: Sequence[LaunchRequest],
    now: int,
    *,
    parallel: int = 1,
    by: str | None = None,
    strict: bool = True,
) -> tuple[str, list[str]]:
    """:func:`make` inside the caller's writing transaction; answers the ids of batch and members.

    The month's partition must be there (``store.coming_months``).
    """
    if not 1 <= parallel <= MOST_MEMBERS:
        raise InvalidBatch(f"at least 1 and at most {MOST_MEMBERS} executions run at once")
    if len(requests) > MOST_MEMBERS:
        raise InvalidBatch(f"a batch has {MOST_MEMBERS} executions at most, not {len(requests)}")
    members = _Members(connection, now, strict=strict)
    batch_id = new_id()
    for request in requests:
        members.add(request, batch_id)
    members.require_no_problems()
    batches.make_batch(
        connection,
        batch_id,
        name,
        total=len(requests),
        parallel=parallel,
        by=by,
        now=now,
    )
    if members.told:
        put_on_record(connection, members.told, now)
    enqueue_members(connection, batch_id, members.waiting, now)
    count_members(connection, batch_id)
    return batch_id, members.ids


def _make(
    database: Database,
    name: str,
    asked: Callable[[Connection], Sequence[LaunchRequest]],
    parallel: int,
    by: str | None,
    clock: Clock | None,
    *,
    strict: bool,
) -> BatchRecord:
    now = (clock or SystemClock()).now()
    prepare_months(database)

    def work(connection: Connection) -> BatchRecord:
        id_, _members = make_within(
            connection, name, asked(connection), now, parallel=parallel, by=by, strict=strict
        )
        return read_batch(connection, id_)

    return database.transact(work)


class _Members:
    """The executions of a batch that is being made."""

    def __init__(self, connection: Connection, now: int, *, strict: bool) -> None:
        self.ids: list[str] = []
        self.told: list[events.AnyEvent] = []
        self.waiting: list[Member] = []
        self._connection = connection
        self._now = now
        self._strict = strict
        self._versions: dict[tuple[str, int | None], tuple[VersionRecord, WorkflowDefinition]] = {}
        self._problems: list[str] = []

    def add(self, request: LaunchRequest, batch_id: str) -> None:
        """One more, or a problem more."""
        request = replace(request, batch_id=batch_id)
        version, definition = self._version(request)
        id_ = new_id()
        self.ids.append(id_)
        try:
            inputs = checked_inputs(definition, request.input)
        except InvalidInput as problem:
            self._problems.append(f"{len(self.ids)}: {problem}")
            if not self._strict:
                self.told += left_out(request, f"not run: {problem}", self._now, id_)
            return
        self.told.append(created(id_, request, version, definition, inputs, self._now))
        self.waiting.append(Member(id_, version.workflow_id, at_most(definition.policy)))

    def require_no_problems(self) -> None:
        """Raise what is wrong with those that were added, where that matters."""
        if self._strict and self._problems:
            named = "; ".join(self._problems[:_PROBLEMS_NAMED])
            more = len(self._problems) - _PROBLEMS_NAMED
            raise InvalidBatch(named if more <= 0 else f"{named}; and {more} more")

    def _version(self, request: LaunchRequest) -> tuple[VersionRecord, WorkflowDefinition]:
        key = request.workflow, request.version
        if key not in self._versions:
            version = find_version(self._connection, *key)
            self._versions[key] = version, from_plain(version.definition)
        return self._versions[key]


def at_most(policy: RunPolicy) -> int | None:
    """How many executions of a workflow may run at once, in a batch too."""
    return policy.max_executions if policy.overlap is Overlap.ALLOW else 1
