"""Judging definitions that nobody has saved, and what they can be made of."""

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.roles import Role
from everyrun.domain.views.workflows import NodeTypes, NodeTypeSummary, Validation
from everyrun.nodes import catalogue
from everyrun.nodes.catalogue import UnknownNodeType
from everyrun.server.definitions import TAKEN, judged
from everyrun.server.routing import Routes
from everyrun.server.shaping.node_types import node_type_summary
from everyrun.server.visit import Visit

routes = Routes("/api/v1", tag="workflows")


@routes.post(
    "/workflows/validate",
    role=Role.OPERATOR,
    body=bytes,
    takes=TAKEN,
    answers=Validation,
    audit=None,  # nothing changes
)
def validate_definition(visit: Visit, body: bytes) -> Validation:
    """Every problem of a definition, each with its place. Nothing in it is run.

    The body has the form of a workflow file: JSON or YAML, by its Content-Type.
    """
    judgement = judged(visit.request, body)
    definition = judgement.definition
    return Validation(
        ok=definition is not None,
        workflow=None if definition is None else definition.workflow,
        problems=judgement.problems,
    )


@routes.get("/node-types", role=Role.VIEWER, answers=NodeTypes, polled=True)
def node_types(visit: Visit) -> NodeTypes:
    """The node types that a graph can have, with the JSON Schema of their parameters."""
    return NodeTypes(items=[node_type_summary(name) for name in catalogue.names()])


@routes.get(
    "/node-types/{name}",
    role=Role.VIEWER,
    answers=NodeTypeSummary,
    polled=True,
    raises=(NotOnRecord,),
)
def one_node_type(visit: Visit, name: str) -> NodeTypeSummary:
    """One node type."""
    try:
        return node_type_summary(name)
    except UnknownNodeType as error:
        raise NotOnRecord(str(error)) from None
