"""``with everyrun.execution(...)``."""

import pytest

import everyrun
from everyrun.domain.status import Status
from everyrun.testing import Runs
from everyrun.tracking.describing import use_inherited_parent


def test_a_block_is_an_execution(runs: Runs) -> None:
    with everyrun.execution("nightly import", input={"path": "a.csv"}) as run:
        run.output = {"rows": 3}

    recorded = runs.one("nightly import")
    assert run.id == recorded.id
    assert "script" == recorded.kind
    assert Status.COMPLETED == recorded.status
    assert Status.COMPLETED == run.status
    assert {"path": "a.csv"} == recorded.input
    assert {"rows": 3} == recorded.output
    assert {"rows": 3} == run.output


def test_nothing_is_recorded_before_the_block_begins(runs: Runs) -> None:
    everyrun.execution("import")

    assert [] == runs.all()


def test_what_it_is_given_is_on_record(runs: Runs) -> None:
    with everyrun.execution(
        "import",
        kind="job",
        trigger="schedule",
        tags=["nightly", "a"],
        external_id=7,
    ):
        pass

    recorded = runs.one()
    assert "job" == recorded.kind
    assert "schedule" == recorded.trigger
    assert ["nightly", "a"] == recorded.tags
    assert "7" == recorded.external_id


def test_context_and_metadata_have_their_shapes(runs: Runs) -> None:
    with everyrun.execution(
        "import",
        variables={"day": 3},
        secrets={"api_key": "sk-12345678"},
        environment={"REGION": "eu"},
        retry_info={"attempt": 1, "max_attempts": 3},
        context={"branch": "main"},
        triggered_by="alice",
        schedule_id="daily",
        priority=0,
        allow_concurrent=False,
        timeout_seconds=60,
        correlation_id="c-1",
        metadata={"team": "data"},
    ):
        everyrun.log.info("using sk-12345678")

    recorded = runs.one()
    expected_context = {
        "branch": "main",
        "variables": {"day": 3},
        "secrets": {"api_key": "***"},
        "environment": {"REGION": "eu"},
        "retry_info": {"attempt": 1, "max_attempts": 3},
    }
    assert expected_context == recorded.context
    expected_metadata = {
        "team": "data",
        "triggered_by": "alice",
        "schedule_id": "daily",
        "priority": 0,
        "allow_concurrent": False,
        "timeout_seconds": 60,
        "correlation_id": "c-1",
    }
    assert expected_metadata == recorded.metadata
    assert ["using ***"] == recorded.messages


def test_a_secret_hides_in_everything_the_same_execution_is_given(runs: Runs) -> None:
    with everyrun.execution(
        "import", input={"text": "it is hunter2hunter2"}, secrets={"login": "hunter2hunter2"}
    ):
        pass

    assert {"text": "it is ***"} == runs.one().input


def test_tags_grow_and_repeat_nothing(runs: Runs) -> None:
    with everyrun.execution("import", tags="first") as run:
        run.tag("second", "first")
        run.tag("second")

    assert ["first", "second"] == runs.one().tags
    assert 3 == len(runs.events)


def test_an_outcome_can_be_chosen_without_an_exception(runs: Runs) -> None:
    with everyrun.execution("import") as failing:
        failing.fail("no rows")
    with everyrun.execution("import") as cancelling:
        cancelling.cancel()

    first, second = runs.all()
    assert [Status.FAILED, Status.CANCELLED] == [first.status, second.status]
    assert first.error is not None
    assert "no rows" == first.error.message
    assert second.error is None


def test_a_workflow_can_choose_its_outcome_and_output(runs: Runs) -> None:
    @everyrun.workflow
    def check() -> None:
        run = everyrun.current_execution()
        assert run is not None
        run.output = {"wrong": 3}
        run.fail("3 rows are wrong")

    check()

    recorded = runs.one()
    assert Status.FAILED == recorded.status
    assert {"wrong": 3} == recorded.output


def test_a_lone_node_can_choose_for_its_execution(runs: Runs) -> None:
    @everyrun.node
    def check() -> int:
        run = everyrun.current_execution()
        assert run is not None
        run.cancel("nothing to do")
        return 3

    check()

    recorded = runs.one()
    assert Status.CANCELLED == recorded.status
    assert Status.COMPLETED == recorded.node("check").status
    assert 3 == recorded.output


def test_blocks_nest_and_are_linked(runs: Runs) -> None:
    with everyrun.execution("outer") as outer, outer.node("step"):
        with everyrun.execution("inner"):
            pass
        assert outer == everyrun.current_execution()

    inner = runs.one("inner")
    assert outer.id == inner.parent_execution_id
    assert runs.one("outer").node("step").id == inner.parent_node_execution_id
    assert "parent" == inner.trigger


def test_a_program_started_by_an_execution_is_linked_to_it(runs: Runs) -> None:
    parent = "01890a5d-ac96-774b-bcce-b302099a8057"
    use_inherited_parent(parent)

    everyrun.workflow(name="one")(lambda: None)()
    with everyrun.execution("two"):
        pass
    everyrun.node(name="three")(lambda: None)()

    assert [parent] * 3 == [run.parent_execution_id for run in runs]
    assert ["parent"] * 3 == [run.trigger for run in runs]


def test_a_block_is_entered_once(runs: Runs) -> None:
    run = everyrun.execution("import")
    with run:
        pass

    with pytest.raises(RuntimeError, match="needs a new one"), run:
        pass


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="pipeline"):
        everyrun.execution("import", kind="pipeline")


def test_names_and_tags_that_cannot_be_stored_are_made_storable(runs: Runs) -> None:
    with everyrun.execution(" \x00\udc80 ", tags=["", "\x00", "x" * 300], external_id="a\x00"):
        pass
    with everyrun.execution(""):
        pass

    first, second = runs.all()
    assert "\\x00\\udc80" == first.name
    assert ["\\x00", "x" * 200] == first.tags
    assert "a\\x00" == first.external_id
    assert "unnamed" == second.name


def test_an_external_id_that_is_too_long_stays_its_own(runs: Runs) -> None:
    for end in ("a", "b"):
        with everyrun.execution("import", external_id="x" * 1_000 + end):
            pass
    with everyrun.execution("import", external_id="", trigger=""):
        pass

    first, second, third = runs.all()
    assert first.external_id != second.external_id
    assert [500, 500] == [len(run.external_id or "") for run in (first, second)]
    assert third.external_id is None
    assert "manual" == third.trigger


def test_a_handle_says_what_it_is(runs: Runs) -> None:
    run = everyrun.execution("import")
    assert f"<Execution import {run.id}: pending>" == repr(run)
    with run, run.node("load") as step:
        assert f"<NodeExecution load {step.id}: running>" == repr(step)
    assert f"<Execution import {run.id}: completed>" == repr(run)


def test_steps_can_be_begun_with_the_handle_alone(runs: Runs) -> None:
    with everyrun.execution("import") as run:
        with everyrun.execution("other") as other, other.node("outer"), run.node("step"):
            assert run == everyrun.current_execution()
        run.log.info("through the handle")

    recorded = runs.one("import")
    assert recorded.node("step").parent_id is None
    assert ["through the handle"] == recorded.messages
