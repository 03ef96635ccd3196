"""Workflows switched, described, ordered and copied."""

from functools import partial

import msgspec

from everyrun.domain.errors import InvalidQuery, NotOnRecord
from everyrun.domain.graph import from_plain
from everyrun.domain.roles import Role
from everyrun.domain.status import WorkflowKind
from everyrun.domain.views.workflows import (
    DuplicatedWorkflow,
    DuplicateRequest,
    WorkflowChange,
    WorkflowDetail,
    WorkflowOrder,
    WorkflowOrderRequest,
)
from everyrun.scheduler.scheduling import switch_within
from everyrun.server.named_workflows import GRAPH, Kind, detail_of, require_there
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.connections import Connection
from everyrun.store.versions import find_version, list_workflows, move_workflow, set_order
from everyrun.store.workflows import WorkflowExists, describe_workflow, find_workflow
from everyrun.workflows.duplicating import duplicate
from everyrun.workflows.naming import InvalidName, checked_name
from everyrun.workflows.saving import save_within

routes = Routes("/api/v1/workflows", tag="workflows")


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
        require_there(record.deleted, name)
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
        return detail_of(connection, visit, id_, kind)


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
        require_there(record.deleted, name)
        switch_within(connection, record.name, visit.now, active=active, kind=record.kind)
        return record.id

    id_ = visit.database.transact(work)
    with visit.reading() as connection:
        return detail_of(connection, visit, id_, kind)


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
        require_there(original.deleted, name)
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
