"""Decorated functions that are nodes, and ``with`` blocks that are."""

import pytest

import everyrun
from everyrun.domain.events import ExecutionTagged
from everyrun.domain.status import Status
from everyrun.testing import HandClock, Runs


@everyrun.node
def fetch(page: int) -> str:
    return f"page {page}"


def test_a_call_is_a_node_execution_of_what_runs(runs: Runs) -> None:
    @everyrun.workflow
    def crawl() -> None:
        fetch(1)

    crawl()

    node = runs.one().node("fetch")
    assert Status.COMPLETED == node.status
    assert "function" == node.type
    assert {"page": 1} == node.input
    assert "page 1" == node.output
    assert 1 == node.attempt
    assert node.parent_id is None


def test_each_call_is_a_node_execution_numbered_as_it_began(runs: Runs) -> None:
    @everyrun.workflow
    def crawl() -> None:
        for page in range(3):
            fetch(page)

    crawl()

    nodes = runs.one().nodes
    assert [1, 2, 3] == [node.order for node in nodes]
    assert [0, 1, 2] == [node.input["page"] for node in nodes]
    assert 3 == len({node.id for node in nodes})


def test_a_node_inside_a_node_names_its_parent(runs: Runs) -> None:
    @everyrun.node
    def outer() -> None:
        fetch(1)

    @everyrun.workflow
    def crawl() -> None:
        outer()
        fetch(2)

    crawl()

    run = runs.one()
    within, beside = (node for node in run.nodes if node.name == "fetch")
    assert run.node("outer").id == within.parent_id
    assert beside.parent_id is None


def test_a_node_outside_any_execution_makes_one_of_its_own(runs: Runs) -> None:
    everyrun.node(name="fetch", tags="web")(lambda page: page)(7)

    run = runs.one("fetch")
    assert "function" == run.kind
    assert Status.COMPLETED == run.status
    assert {"page": 7} == run.input
    assert 7 == run.output
    assert ["web"] == run.tags
    assert Status.COMPLETED == run.node("fetch").status
    assert 7 == run.node("fetch").output


def test_a_node_that_fails_alone_fails_its_execution(runs: Runs) -> None:
    @everyrun.node
    def divide(by: int) -> float:
        return 1 / by

    with pytest.raises(ZeroDivisionError):
        divide(0)

    run = runs.one()
    assert [Status.FAILED, Status.FAILED] == [run.status, run.node("divide").status]
    assert run.error == run.node("divide").error


def test_after_a_lone_node_nothing_runs(runs: Runs) -> None:
    fetch(1)

    assert everyrun.current_execution() is None


def test_tags_of_a_node_are_added_to_its_execution_once(runs: Runs) -> None:
    @everyrun.node(tags=["web", "slow"])
    def tagged() -> None: ...

    with everyrun.execution("crawl", tags="web"):
        tagged()
        tagged()

    assert ["web", "slow"] == runs.one().tags
    added = [event.tags for event in runs.events if isinstance(event, ExecutionTagged)]
    assert [["slow"]] == added


def test_a_node_that_returns_a_failure_value_is_completed(runs: Runs) -> None:
    everyrun.node(name="check")(lambda: {"status": "failed"})()

    assert Status.COMPLETED == runs.one().node("check").status


def test_a_block_is_a_node(runs: Runs, clock: HandClock) -> None:
    with (
        everyrun.execution("import") as run,
        run.node("load", input={"path": "a.csv"}, iteration=3) as step,
    ):
        clock.forward(seconds=2)
        step.output = [1, 2]

    node = runs.one().node("load")
    assert step.id == node.id
    assert "block" == node.type
    assert "3" == node.iteration
    assert {"path": "a.csv"} == node.input
    assert [1, 2] == node.output
    assert node.started_at is not None
    assert node.ended_at == node.started_at + 2_000_000


def test_an_output_is_recorded_as_it_is_when_the_block_ends(runs: Runs) -> None:
    with everyrun.execution("import") as run, run.node("load") as step:
        rows: list[int] = []
        step.output = rows
        rows.append(1)

    assert [1] == runs.one().node("load").output


def test_blocks_and_functions_nest(runs: Runs) -> None:
    with everyrun.execution("import") as run, run.node("outer"), run.node("inner"):
        fetch(1)

    recorded = runs.one()
    assert recorded.node("outer").id == recorded.node("inner").parent_id
    assert recorded.node("inner").id == recorded.node("fetch").parent_id


def test_what_runs_can_be_asked_for(runs: Runs) -> None:
    with everyrun.execution("import") as run:
        assert run == everyrun.current_execution()
        assert everyrun.current_node() is None
        with run.node("load") as step:
            assert run == everyrun.current_execution()
            assert step == everyrun.current_node()
            assert "load" == step.key
        assert everyrun.current_node() is None

    assert everyrun.current_execution() is None
    assert everyrun.current_node() is None


def test_a_step_can_be_entered_once(runs: Runs) -> None:
    with everyrun.execution("import") as run:
        step = run.node("load")
        with step:
            pass
        with pytest.raises(RuntimeError, match="needs a new one"), step:
            pass


def test_an_outcome_can_be_chosen(runs: Runs) -> None:
    with everyrun.execution("import") as run:
        with run.node("check") as step:
            step.fail("3 rows are wrong")
        with run.node("send") as step:
            step.cancel()

    recorded = runs.one()
    assert Status.COMPLETED == recorded.status
    assert Status.FAILED == recorded.node("check").status
    error = recorded.node("check").error
    assert error is not None
    assert (None, "3 rows are wrong") == (error.type, error.message)
    assert Status.CANCELLED == recorded.node("send").status
