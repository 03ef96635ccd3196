"""``for_each``, ``repeat`` and ``workflow``: parameters alone; the engine does the work."""

from typing import Any

import pytest

from everyrun.nodes.base import BadParameters, NodeType
from everyrun.nodes.catalogue import build
from everyrun.nodes.for_each import ForEach
from everyrun.nodes.repeat import Repeat
from everyrun.nodes.sub_workflow import SubWorkflow


@pytest.mark.parametrize(
    ("node", "parameters"),
    [
        (ForEach(items=[1, None]), {"items": [1, None]}),
        (ForEach(items=[1, 2]), {"items": (1, 2), "parallel": None}),
        (
            ForEach(items=[], parallel=2, stop_on_failure=True),
            {"items": [], "parallel": 2, "stop_on_failure": True},
        ),
        (Repeat(until="x", max_turns=100, delay=0.0), {"until": "x"}),
        (Repeat(until="x", max_turns=3, delay=60.0), {"until": "x", "max_turns": 3, "delay": "1m"}),
        (SubWorkflow(workflow="report", version=None, inputs={}), {"workflow": "report"}),
        (
            SubWorkflow(workflow="report", version=3, inputs={"day": "today"}),
            {"workflow": "report", "version": 3, "inputs": {"day": "today"}},
        ),
    ],
)
def test_parameters_are_built(node: NodeType, parameters: dict[str, Any]) -> None:
    assert node == build(type(node), parameters)


@pytest.mark.parametrize(
    ("kind", "sentence", "parameters"),
    [
        (ForEach, "parameter 'items' is missing; it is a list", {}),
        (ForEach, "parameter 'items' must be a list, not a mapping", {"items": {"a": 1}}),
        (ForEach, "parameter 'items' must be a list, not text", {"items": "abc"}),
        (ForEach, "parameter 'items' must be a list, not null", {"items": None}),
        (ForEach, "parameter 'parallel' must be a whole number >= 1",
         {"items": [], "parallel": 0}),
        (ForEach, "parameter 'parallel' must be a whole number or null, not text",
         {"items": [], "parallel": "2"}),
        (ForEach, "parameter 'stop_on_failure' must be true or false, not text",
         {"items": [], "stop_on_failure": "no"}),
        (ForEach, "there is no parameter 'item'; there are: items", {"items": [], "item": 1}),
        (Repeat, "parameter 'until' is missing; it is text", {}),
        (Repeat, "parameter 'until' must be text, not true or false", {"until": True}),
        (Repeat, "parameter 'until' is empty: write an expression", {"until": " "}),
        (Repeat, "parameter 'max_turns' must be a whole number >= 1",
         {"until": "x", "max_turns": 0}),
        (Repeat, "parameter 'delay': 'soon' is no span of time", {"until": "x", "delay": "soon"}),
        (SubWorkflow, "parameter 'workflow' is missing; it is text", {}),
        (SubWorkflow, "parameter 'workflow' must be text of length >= 1", {"workflow": ""}),
        (SubWorkflow, "parameter 'version' must be a whole number >= 1",
         {"workflow": "a", "version": 0}),
        (SubWorkflow, "parameter 'inputs' must be a mapping, not a list",
         {"workflow": "a", "inputs": []}),
    ],
)  # fmt: skip
def test_bad_parameters_have_a_clear_error(
    kind: type[NodeType], sentence: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(BadParameters) as caught:
        build(kind, parameters)

    assert sentence in str(caught.value)


def test_what_has_a_body_says_so() -> None:
    assert [True, True, False] == [kind.has_body for kind in (ForEach, Repeat, SubWorkflow)]


def test_the_end_of_a_loop_is_evaluated_when_it_is_time() -> None:
    assert {"until"} == Repeat.left_as_written
