"""Two versions are compared node by node, edge by edge and field by field."""

import msgspec
from hypothesis import given

from everyrun.domain.graph import WorkflowDefinition, digest_of
from everyrun.domain.views.comparing import EdgeChange, FieldChange, NodeChange
from everyrun.workflows.comparing import compare
from everyrun.workflows.defining import read_text
from tests.support.definitions import definitions

BEFORE = """\
workflow: w
tags: [a]
variables: {root: /data, gone: null}
policy: {timeout: 2h}
nodes:
  fetch: {type: http, with: {url: a, headers: {x: 1}}, timeout: 30s}
  parse: {type: python, needs: fetch}
  each: {type: for_each, needs: parse, do: {x: {type: shell}, y: {type: shell, needs: x}}}
  tidy: {type: shell, needs: {each: always}}
"""
AFTER = """\
workflow: w
description: New.
tags: [a, b]
variables: {root: /data, depth: {of: 1}}
policy: {timeout: 3h}
nodes:
  fetch: {type: http, with: {url: b, headers: {x: 1.0}}, retry: 3}
  check: {type: condition, needs: fetch}
  parse: {type: python, needs: {check: true}}
  each: {type: for_each, needs: parse, do: {y: {type: shell, with: {command: ls}}}}
"""


def definition(text: str) -> WorkflowDefinition:
    read = read_text(text).definition

    assert read is not None
    return read


def test_everything_that_changed_is_told() -> None:
    found = compare(definition(BEFORE), definition(AFTER))

    assert {
        FieldChange("description", after="New."),
        FieldChange("variables.gone", before=None),
        FieldChange("variables.depth.of", after=1),
        FieldChange("policy.timeout", 7200.0, 10800.0),
    } == {each for each in found.fields if each.field != "tags"}
    assert [FieldChange("tags", ["a"], ["a", "b"])] == [
        each for each in found.fields if each.field == "tags"
    ]
    assert ["check"] == found.nodes_added
    assert ["each.x", "tidy"] == found.nodes_removed
    assert [
        NodeChange(
            "fetch",
            [
                FieldChange("with.url", "a", "b"),
                FieldChange("with.headers.x", 1, 1.0),
                FieldChange("timeout", before=30.0),
                FieldChange("retry.max_retries", after=3),
            ],
        ),
        NodeChange("each.y", [FieldChange("with.command", after="ls")]),
    ] == found.nodes_changed
    assert [
        EdgeChange("fetch", "check", "success"),
        EdgeChange("check", "parse", "true"),
    ] == found.edges_added
    assert [
        EdgeChange("fetch", "parse", "success"),
        EdgeChange("each.x", "each.y", "success"),
        EdgeChange("each", "tidy", "always"),
    ] == found.edges_removed
    assert not found.reordered


def test_nodes_in_another_order_are_a_change() -> None:
    first = definition("workflow: w\nnodes: {a: {type: x}, b: {type: x}}")
    second = definition("workflow: w\nnodes: {b: {type: x}, a: {type: x}}")
    found = compare(first, second)

    assert found
    assert found.reordered
    assert [] == found.nodes_changed


def test_a_difference_is_plain_data() -> None:
    found = compare(definition(BEFORE), definition(AFTER))
    plain = msgspec.to_builtins(found)

    assert {"field": "timeout", "before": 30.0} in plain["nodes_changed"][0]["changes"]
    assert {"field": "variables.gone", "before": None} in plain["fields"]
    assert {"node": "check", "to": "parse", "outcome": "true"} in plain["edges_added"]


@given(definitions)
def test_a_definition_does_not_differ_from_itself(one: WorkflowDefinition) -> None:
    assert not compare(one, one)


@given(definitions, definitions)
def test_what_has_another_digest_differs(
    one: WorkflowDefinition, other: WorkflowDefinition
) -> None:
    assert (digest_of(one) != digest_of(other)) <= bool(compare(one, other))
