"""Workflows: what runs by name.

A path names a workflow by its name among those of its ``kind`` (graphs where none is given), or by
its id or number. Slashes in names are sent as ``%2F``.
"""

from functools import partial
from typing import Annotated

import msgspec
from fastapi import Query

from everyrun.domain.errors import InvalidCursor, InvalidQuery, NotOnRecord, StaleVersion
from everyrun.domain.graph import from_plain
from everyrun.domain.roles import Role
from everyrun.domain.status import WorkflowKind
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.domain.views.workflows import (
    DuplicatedWorkflow,
    DuplicateRequest,
    NewWorkflowRequest,
    SavedWorkflow,
    WorkflowChange,
    WorkflowDetail,
    WorkflowOrder,
    WorkflowOrderRequest,
    WorkflowPage,
)
from everyrun.scheduler.scheduling import switch_within
from everyrun.server.definitions import TAKEN, definition_of, expected_version, judged, version_tag
from everyrun.server.routing import Routes
from everyrun.server.shaping.workflows import Form, saved_workflow, workflow_detail
from everyrun.server.visit import Visit
from everyrun.store.connections import Connection
from everyrun.store.reading.executions import list_executions
from everyrun.store.reading.workflows import (
    MOST_RECENT_HOURS,
    RECENT_HOURS,
    WorkflowFilters,
    read_workflows,
    recent_executions,
)
from everyrun.store.versions import (
    delete_workflow,
    find_version,
    list_workflows,
    move_workflow,
    set_order,
)
from everyrun.store.workflows import (
    WorkflowExists,
    create_workflow,
    describe_workflow,
    find_workflow,
    is_there,
)
from everyrun.workflows.checking import check_value
from everyrun.workflows.duplicating import duplicate
from everyrun.workflows.naming import InvalidName, checked_name
from everyrun.workflows.problems import InvalidDefinition
from everyrun.workflows.saving import save_within

routes = Routes("/api/v1/workflows", tag="workflows")

GRAPH = WorkflowKind.GRAPH
Kind = Annotated[WorkflowKind, Query(description="Which sort of workflow the name is of.")]
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]
RecentHours = Annotated[
    int,
    Query(ge=1, le=MOST_RECENT_HOURS, description="So many hours back `recent` counts."),
]
ExpectedVersion = Annotated[
    int | None,
    Query(
        alias="expected_version",
        ge=0,
        le=999_999_999,
        description="The version that was changed; 0: there is none yet.",
    ),
]


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


@routes.post(
    "",
    role=Role.OPERATOR,
    body=NewWorkflowRequest,
    answers=WorkflowDetail,
    status=201,
    audit="workflow.create",
    raises=(WorkflowExists, InvalidDefinition, InvalidName, InvalidQuery),
)
def create_one_workflow(visit: Visit, body: NewWorkflowRequest) -> WorkflowDetail:
    """Make a workflow: a graph by its definition, a script or a job by its name.

    A deleted one of this name comes back, with its history.
    """
    known = {each.value for each in WorkflowKind}
    if body.kind not in known:
        raise InvalidQuery(f"kind: {body.kind!r} is none of {', '.join(sorted(known))}")
    if (body.kind == GRAPH) != (body.definition is not None):
        raise InvalidQuery("a graph, and nothing else, is made by a definition")
    make = _create_plain if body.definition is None else _create_graph
    id_ = make(visit, body)
    with visit.reading() as connection:
        return _detail(connection, visit, id_, WorkflowKind(body.kind))


def _create_plain(visit: Visit, body: NewWorkflowRequest) -> str:
    name = checked_name(body.name or "")
    return visit.database.transact(
        lambda connection: create_workflow(
            connection,
            name,
            body.kind,
            visit.now,
            description=body.description,
            active=body.active,
        )
    )


def _create_graph(visit: Visit, body: NewWorkflowRequest) -> str:
    written = dict(body.definition or {})
    for name, given in (("workflow", body.name), ("description", body.description)):
        if given is not None and written.setdefault(name, given) != given:
            raise InvalidQuery(f"the definition's {name} is another than the one beside it")
    definition = definition_of(check_value(written))
    exists = f"there is a graph {checked_name(definition.workflow)!r} already"

    def work(connection: Connection) -> str:
        if is_there(connection, definition.workflow, GRAPH):
            raise WorkflowExists(exists)
        comes_back = is_there(connection, definition.workflow, GRAPH, deleted=True)
        expected = None if comes_back else 0
        try:
            saved = save_within(connection, definition, visit.by, visit.now, expected)
        except StaleVersion:
            raise WorkflowExists(exists) from None
        switch_within(connection, definition.workflow, visit.now, active=body.active)
        return saved.workflow_id

    return visit.database.transact(work)


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
        return _detail(connection, visit, name, kind, form, runs, recent_hours)


def _detail(
    connection: Connection,
    visit: Visit,
    target: str,
    kind: WorkflowKind,
    form: Form = Form.FILE,
    runs: int = 5,
    recent_hours: int = RECENT_HOURS,
) -> WorkflowDetail:
    record = find_workflow(connection, target, kind)
    version = None
    if record.version is not None and not record.deleted:
        version = find_version(connection, record.name)
    recent = recent_executions(connection, [record.id], visit.now, recent_hours)
    of_it = ExecutionFilters(workflow=record.name, kind=record.kind)
    last = list_executions(connection, of_it, limit=runs).items if runs else []
    return workflow_detail(record, version, recent[record.id], last, form)


