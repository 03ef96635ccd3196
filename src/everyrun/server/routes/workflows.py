"""Workflows: what runs by name, looked at and deleted.

A path names a workflow by its name among those of its ``kind`` (graphs where none is given), or by
its id or number. Slashes in names are sent as ``%2F``.
"""

from typing import Annotated

from fastapi import Query

from everyrun.domain.errors import InvalidCursor, InvalidQuery, NotOnRecord
from everyrun.domain.roles import Role
from everyrun.domain.status import WorkflowKind
from everyrun.domain.views.workflows import WorkflowDetail, WorkflowPage
from everyrun.server.named_workflows import GRAPH, Kind, RecentHours, detail_of
from everyrun.server.routing import Routes
from everyrun.server.shaping.workflows import Form
from everyrun.server.visit import Visit
from everyrun.store.connections import Connection
from everyrun.store.reading.workflows import RECENT_HOURS, WorkflowFilters, read_workflows
from everyrun.store.versions import delete_workflow
from everyrun.store.workflows import find_workflow

routes = Routes("/api/v1/workflows", tag="workflows")

Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]


@routes.get(
    "", role=Role.VIEWER, answers=WorkflowPage, polled=True, raises=(InvalidCursor, InvalidQuery)
)
def workflows(
    visit: Visit,
    kind: WorkflowKind | None = None,
    active: bool | None = None,
    text: Annotated[str | None, Query(description="Any part of the name.")] = None,
    deleted: Annotated[bool, Query(description="Deleted ones, too.")] = False,
    recent_hours: RecentHours = RECENT_HOURS,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> WorkflowPage:
    """Workflows of every kind in execution order, each with its last run and its recent ones."""
    filters = WorkflowFilters(
        kind=None if kind is None else kind.value, active=active, text=text, deleted=deleted
    )
    with visit.reading() as connection:
        return read_workflows(
            connection,
            filters,
            now=visit.now,
            recent_hours=recent_hours,
            limit=limit,
            cursor=cursor,
        )


@routes.get("/{name}", role=Role.VIEWER, answers=WorkflowDetail, polled=True, raises=(NotOnRecord,))
def one_workflow(
    visit: Visit,
    name: str,
    kind: Kind = GRAPH,
    form: Form = Form.FILE,
    runs: Annotated[int, Query(ge=0, le=100, description="So many of its last runs.")] = 5,
    recent_hours: RecentHours = RECENT_HOURS,
) -> WorkflowDetail:
    """One workflow: its newest definition, its last runs and its recent ones.

    ``form`` is how the definition is answered: as in a file, which can be saved again, or
    canonical, with everything spelled out.
    """
    with visit.reading() as connection:
        return detail_of(connection, visit, name, kind, form, runs, recent_hours)


@routes.delete(
    "/{name}",
    role=Role.OPERATOR,
    answers=None,
    status=204,
    audit="workflow.delete",
    raises=(NotOnRecord,),
)
def delete_one_workflow(visit: Visit, name: str, kind: Kind = GRAPH) -> None:
    """Delete a workflow. Its history and its statistics stay; saving it again brings it back."""

    def work(connection: Connection) -> None:
        record = find_workflow(connection, name, kind)
        delete_workflow(connection, record.name, visit.now, kind=record.kind)

    visit.database.transact(work)
