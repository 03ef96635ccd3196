"""``condition``, ``switch`` and ``set``: they compute, at once."""

from typing import Any

import pytest

from everyrun.nodes.base import BadParameters, Chosen, NodeType
from everyrun.nodes.catalogue import build, problems_in
from everyrun.nodes.condition import Condition
from everyrun.nodes.set import Set
from everyrun.nodes.switch import Switch
from everyrun.testing import node_context
from everyrun.workflows.templates import is_template


def result_of(kind: type[NodeType], **parameters: Any) -> Any:
    return build(kind, parameters).run(node_context())


@pytest.mark.parametrize(
    ("branch", "value"),
    [
        ("true", True),
        ("true", 3),
        ("true", [0]),
        ("true", "true"),
        ("true", " True\n"),
        ("false", False),
        ("false", 0),
        ("false", None),
        ("false", []),
        ("false", {}),
        ("false", "false"),
    ],
)
def test_a_condition_chooses_by_truth(branch: str, value: object) -> None:
    assert Chosen(branch, branch == "true") == result_of(Condition, **{"if": value})


@pytest.mark.parametrize("value", ["", "yes", "0", "True and False", "inputs.count > 3"])
def test_a_condition_guesses_no_truth_of_text(value: str) -> None:
    assert ["if"] == [name for name, _ in problems_in(Condition, {"if": value}, is_template)]
    with pytest.raises(BadParameters, match="'if' is text, which is neither true nor false"):
        result_of(Condition, **{"if": value})


def test_a_condition_has_two_branches() -> None:
    assert ("true", "false") == Condition.branches_of({"if": "{{ x }}"})


@pytest.mark.parametrize(
    ("branch", "value", "cases"),
    [
        ("small", "small", ["small", "large"]),
        ("default", "medium", ["small", "large"]),
        ("200", 200, [200, "404"]),
        ("default", 404, [200, "404"]),
        ("true", True, [True, False]),
        ("default", 1, [True, False]),
        ("default", True, [1, 0]),
        ("null", None, [None]),
        ("1.5", 1.5, [1.5]),
        ("fine", 200, {"fine": 200, "redirect": [301, 302]}),
        ("redirect", 302, {"fine": 200, "redirect": [301, 302]}),
        ("default", 500, {"fine": 200, "redirect": [301, 302]}),
        ("first", 1, {"first": 1, "second": 1}),
        ("made", {"a": 1}, {"made": [{"a": 1}]}),
    ],
)
def test_a_switch_takes_the_first_case_that_is_equal(branch: str, value: Any, cases: Any) -> None:
    chosen = result_of(Switch, value=value, cases=cases)

    assert Chosen(branch, {"value": value}) == chosen
    assert branch in Switch.branches_of({"value": value, "cases": cases})


@pytest.mark.parametrize(
    ("branches", "cases"),
    [
        (("small", "large", "default"), ["small", "large"]),
        (("200", "true", "null", "default"), [200, True, None]),
        (("fine", "default"), {"fine": "{{ inputs.fine }}"}),
        (("default",), "{{ inputs.cases }}"),
    ],
)
def test_a_switch_tells_its_branches(branches: tuple[str, ...], cases: Any) -> None:
    assert branches == Switch.branches_of({"cases": cases})


@pytest.mark.parametrize(
    ("sentence", "cases"),
    [
        ("a switch has at least one case", []),
        ("a switch has at least one case", {}),
        ("they cannot be a template", "{{ inputs.cases }}"),
        ("a branch's name is written out: {{ x }} cannot be a template", ["{{ x }}"]),
        ("there are two cases 'a'", ["a", "b", "a"]),
        ("there are two cases '1'", [1, "1"]),
        ("case 2 names no branch: write {branch: value}", ["a", ["b"]]),
        ("there is always a branch 'default'", {"default": 1}),
    ],
)
def test_a_switch_whose_branches_are_unclear_is_refused(sentence: str, cases: Any) -> None:
    problems = problems_in(Switch, {"value": 1, "cases": cases}, is_template)

    assert any(parameter == "cases" and sentence in problem for parameter, problem in problems)
    with pytest.raises(BadParameters):
        result_of(Switch, value=1, cases=cases)


def test_set_gives_its_values() -> None:
    assert {"a": 1, "b": [None]} == result_of(Set, values={"a": 1, "b": [None]})


@pytest.mark.parametrize(
    ("kind", "sentence", "parameters"),
    [
        (Condition, "parameter 'if' is missing", {}),
        (Condition, "there is no parameter 'when'", {"if": True, "when": 1}),
        (Switch, "parameter 'value' is missing", {"cases": ["a"]}),
        (Switch, "parameter 'cases' must be a mapping or a list, not a whole number",
         {"value": 1, "cases": 3}),
        (Set, "parameter 'values' is missing; it is a mapping", {}),
        (Set, "parameter 'values' must be a mapping, not a list", {"values": []}),
    ],
)  # fmt: skip
def test_bad_parameters_have_a_clear_error(
    kind: type[NodeType], sentence: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(BadParameters) as caught:
        build(kind, parameters)

    assert sentence in str(caught.value)


@pytest.mark.parametrize("kind", [Condition, Switch, Set])
def test_they_are_quick_and_can_be_repeated(kind: type[NodeType]) -> None:
    assert kind.quick
    assert kind.safe_to_repeat
