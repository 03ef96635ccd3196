"""``set``: compute values for the nodes that follow."""

from typing import Annotated, Any

from msgspec import Meta

from everyrun.nodes.base import NodeType
from everyrun.nodes.context import Context


class Set(NodeType):
    """Compute values. The output is the mapping of them."""

    safe_to_repeat = True
    quick = True

    values: Annotated[
        dict[str, Any],
        Meta(
            description=(
                'Names and their values: `{total: "{{ nodes.a.output + nodes.b.output }}"}`. '
                "Other nodes read them as `nodes.KEY.output.total`."
            )
        ),
    ]

    def run(self, context: Context) -> dict[str, Any]:
        """Answer the values."""
        return self.values
