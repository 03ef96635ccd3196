"""Node types, their parameters and bodies, inputs, and numbers within bounds."""

from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.graph import InputDefinition, InputType, NodeDefinition, WorkflowDefinition
from everyrun.nodes import catalogue
from everyrun.nodes.parameters import schema_of
from everyrun.workflows.defining import read_text
from everyrun.workflows.problems import Code
from everyrun.workflows.validating import validate
from everyrun.workflows.validating.node_types import KnownWorkflows
from tests.support.judging import codes_in, messages_in, nodes, problems_in
from tests.support.node_types import FewTypes


def test_an_unknown_type_is_told_what_it_may_have_meant() -> None:
    (problem,) = problems_in(nodes(a="type: stpe"))

    assert (Code.UNKNOWN_NODE_TYPE, "step") == (problem.code, problem.suggestion)
    assert ("a", "/nodes/a/type") == (problem.node, problem.path)


def test_a_type_that_cannot_be_loaded_is_a_problem_of_each_node_that_has_it() -> None:
    text = nodes(a="type: broken", b="type: broken")

    assert [(Code.UNUSABLE_NODE_TYPE, "a"), (Code.UNUSABLE_NODE_TYPE, "b")] == codes_in(text)


@pytest.mark.parametrize(
    ("node", "code", "path"),
    [
        ("with: {vlaue: 1}", Code.UNKNOWN_PARAMETER, "/nodes/a/with/vlaue"),
        ("type: strict", Code.MISSING_PARAMETER, "/nodes/a"),
        ("type: strict, with: {how-large: 2}", Code.MISSING_PARAMETER, "/nodes/a/with"),
        ("type: strict, with: {name: b, how_large: 2}", Code.UNKNOWN_PARAMETER, None),
        ("with: {count: many}", Code.WRONG_PARAMETER, "/nodes/a/with/count"),
        ("with: {count: -1}", Code.WRONG_PARAMETER, "/nodes/a/with/count"),
        ("with: {count: '3'}", Code.WRONG_PARAMETER, "/nodes/a/with/count"),
        ("with: {words: [a, 3]}", Code.WRONG_PARAMETER, None),
        ("type: strict, with: {name: x}", Code.WRONG_PARAMETER, "/nodes/a/with/name"),
    ],
)
def test_a_parameter_that_cannot_work_is_a_problem(node: str, code: Code, path: str | None) -> None:
    (problem,) = problems_in(nodes(a=node))

    assert (code, "a") == (problem.code, problem.node)
    assert path in (None, problem.path)


def test_every_parameter_is_judged() -> None:
    text = nodes(a="type: strict, with: {how-large: big, nmae: x}")

    assert [
        (Code.MISSING_PARAMETER, "a"),
        (Code.WRONG_PARAMETER, "a"),
        (Code.UNKNOWN_PARAMETER, "a"),
    ] == codes_in(text)


def test_a_type_that_stumbles_over_its_parameters_stops_nothing() -> None:
    text = nodes(a="type: hasty, with: {ways: [3]}", b="needs: {a: left}", c="needs: d")
    first, second = problems_in(text)

    assert (Code.WRONG_PARAMETER, "a") == (first.code, first.node)
    assert "node type hasty cannot judge its parameters: AttributeError" in first.message
    assert (Code.DANGLING_EDGE, "c") == (second.code, second.node)


_anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=4)
    | st.sampled_from(["{{ x }}", "a.py:f", "1h", "http://x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(st.data())
def test_no_parameters_can_stop_the_judging_of_a_built_in_type(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(catalogue.BUILT_IN)))
    names = st.sampled_from(list(schema_of(catalogue.find(name))["properties"]))
    parameters = data.draw(st.dictionaries(names, _anything))
    node = NodeDefinition(type=name, parameters=parameters)
    found = validate(WorkflowDefinition(workflow="w", nodes={"a": node}))

    assert [] == [each for each in found if "cannot judge" in each.message]


def test_a_template_may_become_anything() -> None:
    text = nodes(a="with: {count: '{{ inputs.n }}', words: '{{ inputs.n }}'}")

    assert [] == codes_in("inputs: {n: any}\n" + text)


def test_a_loop_needs_a_body_and_nothing_else_has_one() -> None:
    text = nodes(a="type: for_each", b="type: step, do: {c: {type: step}}")

    assert [(Code.BODY_MISSING, "a"), (Code.BODY_NOT_ALLOWED, "b")] == codes_in(text)


def test_bodies_are_judged_at_any_depth() -> None:
    body = "{c: {type: nothing}}"
    for _ in range(5):
        body = f"{{x: {{type: for_each, do: {body}}}}}"

    assert [(Code.UNKNOWN_NODE_TYPE, "a.x.x.x.x.x.c")] == codes_in(
        nodes(a=f"type: for_each, do: {body}")
    )


def test_loops_within_loops_have_an_end() -> None:
    body = "{c: {type: step}}"
    for _ in range(30):
        body = f"{{x: {{type: for_each, do: {body}}}}}"

    assert Code.TOO_DEEP in [code for code, _ in codes_in(f"nodes: {body}\n")]


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("{type: integer, default: three}", Code.WRONG_INPUT),
        ("{type: integer, default: true}", Code.WRONG_INPUT),
        ("{type: list, default: {}}", Code.WRONG_INPUT),
        ("{choices: [a, b], default: c}", Code.INPUT_NOT_A_CHOICE),
        ("{type: integer, choices: [1, two]}", Code.WRONG_INPUT),
    ],
)
def test_an_input_that_contradicts_itself_is_a_problem(declared: str, code: Code) -> None:
    assert [(code, None)] == codes_in(f"inputs: {{n: {declared}}}\n" + nodes(a=""))


