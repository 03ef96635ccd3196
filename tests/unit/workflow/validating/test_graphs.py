"""Edges, cycles, and what can never run."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.graph import Edge, Join, NodeDefinition, WorkflowDefinition
from everyrun.domain.status import Status
from everyrun.workflows.planning import Outcome, Plan
from everyrun.workflows.problems import Code
from everyrun.workflows.validating import validate
from tests.support.judging import codes_in, messages_in, nodes, problems_in
from tests.support.node_types import FewTypes


def test_a_graph_in_order_has_no_problems() -> None:
    assert [] == codes_in(
        nodes(
            fetch="",
            check="type: fork, needs: fetch",
            yes_="needs: {check: true}",
            no_="needs: {check: false}",
            failed="needs: {check: failure}",
            end="needs: [yes_, no_, {check: always}], join: any",
        )
    )


def test_a_cycle_is_shown_with_its_path() -> None:
    text = nodes(z="", a="needs: [z, c]", b="needs: a", c="needs: [z, b]")
    (problem,) = problems_in(text, file="w.yaml")

    assert Code.CYCLE_DETECTED == problem.code
    assert ["a", "b", "c", "a"] == problem.cycle_path
    assert "w.yaml:4:30: these nodes wait for each other: a → b → c → a" == str(problem)
    assert ("a", "/nodes/a/needs/1") == (problem.node, problem.path)


def test_each_knot_shows_its_shortest_cycle() -> None:
    text = nodes(
        a="needs: [b, d]", b="needs: a", c="needs: b", d="needs: c", x="needs: y", y="needs: x"
    )

    assert [["a", "b", "a"], ["x", "y", "x"]] == [each.cycle_path for each in problems_in(text)]


def test_what_is_behind_a_cycle_is_unreachable() -> None:
    text = nodes(a="needs: b", b="needs: a", c="needs: {b: always}", d="needs: c, join: any", e="")

    assert [
        (Code.CYCLE_DETECTED, "a"),
        (Code.UNREACHABLE_NODE, "c"),
        (Code.UNREACHABLE_NODE, "d"),
    ] == codes_in(text)
    assert [
        "c can never run: it needs b, which waits for itself",
        "d can never run: it needs c, which can never run",
    ] == messages_in(text)[1:]


def test_an_edge_to_itself_is_a_problem_and_so_is_what_waits_behind_it() -> None:
    text = nodes(a="needs: [a]", b="needs: a")

    assert [(Code.SELF_EDGE, "a"), (Code.UNREACHABLE_NODE, "b")] == codes_in(text)


def test_an_edge_from_nowhere_is_told_what_it_may_have_meant() -> None:
    (problem,) = problems_in(nodes(fetch="", parse="needs: {fecth: failure}"))

    assert (Code.DANGLING_EDGE, "fetch") == (problem.code, problem.suggestion)
    assert "parse needs fecth, which does not exist; did you mean fetch?" == problem.message
    assert "/nodes/parse/needs/fecth" == problem.path


def test_every_dangling_edge_is_found_at_its_place() -> None:
    text = nodes(a="", b="needs: [x, a, {y: [success, failure]}]")

    assert [(4, 27), (4, 38), (4, 47)] == [(each.line, each.column) for each in problems_in(text)]


def test_a_body_needs_only_what_is_in_it() -> None:
    text = nodes(
        fetch="",
        each="type: for_each, needs: fetch, do: {x: {type: step, needs: fetch}}",
        after="needs: x",
    )

    assert [
        (
            "x needs fetch, which is outside the body of each; let each need it, "
            "then x can read its output"
        ),
        "after needs x, which does not exist",
    ] == messages_in(text)


def test_bodies_are_graphs_of_their_own() -> None:
    text = nodes(
        a="type: for_each, do: {b: {type: repeat, do: "
        "{x: {type: step, needs: y}, y: {type: step, needs: x}}}}"
    )
    (problem,) = problems_in(text)

    assert (Code.CYCLE_DETECTED, "a.b.x") == (problem.code, problem.node)
    assert "/nodes/a/do/b/do/x/needs" == problem.path


@pytest.mark.parametrize(
    "needs", ["[a, a]", "[{a: failure}, {a: failure}]", "[a, {a: [failure, success]}]"]
)
def test_an_edge_that_stands_twice_is_a_problem(needs: str) -> None:
    assert [(Code.DUPLICATE_EDGE, "b")] == codes_in(nodes(a="", b=f"needs: {needs}"))


def test_several_outcomes_of_one_node_are_no_duplicates() -> None:
    assert [] == codes_in(nodes(a="", b="needs: [a, {a: [failure, always]}]"))


def test_an_unknown_branch_is_a_problem() -> None:
    text = nodes(check="type: fork", a="needs: {check: tru}", b="needs: {a: true}")
    first, second = problems_in(text)

    assert (Code.UNKNOWN_BRANCH, "true") == (first.code, first.suggestion)
    assert "a waits for 'tru' of check, which has no such branch" in first.message
    assert "there are success, failure, always" in second.message


def test_branches_that_only_the_run_will_tell_are_not_judged() -> None:
    text = nodes(pick="type: ways, with: {ways: '{{ inputs.a }}'}", a="needs: {pick: large}")

    assert [] == codes_in("inputs: [a]\n".replace("[a]", "{a: any}") + text)
    assert [(Code.UNKNOWN_BRANCH, "a")] == codes_in(
        nodes(pick="type: ways, with: {ways: [small]}", a="needs: {pick: large}")
    )


class TestImpossibleNeeds:
    """What a node needs may exclude itself."""

    def test_both_branches_cannot_be_taken(self) -> None:
        text = nodes(
            check="type: fork",
            a="needs: {check: true}",
            b="needs: {check: false}",
            both="needs: [a, b]",
            later="needs: both",
            either="needs: [a, b], join: any",
            whatever="needs: [a, {b: always}]",
            cleanup="needs: {both: always}",
        )

        assert [
            "both can never run: what it needs asks for outcomes of check that exclude each other",
            "later can never run: it needs both, which can never run",
        ] == messages_in(text)

    def test_success_and_failure_of_one_node_are_alternatives(self) -> None:
        assert [] == codes_in(nodes(a="", b="needs: {a: [success, failure]}"))

    def test_success_and_failure_through_others_are_not(self) -> None:
        text = nodes(
            a="", good="needs: a", bad="needs: {a: failure}", end="needs: [good, {bad: failure}]"
        )

        assert [(Code.UNREACHABLE_NODE, "end")] == codes_in(text)

    def test_success_goes_with_a_branch(self) -> None:
        text = nodes(check="type: fork", a="needs: {check: true}", b="needs: [check, a]")

        assert [] == codes_in(text)

    def test_both_branches_and_neither_leave_nothing(self) -> None:
        text = nodes(
            check="type: fork",
            a="needs: {check: true}",
            b="needs: {check: [false, failure]}",
            end="needs: [a, b]",
        )

        assert [(Code.UNREACHABLE_NODE, "end")] == codes_in(text)


def _graph(shape: list[tuple[str, list[tuple[int, str]], bool]]) -> WorkflowDefinition:
    keys = "abcde"
    return WorkflowDefinition(
        workflow="w",
        nodes={
            keys[index]: NodeDefinition(
                type=type_,
                needs=[
                    Edge(node=keys[other], outcome=outcome)
                    for other, outcome in dict.fromkeys(edges)
                    if other < index
                ],
                join=Join.ANY if any_ else Join.ALL,
            )
            for index, (type_, edges, any_) in enumerate(shape)
        },
    )


shapes = st.lists(
    st.tuples(
        st.sampled_from(["step", "fork"]),
        st.lists(
            st.tuples(
                st.integers(0, 3),
                st.sampled_from(["success", "failure", "always", "true", "false"]),
            ),
            max_size=4,
        ),
        st.booleans(),
    ),
    min_size=2,
    max_size=5,
)


def _can_run(definition: WorkflowDefinition) -> set[str]:
    """Which nodes run in any course of events, by trying all of them on the real plan."""
    ends = {
        "step": [Outcome(Status.COMPLETED), Outcome(Status.FAILED)],
        "fork": [
            Outcome(Status.COMPLETED, "true"),
            Outcome(Status.COMPLETED, "false"),
            Outcome(Status.FAILED),
        ],
    }
    run: set[str] = set()
    for chosen in product(*(ends[node.type] for node in definition.nodes.values())):
        outcomes = dict(zip(definition.nodes, chosen, strict=True))
        plan = Plan(definition.nodes)
        ready = plan.begin().ready
        while ready:
            key = ready.pop()
            run.add(key)
            ready += plan.settle(key, outcomes[key]).ready
    return run


@given(shapes)
def test_no_node_is_called_unreachable_that_could_run(
    shape: list[tuple[str, list[tuple[int, str]], bool]],
) -> None:
    definition = _graph(shape)
    found = validate(definition, catalogue=FewTypes())
    unreachable = {each.node for each in found if each.code is Code.UNREACHABLE_NODE}

    assert set() == unreachable & _can_run(definition)


@given(shapes)
def test_where_all_needs_are_joined_every_node_that_cannot_run_is_found(
    shape: list[tuple[str, list[tuple[int, str]], bool]],
) -> None:
    definition = _graph([(type_, edges, False) for type_, edges, _ in shape])
    found = validate(definition, catalogue=FewTypes())
    if any(each.code is Code.UNKNOWN_BRANCH for each in found):
        return
    unreachable = {each.node for each in found if each.code is Code.UNREACHABLE_NODE}

    assert set(definition.nodes) - _can_run(definition) == unreachable


def test_a_workflow_without_nodes_is_a_problem() -> None:
    assert [(Code.NO_NODES, None)] == codes_in("nodes: {}\n")


@pytest.mark.parametrize("closed", [False, True])
def test_a_chain_of_ten_thousand_nodes_is_judged(closed: bool) -> None:
    definition = WorkflowDefinition(
        workflow="w",
        nodes={
            f"n{number}": NodeDefinition(
                type="step",
                needs=[Edge(node=f"n{number - 1}")] if number else [Edge(node="n9999")] * closed,
                parameters={"value": "{{ nodes.n0.output }}"} if number else {},
            )
            for number in range(10_000)
        },
    )
    found = validate(definition, catalogue=FewTypes())

    assert [Code.CYCLE_DETECTED] * closed == [each.code for each in found]
    assert [10_001] * closed == [len(each.cycle_path or ()) for each in found]
