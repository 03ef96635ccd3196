"""``repeat``: a body of nodes again and again, until enough. The engine runs the turns."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from everyrun.domain.spans import Span
from everyrun.nodes.base import NodeType


class Repeat(NodeType):
    """Run the nodes of `do:` again and again, until a condition holds.

    In the body `index` is the turn's number from 0 and `previous` the output of the turn before,
    null in the first. The output is that of the last turn, as `for_each` has it. The node fails
    when a turn fails, and when the condition does not hold after `max_turns`.
    """

    has_body = True
    left_as_written: ClassVar[frozenset[str]] = frozenset({"until"})

    until: Annotated[
        str,
        Meta(
            description=(
                "An expression over the names of the turn that has just ended, with braces or "
                "without: `nodes.poll.output.done`."
            ),
            min_length=1,
        ),
    ]
    max_turns: Annotated[int, Meta(description="Turns at most.", ge=1)] = 100
    delay: Annotated[Span, Meta(description="How long to wait between two turns.")] = 0.0

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """A condition says something."""
        until = parameters.get("until")
        if isinstance(until, str) and not until.strip():
            return [("until", "parameter 'until' is empty: write an expression")]
        return []