@pytest.mark.parametrize(
    "declared",
    ["{type: number, default: 3}", "{type: any, default: null}", "{choices: [a], default: a}"],
)
def test_an_input_in_order_is_no_problem(declared: str) -> None:
    assert [] == codes_in(f"inputs: {{n: {declared}}}\n" + nodes(a=""))


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("policy: {timeout: 0}", Code.OUT_OF_RANGE, "/policy/timeout"),
        ("policy: {concurrency: 0}", Code.OUT_OF_RANGE, "/policy/concurrency"),
        ("policy: {max_executions: -1}", Code.OUT_OF_RANGE, "/policy/max_executions"),
        ("policy: {priority: 5000000}", Code.OUT_OF_RANGE, "/policy/priority"),
        ("tags: ['']", Code.OUT_OF_RANGE, "/tags/0"),
        ("inputs: {a b: any}", Code.BAD_KEY, "/inputs/a b"),
    ],
)
def test_what_a_workflow_says_must_be_within_bounds(text: str, code: Code, path: str) -> None:
    (problem,) = problems_in(f"{text}\n" + nodes(a=""))

    assert (code, path) == (problem.code, problem.path)


@pytest.mark.parametrize(
    ("node", "path"),
    [
        ("timeout: 0", "/timeout"),
        ("retry: -1", "/retry"),
        ("retry: 40000", "/retry"),
        ("retry: {max_retries: -1}", "/retry/max_retries"),
        ("retry: {backoff: 0.5}", "/retry/backoff"),
        ("retry: {jitter: 1.5}", "/retry/jitter"),
        ("concurrency: {key: a, limit: 0}", "/concurrency/limit"),
        ("concurrency: ''", "/concurrency"),
    ],
)
def test_what_a_node_says_must_be_within_bounds(node: str, path: str) -> None:
    (problem,) = problems_in(nodes(a=node))

    assert (Code.OUT_OF_RANGE, f"/nodes/a{path}") == (problem.code, problem.path)


@pytest.mark.parametrize("key", ["a.b", "1a", "-a", "a b", "''", "a/b", "x" * 201])
def test_a_key_that_nothing_could_refer_to_is_a_problem(key: str) -> None:
    assert [Code.BAD_KEY] == [code for code, _ in codes_in(f"nodes: {{{key}: {{type: step}}}}\n")]


@pytest.mark.parametrize("key", ["a", "_a", "a-b_1", "자료", "ключ2", "é"])
def test_keys_may_be_in_any_language(key: str) -> None:
    assert [] == codes_in(f"nodes: {{{key}: {{type: step}}}}\n")


def test_a_workflow_has_a_name() -> None:
    definition = read_text("workflow: '  '\nnodes: {a: {type: step}}").definition

    assert definition is not None
    assert [Code.OUT_OF_RANGE] == [each.code for each in validate(definition, catalogue=FewTypes())]


def test_a_definition_without_a_text_has_paths_all_the_same() -> None:
    definition = read_text("workflow: w\nnodes: {a: {type: step, needs: [a, b]}}").definition

    assert definition is not None
    assert [(None, "/nodes/a/needs/0"), (None, "/nodes/a/needs/1")] == [
        (each.line, each.path) for each in validate(definition, catalogue=FewTypes())
    ]


class TestOtherWorkflows:
    """A node that runs another workflow is checked against it, where that is known."""

    KNOWN: ClassVar[KnownWorkflows] = {
        "invoice": {
            "month": InputDefinition(type=InputType.STRING),
            "count": InputDefinition(type=InputType.INTEGER, default=1),
        }
    }

    @pytest.mark.parametrize(
        ("given", "codes"),
        [
            ("{workflow: invoice, inputs: {month: may}}", []),
            ("{workflow: invoice, inputs: {month: '{{ execution.id }}', count: 3}}", []),
            ("{workflow: '{{ execution.workflow }}'}", []),
            ("{workflow: invoice, inputs: '{{ execution }}'}", []),
            ("{workflow: invoices}", [Code.UNKNOWN_WORKFLOW]),
            ("{workflow: invoice}", [Code.INPUT_MISSING]),
            ("{workflow: invoice, inputs: {month: 5}}", [Code.WRONG_INPUT]),
            ("{workflow: invoice, inputs: {month: a, cuont: 5}}", [Code.UNKNOWN_INPUT]),
        ],
    )
    def test_its_inputs_are_judged(self, given: str, codes: list[Code]) -> None:
        text = nodes(a=f"type: workflow, with: {given}")

        assert codes == [each.code for each in problems_in(text, known_workflows=self.KNOWN)]

    def test_nothing_is_judged_where_nothing_is_known(self) -> None:
        assert [] == messages_in(nodes(a="type: workflow, with: {workflow: invoices}"))
