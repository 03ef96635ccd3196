"""Workflows made, and graphs saved as new versions."""

from typing import Annotated

from fastapi import Query

from everyrun.domain.errors import InvalidQuery, NotOnRecord, StaleVersion
from everyrun.domain.roles import Role
from everyrun.domain.views.workflows import NewWorkflowRequest, SavedWorkflow, WorkflowDetail
from everyrun.scheduler.scheduling import switch_within
from everyrun.server.definitions import TAKEN, definition_of, expected_version, judged, version_tag
from everyrun.server.named_workflows import GRAPH, detail_of
from everyrun.server.routing import Routes
from everyrun.server.shaping.workflows import saved_workflow
from everyrun.server.visit import Visit
from everyrun.store.connections import Connection
from everyrun.store.workflows import WorkflowExists, create_workflow, find_workflow, is_there
from everyrun.workflows.checking import check_value
from everyrun.workflows.naming import InvalidName, checked_name
from everyrun.workflows.problems import InvalidDefinition
from everyrun.workflows.saving import save_within

routes = Routes("/api/v1/workflows", tag="workflows")

ExpectedVersion = Annotated[
    int | None,
    Query(
        alias="expected_version",
        ge=0,
        le=999_999_999,
        description="The version that was changed; 0: there is none yet.",
    ),
]


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
    if (body.kind == GRAPH) != (body.definition is not None):
        raise InvalidQuery("a graph, and nothing else, is made by a definition")
    make = _create_plain if body.definition is None else _create_graph
    id_ = make(visit, body)
    with visit.reading() as connection:
        return detail_of(connection, visit, id_, body.kind)


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
