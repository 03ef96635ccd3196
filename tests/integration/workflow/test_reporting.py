"""Runs that others report land in the ledger once, whatever the order in which they are told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.clock import SystemClock
from everyrun.domain.status import Status
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.domain.views.nodes import NodeDetail
from everyrun.store.checking import check_counters
from everyrun.store.coming_months import prepare_months
from everyrun.store.database import Database
from everyrun.store.reading.executions import list_executions
from everyrun.store.reading.nodes import read_node, read_nodes
from everyrun.store.scripts import create_script
from everyrun.workflows.reporting import (
    NodeReport,
    NotReported,
    RunReport,
    Script,
    end_quiet_runs,
    report_node,
    report_run,
)
from tests.support.emptying import empty
from tests.support.facts import SECOND, Facts, tell

HOUR = 3_600 * SECOND


class Runner:
    """A program that runs a script somewhere else and reports what it does."""

    def __init__(self, database: Database, name: str = "nightly") -> None:
        self.database = database
        self.now = SystemClock().now()
        prepare_months(database)
        made = database.transact(lambda c: create_script(c, name, None, True, self.now))
        self.script: Script | None = Script(made.id, made.name, made.kind)

    def node(self, status: Status = Status.RUNNING, **more: Any) -> NodeDetail:
        """Report about node ``load`` of execution ``run-1``; the row as it is then."""
        of: dict[str, Any] = {"execution": "run-1", "node": "load", "node_type": "file", **more}
        report = NodeReport(script=self.script, status=status, **of)
        place = self.database.transact(lambda c: report_node(c, report, self.now))
        with self.database.reading() as connection:
            return read_node(connection, *place)

    def record(self, status: Status = Status.COMPLETED, **more: Any) -> str:
        """Report how the run ended; the execution that it was."""
        assert self.script is not None
        report = RunReport(script=self.script, status=status, **more)
        found = self.database.transact(lambda c: report_run(c, report, self.now))
        return found.execution_id

    def executions(self) -> list[tuple[str, str]]:
        """Each execution's own id and status, the newest first."""
        with self.database.reading() as connection:
            page = list_executions(connection, ExecutionFilters())
        return [(each.external_id or "", each.status) for each in page.items]

    def rows(self, execution_id: str) -> list[str]:
        """The status of every node execution."""
        with self.database.reading() as connection:
            return [node.status for node in read_nodes(connection, execution_id)]


@pytest.fixture
def runner(database: Database) -> Runner:
    return Runner(database)


def test_an_outcome_goes_to_the_row_that_runs(runner: Runner) -> None:
    began = runner.node(started_at=runner.now, parameters={"path": "a.csv"})
    ended = runner.node(
        Status.FAILED,
        started_at=runner.now,
        finished_at=runner.now + SECOND,
        error_message="no such file",
        error_traceback="Traceback …",
    )

    assert began.id == ended.id
    assert ("failed", 1.0) == (ended.status, ended.duration_seconds)
    assert ("no such file", "Traceback …") == (ended.error_message, ended.error_traceback)
    assert {"path": "a.csv"} == ended.input
    assert [("run-1", "running")] == runner.executions()


def test_an_outcome_without_a_start_goes_to_the_newest_row_that_runs(runner: Runner) -> None:
    first, second = runner.node(started_at=runner.now), runner.node(started_at=runner.now + 1)

    ended = runner.node(Status.COMPLETED)

    assert first.id != second.id == ended.id
    assert ["running", "completed"] == runner.rows(ended.execution_id)


def test_an_outcome_that_overtakes_its_beginning_leaves_one_settled_row(runner: Runner) -> None:
    ended = runner.node(Status.COMPLETED, started_at=runner.now, took=250)
    late = runner.node(started_at=runner.now, parameters={"path": "a.csv"})

    assert ended.id == late.id
    assert ("completed", 0.25, {"path": "a.csv"}) == (
        late.status,
        late.duration_seconds,
        late.input,
    )


def test_a_second_beginning_is_the_next_turn_of_a_loop(runner: Runner) -> None:
    ids = []
    for turn in range(3):
        ids.append(runner.node(started_at=runner.now + turn * SECOND).id)
        runner.node(Status.COMPLETED, started_at=runner.now + turn * SECOND, took=10)

    with runner.database.reading() as connection:
        nodes = read_nodes(connection, runner.node(Status.COMPLETED).execution_id)
    assert ids == [node.id for node in nodes[:3]]
    assert [1, 2, 3] == [node.execution_order for node in nodes[:3]]


def test_an_outcome_that_was_never_begun_makes_its_row(runner: Runner) -> None:
    ended = runner.node(Status.COMPLETED, finished_at=runner.now, took=1_500)

    assert (runner.now - 1_500_000, 1.5) == (
        int(ended.started_at.timestamp() * 1_000_000) if ended.started_at else None,
        ended.duration_seconds,
    )


def test_two_who_report_the_same_run_at_once_make_one_row(runner: Runner) -> None:
    ready = Barrier(2)

    def report(status: Status) -> NodeDetail:
        ready.wait(timeout=10)
        return runner.node(status, started_at=runner.now, took=5)

    with ThreadPoolExecutor(2) as pool:
        began, ended = pool.map(report, (Status.RUNNING, Status.COMPLETED))

    assert began.id == ended.id
    assert ["completed"] == runner.rows(ended.execution_id)


