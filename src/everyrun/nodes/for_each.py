"""``for_each``: a body of nodes once for each item of a list. The engine runs the turns."""

from typing import Annotated, Any

from msgspec import Meta

from everyrun.nodes.base import NodeType


class ForEach(NodeType):
    """Run the nodes of `do:` once for each item of a list, several items at once.

    In the body `item` is the item and `index` its number from 0; `nodes.KEY` means the node of the
    same turn, else of the graph around. The output is a list: of each item what the body's last
    node gave, or `{KEY: output}` of its last nodes where there are several. The node fails when a
    turn failed; its output then holds null for that item.
    """

    has_body = True

    items: Annotated[list[Any], Meta(description="The list; most often an expression.")]
    parallel: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="How many items at once; as many as the execution's limit if left out."),
    ] = None
    stop_on_failure: Annotated[
        bool,
        Meta(description="Begin no further items once one has failed; others go on to their end."),
    ] = False
