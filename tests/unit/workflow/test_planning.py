"""The plan, by example and against a simple model that looks at everything again each time."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.graph import ALWAYS, FAILURE, SUCCESS, Edge, Join, NodeDefinition
from everyrun.domain.status import Status
from everyrun.workflows.planning import (
    Outcome,
    Plan,
    Skip,
    Steps,
    dependents_of,
    leads_nowhere,
    plan,
)

COMPLETED = Outcome(Status.COMPLETED)
FAILED = Outcome(Status.FAILED)


def node(*needs: Edge | str, join: Join = Join.ALL, allow_failure: bool = False) -> NodeDefinition:
    edges = [Edge(node=each) if isinstance(each, str) else each for each in needs]
    return NodeDefinition(type="set", needs=edges, join=join, allow_failure=allow_failure)


def test_nodes_that_need_nothing_begin() -> None:
    nodes = {"a": node(), "b": node("a"), "c": node()}

    assert (["a", "c"], []) == plan(nodes, {})


def test_a_node_is_ready_when_all_that_it_needs_has_completed() -> None:
    going = Plan({"a": node(), "b": node(), "c": node("a", "b")})
    going.begin()

    assert ([], []) == going.settle("a", COMPLETED)
    assert (["c"], []) == going.settle("b", COMPLETED)


def test_a_failure_skips_what_depends_on_it_and_other_branches_go_on() -> None:
    nodes = {"a": node(), "b": node("a"), "c": node("b"), "d": node(), "e": node("d")}
    going = Plan(nodes)
    going.begin()

    assert [
        Skip("b", "needs a to complete, it failed"),
        Skip("c", "needs b to complete, it was skipped"),
    ] == going.settle("a", FAILED).skipped
    assert ["e"] == going.settle("d", COMPLETED).ready
    assert not going.finished


def test_a_failure_edge_runs_and_handles_the_failure() -> None:
    nodes = {"a": node(), "mend": node(Edge(node="a", outcome=FAILURE))}
    going = Plan(nodes)
    going.begin()

    assert ["mend"] == going.settle("a", FAILED).ready
    assert ["a"] == going.failures()
    going.settle("mend", COMPLETED)
    assert [] == going.failures()


def test_a_failure_whose_handler_failed_is_not_handled() -> None:
    going = Plan({"a": node(), "mend": node(Edge(node="a", outcome=FAILURE))})
    going.begin()
    going.settle("a", FAILED)
    going.settle("mend", FAILED)

    assert ["a", "mend"] == going.failures()


def test_an_allowed_failure_is_none() -> None:
    going = Plan({"a": node(allow_failure=True)})
    going.begin()
    going.settle("a", FAILED)

    assert [] == going.failures()


def test_always_runs_after_a_skipped_node_too() -> None:
    nodes = {"a": node(), "b": node("a"), "tidy": node(Edge(node="b", outcome=ALWAYS))}
    going = Plan(nodes)
    going.begin()

    assert ["tidy"] == going.settle("a", FAILED).ready


def test_a_branch_runs_what_waits_for_it_and_skips_the_other() -> None:
    nodes = {
        "check": node(),
        "yes": node(Edge(node="check", outcome="true")),
        "no": node(Edge(node="check", outcome="false")),
        "after": node("yes", "no", join=Join.ANY),
    }
    going = Plan(nodes)
    going.begin()
    steps = going.settle("check", Outcome(Status.COMPLETED, "true"))

    assert ["yes"] == steps.ready
    assert [Skip("no", "needs check to choose false, it chose true")] == steps.skipped
    assert ["after"] == going.settle("yes", COMPLETED).ready


def test_several_edges_from_one_node_are_alternatives() -> None:
    nodes = {"a": node(), "b": node("a", Edge(node="a", outcome=FAILURE))}

    assert ["b"] == plan(nodes, {"a": FAILED}).ready
    assert ["b"] == plan(nodes, {"a": COMPLETED}).ready


# A model that is simple because it is slow: it looks at every node until nothing changes.


def _met(edges: list[Edge], outcome: Outcome) -> bool:
    for edge in edges:
        if edge.outcome == ALWAYS:
            return True
        if edge.outcome == FAILURE and outcome.status == Status.FAILED:
            return True
        if outcome.status == Status.COMPLETED and edge.outcome in {SUCCESS, outcome.branch}:
            return True
    return False


def model(
    nodes: Mapping[str, NodeDefinition], history: Mapping[str, Outcome]
) -> tuple[set[str], set[str]]:
    """(ready, skipped) by looking again and again."""
    settled = dict(history)
    while True:
        ready, skipped = set(), set()
        for key, definition in nodes.items():
            if key in settled:
                continue
            needed: dict[str, list[Edge]] = {}
            for edge in definition.needs:
                needed.setdefault(edge.node, []).append(edge)
            known = [_met(edges, settled[k]) for k, edges in needed.items() if k in settled]
            if definition.join is Join.ALL:
                if not all(known):
                    skipped.add(key)
                elif len(known) == len(needed):
                    ready.add(key)
            elif len(known) == len(needed):
                (ready if any(known) or not needed else skipped).add(key)
        if not skipped:
            return ready, settled.keys() - history.keys()
        settled |= dict.fromkeys(skipped, Outcome(Status.SKIPPED))


OUTCOMES = [
    COMPLETED,
    FAILED,
    Outcome(Status.COMPLETED, "yes"),
    Outcome(Status.COMPLETED, "no"),
    Outcome(Status.CANCELLED),
]


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, NodeDefinition]:
    size = draw(st.integers(1, 9))
    keys = [f"n{number}" for number in range(size)]
    nodes = {}
    for position, key in enumerate(keys):
        edge = st.builds(
            lambda source, outcome: Edge(node=source, outcome=outcome),
            st.sampled_from(keys[:position] or ["-"]),
            st.sampled_from([SUCCESS, SUCCESS, FAILURE, ALWAYS, "yes", "no"]),
        )
        edges = draw(st.lists(edge, max_size=4)) if position else []
        nodes[key] = NodeDefinition(
            type="set",
            needs=edges,
            join=draw(st.sampled_from(Join)),
            allow_failure=draw(st.booleans()),
        )
    order = draw(st.permutations(keys))
    return {key: nodes[key] for key in order}


@given(graphs(), st.data())
def test_every_step_is_what_the_model_says(
    nodes: dict[str, NodeDefinition], data: st.DataObject
) -> None:
    going = Plan(nodes)
    steps = going.begin()
    told, running = {}, list(steps.ready)
    assert [] == steps.skipped
    while running:
        settled = running.pop(data.draw(st.integers(0, len(running) - 1)))
        told[settled] = data.draw(st.sampled_from(OUTCOMES))
        steps = going.settle(settled, told[settled])
        running += steps.ready
        ready, skipped = model(nodes, told)

        assert ready == set(running)
        assert told.keys() | skipped == going.outcomes.keys()
        assert len(running) == len(set(running))
    assert going.finished


@given(graphs(), st.data())
def test_a_plan_made_of_history_goes_on_where_the_first_stood(
    nodes: dict[str, NodeDefinition], data: st.DataObject
) -> None:
    first = Plan(nodes)
    running = list(first.begin().ready)
    told = {}
    for _ in range(data.draw(st.integers(0, len(nodes)))):
        if not running:
            break
        settled = running.pop(0)
        told[settled] = data.draw(st.sampled_from(OUTCOMES))
        running += first.settle(settled, told[settled]).ready
    again = Plan(nodes, told)
    steps = again.begin()

    assert set(running) == set(steps.ready)
    assert first.outcomes == again.outcomes
    assert first.failures() == again.failures()


@given(graphs(), st.data())
def test_what_leads_nowhere_is_known_without_a_plan(
    nodes: dict[str, NodeDefinition], data: st.DataObject
) -> None:
    going = Plan(nodes)
    running = list(going.begin().ready)
    while running:
        settled = running.pop(data.draw(st.integers(0, len(running) - 1)))
        outcome = data.draw(st.sampled_from(OUTCOMES))
        before = set(going.outcomes)
        said = leads_nowhere(nodes, dependents_of(nodes), settled, outcome, before)
        steps = going.settle(settled, outcome)
        running += steps.ready

        assert said == (Steps([], []) == steps and not going.finished)
