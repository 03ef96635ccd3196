"""What the one door does with facts, early, late, repeated and wrong."""

import math
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from everyrun.domain import events
from everyrun.domain.errors import EventRejected
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.tables import (
    ExecutionLog,
    ExternalId,
    Node,
    NodeAttempt,
    NodeExecution,
    Recorder,
    Workflow,
    WorkflowExecution,
)
from tests.support.facts import NOON, SECOND, Facts, a_recorder, tell
from tests.support.snapshots import snapshot


def _all(database: Database, *columns: Any) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def _execution_status(database: Database) -> list[str]:
    return [row[0] for row in _all(database, WorkflowExecution.status)]


def test_a_resent_batch_changes_nothing(database: Database) -> None:
    facts, recorder = Facts(), a_recorder()
    told = [facts.started(), facts.node_started(), facts.node_line(), facts.node_finished()]
    tell(database, *told, recorder=recorder)
    with database.reading() as connection:
        before = snapshot(connection)

    tell(database, *told, recorder=recorder)

    with database.reading() as connection:
        assert before == snapshot(connection)


def test_a_late_start_never_undoes_a_completion(database: Database) -> None:
    facts = Facts()
    tell(database, facts.finished(started_at=NOON))

    tell(database, facts.started(input={"a": 1}))

    found = _all(database, WorkflowExecution.status, WorkflowExecution.input_data)
    assert [("completed", {"a": 1})] == found


def test_of_two_outcomes_the_earlier_one_stays(database: Database) -> None:
    facts = Facts()
    tell(database, facts.finished(at=NOON + 9, status=Status.FAILED, error_message="late"))

    tell(database, facts.finished(at=NOON + 5, status=Status.CANCELLED))
    tell(database, facts.finished(at=NOON + 7, status=Status.COMPLETED, output=1))

    columns = (
        WorkflowExecution.status,
        WorkflowExecution.error_message,
        WorkflowExecution.output_data,
    )
    assert [("cancelled", None, None)] == _all(database, *columns)


def test_an_empty_output_is_kept(database: Database) -> None:
    facts = Facts()

    tell(database, facts.started(), facts.finished(output={}))

    assert [({},)] == _all(database, WorkflowExecution.output_data)


def test_a_line_that_comes_first_makes_its_execution_and_node(database: Database) -> None:
    facts = Facts(workflow="o'clock 한글")

    tell(database, facts.node_line())

    assert ["pending"] == _execution_status(database)
    assert [("o'clock 한글",)] == _all(database, Workflow.name)
    assert [("load",)] == _all(database, Node.key)
    assert [("pending",)] == _all(database, NodeExecution.status)


def test_a_nodes_start_shows_that_its_execution_runs(database: Database) -> None:
    facts = Facts()

    tell(database, facts.node_started(at=NOON))

    assert ["running"] == _execution_status(database)


def test_each_retry_is_kept_as_an_attempt_with_its_error(database: Database) -> None:
    facts = Facts()
    tell(
        database,
        facts.node_started(),
        facts.node_retrying(at=NOON + 1, error_message="first"),
        facts.node_started(at=NOON + 2, attempt=2),
        facts.node_retrying(at=NOON + 3, attempt=2, error_message="second"),
    )

    tell(database, facts.node_started(at=NOON + 4, attempt=3))

    attempts = _all(database, NodeAttempt.attempt, NodeAttempt.status, NodeAttempt.error_message)
    assert [(1, "failed", "first"), (2, "failed", "second")] == sorted(attempts)
    assert [("running", 3, None)] == _all(
        database, NodeExecution.status, NodeExecution.attempt, NodeExecution.error_message
    )


def test_what_a_gone_process_left_running_is_lost(database: Database) -> None:
    facts, recorder = Facts(), a_recorder()
    tell(database, facts.started(), facts.node_started(), recorder=recorder)

    tell(database, events.RecorderGone(at=NOON + SECOND, reason="killed"), recorder=recorder)

    assert ["lost"] == _execution_status(database)
    assert [("lost",)] == _all(database, NodeExecution.status)
    assert [("killed",)] == _all(database, Recorder.gone_reason)


def test_a_late_report_wins_over_lost(database: Database) -> None:
    facts, recorder = Facts(), a_recorder()
    tell(database, facts.started(), recorder=recorder)
    tell(database, events.RecorderGone(at=NOON + SECOND, reason="killed"), recorder=recorder)

    tell(database, facts.finished(at=NOON + 1), recorder=recorder)

    assert ["completed"] == _execution_status(database)


def test_lost_never_overrides_a_settled_status(database: Database) -> None:
    facts = Facts()
    tell(database, facts.finished())

    tell(database, events.ExecutionLost(**facts.of, at=NOON + 9 * SECOND, reason="silent"))

    assert ["completed"] == _execution_status(database)


def test_a_pending_execution_that_another_process_will_run_outlives_its_maker(
    database: Database,
) -> None:
    facts, recorder = Facts(), a_recorder()
    created = events.ExecutionCreated(**facts.of, at=NOON, detached=True)
    tell(database, created, recorder=recorder)

    tell(database, events.RecorderGone(at=NOON + 1, reason="killed"), recorder=recorder)

    assert ["pending"] == _execution_status(database)