@routes.put(
    "/{name}",
    role=Role.OPERATOR,
    body=bytes,
    takes=TAKEN,
    answers=SavedWorkflow,
    audit="workflow.save",
    raises=(InvalidDefinition, InvalidName, StaleVersion, InvalidQuery),
)
def save_workflow(
    visit: Visit, name: str, body: bytes, version: ExpectedVersion = None
) -> SavedWorkflow:
    """Make a definition the newest version of a graph, unless it is that already.

    The body has the form of a workflow file: JSON or YAML, by its Content-Type. ``If-Match:
    "v3"`` (or ``expected_version=3``) refuses it with `STALE_VERSION` where somebody saved another
    version since, `If-None-Match: *` where there is any.
    """
    expected = expected_version(visit.request, version)
    definition = definition_of(judged(visit.request, body))
    checked_name(definition.workflow)

    def work(connection: Connection) -> SavedWorkflow:
        _require_name(connection, name, definition.workflow)
        saved = save_within(connection, definition, visit.by, visit.now, expected)
        return saved_workflow(definition.workflow, saved)

    answer = visit.database.transact(work)
    visit.headers["ETag"] = version_tag(answer.version)
    return answer


def _require_name(connection: Connection, target: str, name: str) -> None:
    if target == name:
        return
    try:
        named = find_workflow(connection, target, GRAPH).name
    except NotOnRecord:
        named = target
    if named != name:
        raise InvalidName(f"the definition is of workflow {name!r}, not of {named!r}")


@routes.patch(
    "/{name}",
    role=Role.OPERATOR,
    body=WorkflowChange,
    answers=WorkflowDetail,
    audit="workflow.change",
    raises=(NotOnRecord, InvalidQuery),
)
def change_workflow(
    visit: Visit, name: str, body: WorkflowChange, kind: Kind = GRAPH
) -> WorkflowDetail:
    """Switch a workflow on or off, describe it, or give it another place in the order.

    A graph's description is part of its definition: another one is another version.
    """

    def work(connection: Connection) -> str:
        record = find_workflow(connection, name, kind)
        _require_there(record.deleted, name)
        if body.active is not msgspec.UNSET:
            switch_within(connection, record.name, visit.now, active=body.active, kind=record.kind)
        if body.order is not msgspec.UNSET:
            move_workflow(connection, record.name, body.order, visit.now, kind=record.kind)
        if body.description is not msgspec.UNSET:
            if record.version is None:
                describe_workflow(connection, record.id, body.description, visit.now)
            else:
                definition = from_plain(find_version(connection, record.name).definition)
                described = msgspec.structs.replace(definition, description=body.description)
                save_within(connection, described, visit.by, visit.now)
        return record.id

    id_ = visit.database.transact(work)
    with visit.reading() as connection:
        return _detail(connection, visit, id_, kind)


def _require_there(deleted: bool, name: str) -> None:
    if deleted:
        raise NotOnRecord(f"workflow {name!r} is deleted; saving it again brings it back")


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


@routes.post(
    "/{name}/enable",
    role=Role.OPERATOR,
    answers=WorkflowDetail,
    audit="workflow.enable",
    raises=(NotOnRecord,),
)
def enable_workflow(visit: Visit, name: str, kind: Kind = GRAPH) -> WorkflowDetail:
    """Switch a workflow on: schedules and run-all start it from now on."""
    return _switch(visit, name, kind, active=True)


@routes.post(
    "/{name}/disable",
    role=Role.OPERATOR,
    answers=WorkflowDetail,
    audit="workflow.disable",
    raises=(NotOnRecord,),
)
def disable_workflow(visit: Visit, name: str, kind: Kind = GRAPH) -> WorkflowDetail:
    """Switch a workflow off: nothing starts it any more. What runs goes on."""
    return _switch(visit, name, kind, active=False)


def _switch(visit: Visit, name: str, kind: WorkflowKind, *, active: bool) -> WorkflowDetail:
    def work(connection: Connection) -> str:
        record = find_workflow(connection, name, kind)
        _require_there(record.deleted, name)
        switch_within(connection, record.name, visit.now, active=active, kind=record.kind)
        return record.id

    id_ = visit.database.transact(work)
    with visit.reading() as connection:
        return _detail(connection, visit, id_, kind)


@routes.post(
    "/{name}/duplicate",
    role=Role.OPERATOR,
    body=DuplicateRequest,
    answers=DuplicatedWorkflow,
    status=201,
    audit="workflow.duplicate",
    raises=(NotOnRecord, WorkflowExists, InvalidName),
)
def duplicate_workflow(
    visit: Visit, name: str, body: DuplicateRequest, kind: Kind = GRAPH
) -> DuplicatedWorkflow:
    """Make a workflow like this one: its newest definition under another name.

    History and schedules are not copied; the answer names the schedules.
    """
    copy = checked_name(body.name)

    def work(connection: Connection) -> DuplicatedWorkflow:
        original = find_workflow(connection, name, kind)
        _require_there(original.deleted, name)
        made = duplicate(connection, original, copy, visit.by, visit.now, active=body.active)
        return DuplicatedWorkflow(
            id=made.workflow_id,
            workflow=copy,
            kind=original.kind,
            version=made.version,
            active=made.active,
            schedules_not_copied=made.schedules,
        )

    return visit.database.transact(work)


@routes.post(
    "/order",
    role=Role.OPERATOR,
    body=WorkflowOrderRequest,
    answers=WorkflowOrder,
    audit="workflow.order",
    raises=(NotOnRecord,),
)
def order_workflows(visit: Visit, body: WorkflowOrderRequest) -> WorkflowOrder:
    """Put workflows first in the order in which all are run; the others follow in theirs."""
    visit.database.transact(partial(set_order, names=body.workflows, now=visit.now, kind=body.kind))
    with visit.reading() as connection:
        ordered = list_workflows(connection, kind=body.kind)
    return WorkflowOrder(workflows=[record.name for record in ordered])
