"""The workflow that a path names, and all that is told of one.

A path names a workflow by its name among those of its ``kind`` (graphs where none is given), or by
its id or number. Slashes in names are sent as ``%2F``.
"""

from typing import Annotated

from fastapi import Query

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.status import WorkflowKind
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.domain.views.workflows import WorkflowDetail
from everyrun.server.shaping.workflows import Form, workflow_detail
from everyrun.server.visit import Visit
from everyrun.store.connections import Connection
from everyrun.store.reading.executions import list_executions
from everyrun.store.reading.workflows import MOST_RECENT_HOURS, RECENT_HOURS, recent_executions
from everyrun.store.versions import find_version
from everyrun.store.workflows import find_workflow

GRAPH = WorkflowKind.GRAPH
Kind = Annotated[WorkflowKind, Query(description="Which sort of workflow the name is of.")]
RecentHours = Annotated[
    int,
    Query(ge=1, le=MOST_RECENT_HOURS, description="So many hours back `recent` counts."),
]


def detail_of(
    connection: Connection,
    visit: Visit,
    target: str,
    kind: WorkflowKind,
    form: Form = Form.FILE,
    runs: int = 5,
    recent_hours: int = RECENT_HOURS,
) -> WorkflowDetail:
    """A workflow with its newest definition and what it ran. Raises :class:`NotOnRecord`."""
    record = find_workflow(connection, target, kind)
    version = None
    if record.version is not None and not record.deleted:
        version = find_version(connection, record.name)
    recent = recent_executions(connection, [record.id], visit.now, recent_hours)
    of_it = ExecutionFilters(workflow=record.name, kind=record.kind)
    last = list_executions(connection, of_it, limit=runs).items if runs else []
    return workflow_detail(record, version, recent[record.id], last, form)


def require_there(deleted: bool, name: str) -> None:
    """Raise :class:`NotOnRecord` of a workflow that was deleted."""
    if deleted:
        raise NotOnRecord(f"workflow {name!r} is deleted; saving it again brings it back")