def test_nobody_writes_into_another_scripts_execution(database: Database, runner: Runner) -> None:
    other = Runner(database, "another")
    theirs = runner.node()

    mine = other.node(Status.COMPLETED, parameters={"mine": True})

    assert theirs.execution_id != mine.execution_id
    assert ["running"] == runner.rows(theirs.execution_id)
    assert other.node(Status.COMPLETED).execution_id == mine.execution_id


@pytest.mark.parametrize("trigger", ["manual", "reported"])
def test_what_everyrun_or_another_recorded_is_not_reported_into(
    database: Database, runner: Runner, trigger: str
) -> None:
    facts = Facts("their own")
    tell(database, facts.started(trigger=trigger))

    with pytest.raises(NotReported):
        runner.node(execution=facts.execution_id)
    with pytest.raises(NotReported):
        runner.record(execution=facts.execution_id)
    assert [("", "running")] == runner.executions()


def test_a_record_settles_the_execution_whose_nodes_were_reported(runner: Runner) -> None:
    node = runner.node(Status.COMPLETED, started_at=runner.now - SECOND, took=500)
    runner.now += SECOND

    execution_id = runner.record(Status.COMPLETED, took=2_000)

    assert node.execution_id == execution_id
    assert [("run-1", "completed")] == runner.executions()


def test_a_record_without_nodes_is_an_execution_of_its_own(runner: Runner) -> None:
    runner.record(Status.FAILED, took=1_000, error_message="stop")
    runner.record(Status.CANCELLED)

    assert [("", "cancelled"), ("", "failed")] == runner.executions()


def test_a_record_does_not_settle_a_run_that_began_before_it(runner: Runner) -> None:
    runner.node(Status.COMPLETED)
    runner.now += HOUR

    runner.record(Status.COMPLETED, took=10_000)

    assert [("", "completed"), ("run-1", "running")] == runner.executions()


def test_the_first_record_of_a_named_execution_stands(runner: Runner) -> None:
    runner.node(Status.COMPLETED)
    first = runner.record(Status.COMPLETED, execution="run-1")
    runner.now += SECOND

    assert first == runner.record(Status.FAILED, execution="run-1")
    assert [("run-1", "completed")] == runner.executions()


def test_a_node_of_whose_end_nothing_is_heard_is_lost_with_its_run_until_it_is(
    runner: Runner,
) -> None:
    node = runner.node(started_at=runner.now)
    execution_id = runner.record(Status.CANCELLED, took=1)

    assert ["lost"] == runner.rows(execution_id)
    assert "completed" == runner.node(Status.COMPLETED, started_at=runner.now).status
    assert ["completed"] == runner.rows(node.execution_id)


def test_nodes_without_an_execution_are_of_the_scripts_current_run(runner: Runner) -> None:
    began = runner.node(execution=None, started_at=runner.now)
    runner.record(took=1)
    late = runner.node(Status.COMPLETED, execution=None, started_at=runner.now, took=1)
    again = runner.node(execution=None, started_at=runner.now + SECOND)

    assert began.id == late.id
    assert began.execution_id != again.execution_id


def test_nodes_without_a_script_are_counted_as_no_workflow(runner: Runner) -> None:
    runner.script = None
    runner.node(started_at=runner.now)
    runner.node(Status.COMPLETED, started_at=runner.now)
    runner.now += 2 * HOUR

    assert (1, None) == runner.database.transact(lambda c: end_quiet_runs(c, runner.now))
    assert [("run-1", "completed")] == runner.executions()


def test_a_quiet_run_is_lost_until_its_record_comes(runner: Runner) -> None:
    runner.node(started_at=runner.now)
    assert (0, None) == runner.database.transact(lambda c: end_quiet_runs(c, runner.now))
    runner.now += 2 * HOUR

    assert (1, None) == runner.database.transact(lambda c: end_quiet_runs(c, runner.now))
    assert [("run-1", "lost")] == runner.executions()
    assert (0, None) == runner.database.transact(lambda c: end_quiet_runs(c, runner.now))

    runner.record(execution="run-1")
    assert [("run-1", "completed")] == runner.executions()


def test_what_a_node_was_given_is_hidden_and_cut(runner: Runner) -> None:
    node = runner.node(
        Status.FAILED,
        parameters={"password": "hunter2hunter2"},
        result={"text": "x" * 500_000},
        error_message="x" * 50_000,
    )

    assert {"password": "***"} == node.input
    assert len(str(node.output)) < 100_000
    assert len(node.error_message or "") < 10_000


@given(data=st.data())
def test_any_order_of_reports_gives_a_row_for_each_turn(database: Database, data: Any) -> None:
    empty(database)
    runner = Runner(database)
    turns = data.draw(st.integers(1, 4))
    told = [
        (status, runner.now + turn * SECOND)
        for turn in range(turns)
        for status in (Status.RUNNING, Status.COMPLETED)
    ]
    # An outcome may come twice, and before its beginning unless another turn is open: then only
    # the order says whose it is (R0.3).
    told = data.draw(st.permutations(told + data.draw(st.lists(st.sampled_from(told)))))
    ended: set[int] = set()
    begun: set[int] = set()
    for status, at in told:
        if status is Status.COMPLETED and at not in begun and begun - ended:
            continue
        (begun if status is Status.RUNNING else ended).add(at)
        begun |= ended
        node = runner.node(status, started_at=at, took=5)

    assert sorted(begun) == sorted(
        int(row.started_at.timestamp() * 1_000_000 + 0.5)
        for row in _nodes(database, node.execution_id)
        if row.started_at
    )
    with database.reading() as connection:
        assert [] == check_counters(connection)


def _nodes(database: Database, execution_id: str) -> Any:
    with database.reading() as connection:
        return read_nodes(connection, execution_id)
