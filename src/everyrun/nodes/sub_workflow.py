"""``workflow``: an execution of another workflow, as a step. The engine runs it."""

from typing import Annotated, Any

from msgspec import Meta, field

from everyrun.nodes.base import NodeType


class SubWorkflow(NodeType):
    """Run another workflow, and wait for it.

    It is an execution of its own, linked to this node; its output is this node's. The node fails
    when that execution fails, is cancelled or skipped. Cancelling this one cancels that one too.
    """

    workflow: Annotated[str, Meta(description="The workflow's name.", min_length=1)]
    version: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="The version to run; the newest if left out."),
    ] = None
    inputs: Annotated[dict[str, Any], Meta(description="The values of its inputs.")] = field(
        default_factory=dict
    )
