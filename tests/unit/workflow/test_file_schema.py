"""The published schema takes what the reader takes, and knows every node type's parameters."""

from inspect import cleandoc
from typing import Any

import pytest
from hypothesis import given

from everyrun.domain.graph import (
    InputDefinition,
    KeyLimit,
    NodeDefinition,
    Position,
    Retry,
    RunPolicy,
    WorkflowDefinition,
)
from everyrun.workflows.defining import read_text
from everyrun.workflows.exporting import as_written
from everyrun.workflows.file_schema import workflow_file_schema
from scripts.node_examples import EXAMPLES
from tests.support.definitions import definitions
from tests.support.json_schema import accepts
from tests.support.node_types import FewTypes
from tests.unit.workflow.test_exporting import TIDY

SCHEMA = workflow_file_schema(FewTypes.types.items())


def written(node: str) -> Any:
    read = read_text(f"workflow: w\nnodes:\n  a: {node}\n")

    assert read.places is not None
    return read.places.written.value


@pytest.mark.parametrize(
    "node",
    [
        "{type: step}",
        "{type: step, needs: b}",
        "{type: step, needs: [b, {c: failure}, {d: [true, small]}]}",
        "{type: step, needs: {b: always}}",
        "{type: step, retry: 3, timeout: 1h30m, concurrency: disk}",
        "{type: step, timeout: 0.5, retry: {delay: 1s, on: OSError}}",
        "{type: step, timeout: '30', concurrency: {key: a, limit: 3}}",
        "{type: step, with: {count: 3, words: [a]}}",
        "{type: step, with: {count: '{{ inputs.n }}', words: '{{ inputs.w }}'}}",
        "{type: strict, with: {name: x, how-large: '{{ inputs.n }}'}}",
        "{type: for_each, with: {items: []}, do: {b: {type: step}}}",
        "{type: of_another_package, with: {anything: 3}}",
    ],
)
def test_what_is_right_is_taken(node: str) -> None:
    assert accepts(SCHEMA, written(node))


@pytest.mark.parametrize(
    "node",
    [
        "{}",
        "{type: step, tiemout: 3}",
        "{type: step, timeout: soon}",
        "{type: step, timeout: ''}",
        "{type: step, timeout: 3x}",
        "{type: step, needs: 3}",
        "{type: step, join: every}",
        "{type: step, retry: {max_retries: 3, often: true}}",
        "{type: step, with: {cuont: 3}}",
        "{type: step, with: {count: three}}",
        "{type: step, with: {count: -1}}",
        "{type: step, do: {b: {type: step}}}",
        "{type: strict}",
        "{type: strict, with: {}}",
        "{type: for_each, with: {items: []}}",
        "{type: for_each, do: {}}",
        "{type: for_each, do: {b: {type: step, with: {cuont: 3}}}}",
    ],
)
def test_what_is_wrong_is_not_taken(node: str) -> None:
    assert not accepts(SCHEMA, written(node))


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({"inputs": {"a": "string", "b": {"type": "list", "default": []}, "c": None}}, True),
        ({"inputs": {"a": "text"}}, False),
        ({"policy": {"timeout": "2h", "overlap": "queue"}}, True),
        ({"policy": {"overlap": "wait"}}, False),
        ({"tags": "a", "output": {"a": "{{ nodes.a.output }}"}}, True),
        ({"nodes": {}}, False),
        ({"nodes": {"a b": {"type": "step"}}}, False),
        ({"nodes": {"자료": {"type": "step"}}}, True),
        ({"title": "x"}, False),
        ({"workflow": ""}, False),
    ],
)
def test_a_workflow_is_judged(changes: dict[str, Any], taken: bool) -> None:
    assert taken is accepts(SCHEMA, {**written("{type: step}"), **changes})


def test_a_tidy_file_is_taken() -> None:
    read = read_text(TIDY)

    assert read.places is not None
    assert accepts(SCHEMA, read.places.written.value)


def _without_bounds(schema: Any) -> Any:
    """The schema's shape alone: what is drawn at random keeps no bounds and no keys' form."""
    bounds = {"minimum", "maximum", "propertyNames", "minProperties", "minLength", "allOf"}
    if isinstance(schema, dict):
        return {name: _without_bounds(each) for name, each in schema.items() if name not in bounds}
    return [_without_bounds(each) for each in schema] if isinstance(schema, list) else schema


SHAPE = _without_bounds(SCHEMA)


@given(definitions)
def test_every_shape_that_is_exported_is_taken(definition: WorkflowDefinition) -> None:
    assert accepts(SHAPE, as_written(definition))


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ((), WorkflowDefinition),
        (("properties", "policy"), RunPolicy),
        (("$defs", "node"), NodeDefinition),
        (("$defs", "node", "properties", "retry", "anyOf", 1), Retry),
        (("$defs", "node", "properties", "concurrency", "anyOf", 1), KeyLimit),
        (("$defs", "node", "properties", "position"), Position),
        (("$defs", "input", "anyOf", 2), InputDefinition),
    ],
)
def test_every_field_is_there(place: tuple[Any, ...], kind: Any) -> None:
    schema: Any = SCHEMA
    for step in place:
        schema = schema[step]

    assert set(kind.__struct_encode_fields__) == set(schema["properties"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_every_node_type_is_taken(name: str) -> None:
    indented = "".join(f"  {line}\n" for line in cleandoc(EXAMPLES[name]).splitlines())
    read = read_text(f"workflow: w\nnodes:\n{indented}")

    assert [] == read.problems
    assert read.places is not None
    assert accepts(workflow_file_schema(), read.places.written.value)
