"""Definitions in requests, and the version that a change was made to."""

import pytest
from starlette.requests import Request

from everyrun.domain.errors import InvalidQuery
from everyrun.server.bodies.refusals import BodyTooLarge, UnsupportedMediaType
from everyrun.server.definitions import (
    LARGEST_DEFINITION,
    definition_of,
    expected_version,
    judged,
    version_tag,
)
from everyrun.workflows.problems import InvalidDefinition

YAML = b"workflow: w\nnodes: {a: {type: set, with: {values: {x: 1}}}}\n"
JSON = b'{"workflow": "w", "nodes": {"a": {"type": "set", "with": {"values": {"x": 1}}}}}'
CYCLE = b"""
workflow: w
nodes:
  a: {type: set, needs: b, with: {values: {x: 1}}}
  b: {type: set, needs: a, with: {values: {x: 1}}}
"""


def request(**headers: str) -> Request:
    """A request with these headers."""
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "headers": sent})


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/yaml", YAML),
        ("text/yaml; charset=utf-8", YAML),
        ("Application/JSON", JSON),
        ("application/x-yaml", YAML.decode().encode("utf-16")),
    ],
)
def test_a_definition_is_read_by_its_content_type(kind: str, body: bytes) -> None:
    assert "w" == definition_of(judged(request(content_type=kind), body)).workflow


def test_json_is_what_is_read_where_nothing_is_said() -> None:
    assert judged(request(), JSON).definition is not None
    (problem,) = judged(request(), YAML).problems
    assert ("SYNTAX_ERROR", 1, 1) == (problem.code, problem.line, problem.column)


def test_what_is_neither_or_too_large_is_refused() -> None:
    with pytest.raises(UnsupportedMediaType, match="not text/plain"):
        judged(request(content_type="text/plain"), YAML)
    with pytest.raises(BodyTooLarge):
        judged(request(), b" " * (LARGEST_DEFINITION + 1))


def test_one_kind_of_problem_gives_its_code_and_a_cycle_its_path() -> None:
    with pytest.raises(InvalidDefinition) as one_kind:
        definition_of(judged(request(content_type="text/yaml"), CYCLE))
    several = CYCLE.replace(b"type: set", b"type: nope", 1)
    with pytest.raises(InvalidDefinition) as many_kinds:
        definition_of(judged(request(content_type="text/yaml"), several))

    assert "CYCLE_DETECTED" == one_kind.value.code
    path = one_kind.value.members()["cycle_path"]
    assert (3, {"a", "b"}, path[0]) == (len(path), set(path), path[-1])
    assert "INVALID_DEFINITION" == many_kinds.value.code
    assert {"problems", "cycle_path"} == set(many_kinds.value.members())


@pytest.mark.parametrize(
    ("headers", "asked", "expected"),
    [
        ({}, None, None),
        ({}, 0, 0),
        ({"if_match": version_tag(3)}, None, 3),
        ({"if_match": 'W/"v3"'}, None, 3),
        ({"if_match": "12"}, None, 12),
        ({"if_match": "*"}, None, None),
        ({"if_none_match": "*"}, None, 0),
        ({"if_match": '"v3"'}, 4, 4),
    ],
)
def test_the_version_that_was_changed_is_said_in_several_ways(
    headers: dict[str, str], asked: int | None, expected: int | None
) -> None:
    assert expected == expected_version(request(**headers), asked)


@pytest.mark.parametrize("tag", ["", '"abc"', '"v3", "v4"', "v٣", '"v-1"'])
def test_a_tag_that_names_no_version_is_refused(tag: str) -> None:
    with pytest.raises(InvalidQuery, match="If-Match names the version"):
        expected_version(request(if_match=tag), None)
