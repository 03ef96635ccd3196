"""Node types as the API answers them."""

from everyrun.domain.views.workflows import NodeTypeSummary
from everyrun.nodes import catalogue
from everyrun.nodes.catalogue import BrokenNodeType


def node_type_summary(name: str) -> NodeTypeSummary:
    """A node type by its name, also one that cannot be used here.

    Raises ``UnknownNodeType``.
    """
    built_in = name in catalogue.BUILT_IN
    try:
        kind = catalogue.find(name)
    except BrokenNodeType as error:
        return NodeTypeSummary(
            name=name,
            summary="",
            built_in=built_in,
            has_body=False,
            safe_to_repeat=False,
            schema=None,
            problem=str(error),
        )
    return NodeTypeSummary(
        name=name,
        summary=catalogue.summary_of(kind),
        built_in=built_in,
        has_body=kind.has_body,
        safe_to_repeat=kind.safe_to_repeat,
        schema=catalogue.schema_of(kind),
        problem=None,
    )