def test_the_earlier_born_execution_keeps_an_external_id(database: Database) -> None:
    older, newer = Facts(), Facts()
    tell(database, newer.started(external_id="job-1"))

    tell(database, older.started(external_id="job-1"), newer.finished())

    assert [(older.execution_id,)] == _all(database, ExternalId.workflow_execution_id)
    found = _all(database, WorkflowExecution.id, WorkflowExecution.status)
    assert [(older.execution_id, "running"), (newer.execution_id, "completed")] == sorted(found)


def test_dropped_events_are_counted_once(database: Database) -> None:
    recorder = a_recorder()
    tell(database, events.RecorderDropped(at=NOON, count=7), recorder=recorder)

    tell(database, events.RecorderDropped(at=NOON, count=5), recorder=recorder)

    assert [(7,)] == _all(database, Recorder.dropped_events)


def test_nul_in_text_is_written_visibly(database: Database) -> None:
    facts = Facts()

    tell(database, facts.line("a\0b"), facts.finished(error_message="c\0d", output={"k\0": "\0"}))

    assert [("a\\x00b",)] == _all(database, ExecutionLog.message)
    assert [("c\\x00d",)] == _all(database, WorkflowExecution.error_message)
    assert [({"k\\x00": "\\x00"},)] == _all(database, WorkflowExecution.output_data)


WRONG = [
    ({"execution_id": "not-a-uuid"}, "execution_id is no UUID"),
    ({"execution_id": "6a9f6f2c-6a0b-4b1e-8a7e-2f6f1f0c9d11"}, "version 7"),
    ({"workflow": ""}, "workflow must have 1 to 500 characters"),
    ({"workflow": "x" * 501}, "workflow must have 1 to 500 characters"),
    ({"kind": "k" * 21}, "kind must have 1 to 20 characters"),
    ({"at": -1}, "at is no time"),
    ({"at": 10**18}, "at is no time"),
    ({"status": Status.RUNNING}, "must be settled"),
    ({"attempt": 0}, "attempt must be from 1"),
    ({"attempt": 40_000}, "attempt must be from 1"),
    ({"order": 2**31}, "order is out of range"),
    ({"node": ""}, "node must have 1 to 500 characters"),
    ({"node_execution_id": "zz"}, "node_execution_id is no UUID"),
    ({"parent_node_execution_id": "zz"}, "parent_node_execution_id is no UUID"),
]


@pytest.mark.parametrize(("wrong", "reason"), WRONG)
def test_an_event_that_cannot_be_is_refused_with_its_place_and_nothing_is_written(
    database: Database, wrong: dict[str, Any], reason: str
) -> None:
    facts = Facts()
    bad = facts.node_finished()
    for field, value in wrong.items():
        setattr(bad, field, value)

    with pytest.raises(EventRejected, match=f"event 1: .*{reason}"):
        tell(database, facts.started(), bad, facts.finished())

    assert [] == _all(database, WorkflowExecution.id)


def _progressed(facts: Facts, **wrong: Any) -> events.NodeProgressed:
    return events.NodeProgressed(**{**facts.at_node, "at": NOON, "current": 1.0, **wrong})


NUMBERS = [
    (lambda facts: _progressed(facts, started_at=10**18), "started_at is no time"),
    (lambda facts: _progressed(facts, started_at=-1), "started_at is no time"),
    (lambda facts: facts.node_retrying(started_at=10**18), "started_at is no time"),
    (lambda facts: _progressed(facts, current=math.nan), "current is no finite number"),
    (lambda facts: _progressed(facts, current=math.inf), "current is no finite number"),
    (lambda facts: _progressed(facts, total=math.nan), "total is no finite number"),
    (lambda facts: facts.started(nodes_total=2**31), "nodes_total is out of range"),
    (lambda facts: facts.started(nodes_total=-1), "nodes_total is out of range"),
]


@pytest.mark.parametrize(("make", "reason"), NUMBERS)
def test_a_number_that_could_not_be_read_back_is_refused(
    database: Database, make: Callable[[Facts], Any], reason: str
) -> None:
    facts = Facts()

    with pytest.raises(EventRejected, match=f"event 1: .*{reason}"):
        tell(database, facts.started(), make(facts))

    assert [] == _all(database, WorkflowExecution.id)


def test_lines_are_numbered_as_they_arrive(database: Database) -> None:
    facts = Facts()
    first, second, late = facts.line("1"), facts.line("2"), facts.line("late")
    tell(database, second, late)

    tell(database, first, second, facts.line("3"))

    found = _all(database, ExecutionLog.position, ExecutionLog.message)
    assert ["2", "late", "1", "3"] == [message for _position, message in sorted(found)]


def test_writers_that_meet_in_one_new_execution_take_turns(database: Database) -> None:
    facts, writers = Facts(workflow="met by all"), 4
    barrier = threading.Barrier(writers)
    failures: list[BaseException] = []

    def write() -> None:
        recorder = a_recorder()
        barrier.wait()
        try:
            for number in range(10):
                node = {**facts.at_node, "node_execution_id": new_id(), "node": f"n{number}"}
                finished = events.NodeFinished(**node, at=NOON, status=Status.COMPLETED)
                tell(database, finished, facts.line(str(number)), recorder=recorder)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == failures
    counted = _all(database, WorkflowExecution.nodes_completed, WorkflowExecution.log_position)
    assert [(writers * 10, writers * 10)] == counted
    assert [(writers * 10,)] == _all(database, func.count(ExecutionLog.id))
    with database.reading() as connection:
        assert [] == check_counters(connection)
