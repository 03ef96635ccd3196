"""Inputs from a command line."""

from pathlib import Path
from typing import Any

import pytest

from everyrun.cli.errors import BadInput
from everyrun.cli.input_values import gathered_inputs, read_value
from everyrun.domain.graph import InputDefinition, InputType

DECLARED = {
    "day": InputDefinition(type=InputType.STRING),
    "count": InputDefinition(type=InputType.INTEGER),
    "files": InputDefinition(type=InputType.LIST),
    "strict": InputDefinition(type=InputType.BOOLEAN),
}


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        ("7", "7", InputType.STRING),
        (7, "7", InputType.INTEGER),
        (7.5, "7.5", InputType.NUMBER),
        ("seven", "seven", InputType.INTEGER),
        (True, "yes", InputType.BOOLEAN),
        (False, "0", InputType.BOOLEAN),
        ("maybe", "maybe", InputType.BOOLEAN),
        ([1, "a"], '[1, "a"]', InputType.LIST),
        ("a,b", "a,b", InputType.LIST),
        ({"a": 1}, '{"a": 1}', InputType.OBJECT),
        ("today", "today", InputType.ANY),
        (None, "null", InputType.ANY),
        ("2026-11-01", "2026-11-01", InputType.ANY),
    ],
)
def test_a_text_is_read_as_its_type_or_stays_a_text(value: Any, text: str, kind: InputType) -> None:
    assert value == read_value(text, kind)


def test_inputs_are_of_their_declared_types() -> None:
    texts = ["day=7", "count=7", 'files=["a=b"]', " strict =true", "unknown=1"]

    assert {"day": "7", "count": 7, "files": ["a=b"], "strict": True, "unknown": 1} == (
        gathered_inputs(texts, None, DECLARED)
    )


def test_what_is_typed_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "inputs.json"
    file.write_text('{"day": "monday", "count": 1}')

    assert {"day": "monday", "count": 2} == gathered_inputs(["count=2"], str(file), DECLARED)


@pytest.mark.parametrize("text", ["day", "=monday", " =x"])
def test_an_input_needs_a_name_and_an_equals_sign(text: str) -> None:
    with pytest.raises(BadInput, match="NAME=VALUE"):
        gathered_inputs([text], None, DECLARED)


@pytest.mark.parametrize(
    ("content", "message"), [("[1]", "no JSON object"), ("{", "no JSON object"), (None, "read")]
)
def test_a_file_must_hold_an_object(tmp_path: Path, content: str | None, message: str) -> None:
    file = tmp_path / "inputs.json"
    if content is not None:
        file.write_text(content)

    with pytest.raises(BadInput, match=message):
        gathered_inputs([], str(file), DECLARED)
