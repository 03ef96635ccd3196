"""Inputs of an execution: checked against what the workflow declares, defaults filled in."""

from collections.abc import Mapping
from typing import Any

import msgspec

from everyrun.domain.errors import EveryrunError
from everyrun.domain.graph import InputDefinition, InputType, WorkflowDefinition


class InvalidInput(EveryrunError, ValueError):
    """These inputs cannot be taken; ``problems`` has a sentence for each."""

    status_code = 422

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {what}" for name, what in problems.items()))
        self.problems = dict(problems)


_KINDS: dict[InputType, tuple[type, ...]] = {
    InputType.STRING: (str,),
    InputType.INTEGER: (int,),
    InputType.NUMBER: (int, float),
    InputType.BOOLEAN: (bool,),
    InputType.LIST: (list, tuple),
    InputType.OBJECT: (dict,),
}
_CALLED = {
    InputType.STRING: "text",
    InputType.INTEGER: "a whole number",
    InputType.NUMBER: "a number",
    InputType.BOOLEAN: "true or false",
    InputType.LIST: "a list",
    InputType.OBJECT: "an object",
}


def fits(value: Any, kind: InputType) -> bool:
    """Whether a value is of a declared type. ``true`` is no number."""
    if kind is InputType.ANY:
        return True
    if isinstance(value, bool) and kind is not InputType.BOOLEAN:
        return False
    return isinstance(value, _KINDS[kind])


def problem_with(value: Any, declared: InputDefinition) -> str | None:
    """What is wrong with one value, None when nothing is."""
    if not fits(value, declared.type):
        return f"must be {_CALLED[declared.type]}, not {_shown(value)}"
    if declared.choices and value not in declared.choices:
        return f"must be one of {', '.join(map(_shown, declared.choices))}, not {_shown(value)}"
    return None


def checked_inputs(definition: WorkflowDefinition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs with defaults filled in. Raises :class:`InvalidInput` that names each problem."""
    problems = {
        name: f"no such input; there are: {', '.join(definition.inputs) or 'none'}"
        for name in given
        if name not in definition.inputs
    }
    values = {}
    for name, declared in definition.inputs.items():
        if name in given:
            values[name] = given[name]
            problem = problem_with(given[name], declared)
            if problem is not None:
                problems[name] = problem
        elif declared.required:
            problems[name] = "a value is needed"
        else:
            values[name] = declared.default
    if problems:
        raise InvalidInput(problems)
    return values


def input_from_text(declared: InputDefinition, text: str) -> Any:
    """What somebody typed for an input: text where text is wanted, else JSON.

    Raises ``ValueError`` that says what was expected.
    """
    if declared.type is InputType.STRING:
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        if declared.type is InputType.ANY:
            return text
        raise ValueError(f"must be {_CALLED[declared.type]}, not {_shown(text)}") from None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
