"""Starting a background job by its type: at once, once, and by an id of the caller's own."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError, NotOnRecord
from everyrun.domain.graph import digest_of, from_plain
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import Capturer
from everyrun.domain.status import TriggerType
from everyrun.store.coming_months import prepare_months
from everyrun.store.database import Database
from everyrun.store.history import read_execution
from everyrun.store.leases import count_unsettled
from everyrun.store.reading.jobs import find_job
from everyrun.store.versions import VersionRecord, find_version
from everyrun.workflows.asking import TooManyExecutions
from everyrun.workflows.inputs import checked_inputs
from everyrun.workflows.job_types import (
    ARGUMENTS,
    JobTypeTaken,
    UnknownJobType,
    graph_of,
    is_job_graph,
)
from everyrun.workflows.launching import INPUT_LIMIT, LaunchRequest, launch_within
from everyrun.workflows.saving import save

LONGEST_JOB_ID = 400


class JobIdTaken(EveryrunError):
    """Another job has this id; give this one an id of its own, or none."""

    status_code = 409


class InvalidJobId(EveryrunError, ValueError):
    """A job's id has 1 to 400 characters, none of them NUL."""

    status_code = 422


class StartedJob(NamedTuple):
    """A job; ``known`` when the same was asked for before."""

    job_id: str
    execution_id: str
    known: bool


def start_job(
    database: Database,
    job_type: str,
    arguments: Mapping[str, Any],
    *,
    types: Mapping[str, str],
    job_id: str | None = None,
    by: str | None = None,
    most: int | None = None,
    clock: Clock | None = None,
) -> StartedJob:
    """Put a job on record that waits for an engine; nothing of it has run when this returns.

    ``types`` are the registered ones; else ``job_type`` is a workflow's name and ``arguments`` its
    inputs. Without ``job_id`` it is ``job_<ms>``, the next one that is free. The same id, type and
    arguments again are the same job.

    Raises :class:`UnknownJobType`, :class:`JobIdTaken`, :class:`InvalidJobId`, ``InvalidInput``,
    ``WorkflowInactive``, :class:`JobTypeTaken`, and ``TooManyExecutions`` while ``most`` wait and
    run.
    """
    now = (clock or SystemClock()).now()
    if job_id is not None and not _may_be_id(job_id):
        raise InvalidJobId
    inputs = dict(arguments)
    if job_type in types:
        _keep_graph(database, job_type, types[job_type], by, now)
        inputs = {ARGUMENTS: inputs}
    prepare_months(database)
    execution_id = new_id()

    def work(connection: Connection) -> StartedJob:
        version = _version(connection, job_type)
        known = None if job_id is None else find_job(connection, job_id)
        if known is not None and job_id is not None:
            _require_same(connection, known, version, inputs)
            return StartedJob(job_id, known, known=True)
        if most is not None and count_unsettled(connection, most) >= most:
            raise TooManyExecutions(f"{most:,} executions wait and run already")
        given = job_id or _free_id(connection, now)
        request = LaunchRequest(
            workflow=job_type,
            input=inputs,
            trigger=TriggerType.API.value,
            by=by,
            external_id=given,
            tags=["job"],
        )
        launch_within(connection, request, now, execution_id=execution_id)
        return StartedJob(given, execution_id, known=False)

    return database.transact(work)


def _may_be_id(text: str) -> bool:
    return bool(text.strip()) and len(text) <= LONGEST_JOB_ID and "\0" not in text


def _version(connection: Connection, job_type: str) -> VersionRecord:
    try:
        return find_version(connection, job_type)
    except NotOnRecord as error:
        raise UnknownJobType(f"there is no job type {job_type!r}: {error}") from None


def _keep_graph(database: Database, name: str, function: str, by: str | None, now: int) -> None:
    """Have a registered type's graph on record, as it is registered now."""
    definition = graph_of(name, function)
    with database.reading() as connection:
        try:
            newest = find_version(connection, name)
        except NotOnRecord:
            newest = None
    if newest is not None and not is_job_graph(newest.definition):
        raise JobTypeTaken(f"{name!r} is a workflow of its own, and cannot be a job type as well")
    if newest is None or newest.digest != digest_of(definition):
        save(database, definition, by, now)


def _require_same(
    connection: Connection, execution_id: str, version: VersionRecord, inputs: dict[str, Any]
) -> None:
    """Raise :class:`JobIdTaken` unless the job of that id is this one."""
    execution = read_execution(connection, execution_id)
    asked = checked_inputs(from_plain(version.definition), inputs)
    same = Capturer(INPUT_LIMIT).plain(asked) == execution.input
    if execution.workflow_id != version.workflow_id or not same:
        raise JobIdTaken


def _free_id(connection: Connection, now: int) -> str:
    milliseconds = now // 1_000
    while find_job(connection, f"job_{milliseconds}") is not None:
        milliseconds += 1
    return f"job_{milliseconds}"
