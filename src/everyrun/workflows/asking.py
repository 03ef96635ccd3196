"""Starting executions for those who ask from elsewhere: not too many, and each once."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection

from everyrun.domain.errors import EveryrunError
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status, WorkflowKind
from everyrun.domain.views.controlling import Started
from everyrun.store.database import Database
from everyrun.store.idempotency import Keyed, answered_before, keep_answer
from everyrun.store.leases import count_unsettled
from everyrun.store.reading.external_ids import owners_of
from everyrun.workflows.launching import (
    ExecutionAlreadyRunning,
    Launched,
    LaunchRequest,
    launch_within,
    make_room,
)

Launch = Callable[[Connection, str], Launched]
"""Makes the execution of this id, in a writing transaction."""


class TooManyExecutions(EveryrunError):
    """So many executions wait and run already that no further one is started; try again later."""

    status_code = 429
    retry_after = 5.0


class ExternalIdTaken(EveryrunError):
    """Another execution has this external id; ids of one kind of workflow are unique."""

    status_code = 409

    def __init__(self, external_id: str, execution_id: str) -> None:
        super().__init__(f"execution {execution_id} has the external id {external_id!r} already")
        self.execution_id = execution_id

    def members(self) -> dict[str, Any]:
        """The execution that has it."""
        return {"execution_id": self.execution_id}


class _Answer(NamedTuple):
    """What is kept of a start, to be told again."""

    id: str
    workflow: str
    version: int
    status: str
    reason: str | None


def start(
    database: Database,
    request: LaunchRequest,
    now: int,
    *,
    most: int | None = None,
    keyed: Keyed | None = None,
) -> Started:
    """Make an execution that waits for an engine.

    While ``most`` wait and run, no further one is made (when several ask at once, a few more may
    be). With ``keyed`` a repeat is told what the first was.

    Raises :class:`TooManyExecutions`, :class:`ExternalIdTaken`, ``KeyReused``, what
    :func:`~everyrun.workflows.launching.launch` raises, and :class:`ExecutionAlreadyRunning` when
    the workflow's overlap policy has it skipped.
    """

    def launch(connection: Connection, execution_id: str) -> Launched:
        _check_external_id(connection, request.external_id)
        return launch_within(connection, request, now, execution_id=execution_id)

    return start_by(database, launch, now, most=most, keyed=keyed)


def start_by(
    database: Database,
    launch: Launch,
    now: int,
    *,
    most: int | None = None,
    keyed: Keyed | None = None,
) -> Started:
    """:func:`start` by whatever makes the execution."""
    execution_id = new_id()
    make_room(database, execution_id)

    def work(connection: Connection) -> _Answer:
        before = None if keyed is None else answered_before(connection, keyed, now)
        if before is not None:
            return _Answer(**before)
        if most is not None and count_unsettled(connection, most) >= most:
            raise TooManyExecutions(f"{most:,} executions wait and run already")
        launched = launch(connection, execution_id)
        told = _Answer(
            launched.execution_id,
            launched.version.workflow,
            launched.version.version,
            launched.status.value,
            launched.reason,
        )
        if keyed is not None:
            keep_answer(connection, keyed, 202, told._asdict())
        return told

    told = database.transact(work)
    if told.status == Status.SKIPPED:
        # It is on record as skipped, with the reason; whoever asked has nothing to wait for.
        raise ExecutionAlreadyRunning(told.reason, told.id)
    return Started(**told._asdict())


def _check_external_id(connection: Connection, external_id: str | None) -> None:
    if external_id is None:
        return
    owners = owners_of(connection, external_id, WorkflowKind.GRAPH.value)
    if owners:
        raise ExternalIdTaken(external_id, owners[0])
