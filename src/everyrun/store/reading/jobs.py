"""Background jobs by their ids: how one stands, and how far its log goes."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.status import SETTLED, WorkflowKind
from everyrun.store.reading.external_ids import external_ids
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.matching import as_stored
from everyrun.store.reported import executions_named

_ORDER = (
    WorkflowKind.GRAPH,
    WorkflowKind.JOB,
    WorkflowKind.FUNCTION,
    WorkflowKind.SCRIPT,
    WorkflowKind.CELERY,
)
"""Whose a job's id is, when workflows of several kinds use it."""

_e = executions.c


class JobState(NamedTuple):
    """How a job stands. ``lines`` is how many its log has."""

    execution_id: str
    workflow_id: str
    status: str
    lines: int
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    error_message: str | None

    @property
    def is_over(self) -> bool:
        """Whether it has settled."""
        return self.status in SETTLED


def find_job(connection: Connection, job_id: str) -> str | None:
    """The execution of the job of this id: the caller's own, or the ledger's."""
    x = external_ids.c
    query = select(x.workflow_execution_id, x.kind).where(
        x.kind.in_([kind.value for kind in _ORDER]), x.external_id == as_stored(job_id)
    )
    owners = {row.kind: row.workflow_execution_id for row in connection.execute(query)}
    for kind in _ORDER:
        if kind.value in owners:
            found: str = owners[kind.value]
            return found
    return next(iter(executions_named(connection, job_id)), None)


def read_job(connection: Connection, job_id: str) -> JobState:
    """How a job stands. Raises :class:`NotOnRecord`."""
    execution_id = find_job(connection, job_id)
    query = select(
        _e.id,
        _e.workflow_id,
        _e.status,
        _e.log_position,
        _e.created_at,
        _e.updated_at,
        _e.ended_at,
        _e.error_message,
    )
    row = None
    if execution_id is not None:
        row = connection.execute(query.where(_e.id == execution_id)).one_or_none()
    if row is None:
        raise NotOnRecord(f"there is no job {job_id!r}")
    return JobState(*row)
