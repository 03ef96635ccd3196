"""``condition``: go one way or the other."""

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, field

from everyrun.nodes.base import BadParameters, Chosen, NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.written import written

_BRANCHES = {True: "true", False: "false"}
_WORDS = {"true": True, "false": False}


class Condition(NodeType, kw_only=True):
    """Choose the branch `true` or `false`.

    What needs it names the branch: `needs: {is_large: true}`. The output is
    `{"branch": "true", "value": true}`.
    """

    safe_to_repeat = True
    quick = True

    if_: Annotated[
        Any,
        Meta(
            description=(
                "What decides: an expression such as `{{ nodes.count.output > 3 }}`. Of numbers, "
                "lists and mappings 0 and empty ones are false, as is null. Text is refused, "
                "unless it is `true` or `false`."
            )
        ),
    ] = field(name="if")

    def run(self, context: Context) -> Chosen:
        """Choose. Raises :class:`BadParameters` for text, whose truth nobody can guess."""
        value = _truth_of(self.if_)
        return Chosen(_BRANCHES[value], value)

    @classmethod
    def branches_of(cls, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """Both."""
        return ("true", "false")

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Text without an expression decides nothing."""
        text = written(parameters, "if", str)
        try:
            _truth_of(text if text is not None else True)
        except BadParameters as error:
            return [("if", str(error))]
        return []


def _truth_of(value: Any) -> bool:
    if not isinstance(value, str):
        return bool(value)
    word = value.strip().lower()
    if word not in _WORDS:
        raise BadParameters(
            "parameter 'if' is text, which is neither true nor false: write one expression, "
            "such as {{ nodes.count.output > 3 }} or {{ inputs.name != '' }}"
        )
    return _WORDS[word]
