"""Inputs are checked against what the workflow declares."""

from typing import Any

import pytest

from everyrun.domain.graph import InputDefinition, InputType, NodeDefinition, WorkflowDefinition
from everyrun.workflows.inputs import InvalidInput, checked_inputs, fits, input_from_text

DEFINITION = WorkflowDefinition(
    workflow="w",
    inputs={
        "day": InputDefinition(type=InputType.STRING),
        "size": InputDefinition(type=InputType.INTEGER, default=3, choices=[1, 3]),
        "any": InputDefinition(default=None),
    },
    nodes={"a": NodeDefinition(type="set")},
)


def test_defaults_are_filled_in_also_when_they_are_null() -> None:
    assert {"day": "오늘", "size": 3, "any": None} == checked_inputs(DEFINITION, {"day": "오늘"})


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as told:
        checked_inputs(DEFINITION, {"size": 2, "dya": 1})

    assert {
        "dya": "no such input; there are: day, size, any",
        "day": "a value is needed",
        "size": "must be one of 1, 3, not 2",
    } == told.value.problems


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (InputType.INTEGER, True, False),
        (InputType.NUMBER, 1, True),
        (InputType.NUMBER, False, False),
        (InputType.INTEGER, 1.0, False),
        (InputType.BOOLEAN, True, True),
        (InputType.LIST, (1,), True),
        (InputType.OBJECT, {}, True),
        (InputType.STRING, None, False),
        (InputType.ANY, object(), True),
    ],
)
def test_a_value_is_of_its_type_or_not(kind: InputType, value: Any, expected: bool) -> None:
    assert expected == fits(value, kind)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (InputType.STRING, "007", "007"),
        (InputType.INTEGER, "7", 7),
        (InputType.BOOLEAN, "true", True),
        (InputType.LIST, '["가"]', ["가"]),
        (InputType.ANY, "2026-11-21", "2026-11-21"),
        (InputType.ANY, "null", None),
    ],
)
def test_typed_text_becomes_a_value(kind: InputType, text: str, value: Any) -> None:
    assert value == input_from_text(InputDefinition(type=kind), text)


def test_text_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="must be a whole number, not 'x'"):
        input_from_text(InputDefinition(type=InputType.INTEGER), "x")
