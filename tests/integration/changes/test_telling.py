"""What moves is told of once, in the transaction that moves it; what does not move is not."""

from collections.abc import Callable
from functools import partial

import pytest

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.domain.views.changes import BatchCounts, ChangedSchedule, LogsUpdated
from everyrun.store import batches, schedules, versions
from everyrun.store.database import Database
from everyrun.store.deleting import delete_executions
from tests.integration.changes.following import Follower
from tests.integration.reading.runs import Run, tell_runs
from tests.support.facts import NOON, SECOND, Facts, a_recorder, tell

Follow = Callable[[], Follower]


def test_an_execution_is_told_of_at_each_move(database: Database, follow: Follow) -> None:
    follower, run = follow(), Run("nightly")
    found = []
    tell_runs(database, [run])
    found.append(follower.types())
    tell_runs(database, [run.started()])
    found.append(follower.types())
    tell_runs(database, [run.finished()])
    found.append(follower.types())

    assert [
        ["workflow.registered", "execution.appeared"],
        ["execution.started"],
        ["execution.completed"],
    ] == found


@pytest.mark.parametrize(
    ("status", "event"),
    [
        (Status.COMPLETED, "workflowExecutionCompleted"),
        (Status.FAILED, "workflowExecutionFailed"),
        (Status.CANCELLED, None),
        (Status.SKIPPED, None),
    ],
)
def test_a_whole_run_in_one_batch_is_told_of_by_its_outcome(
    database: Database, follow: Follow, status: Status, event: str | None
) -> None:
    follower, run = follow(), Run("nightly").started().finished(status)
    tell_runs(database, [run])
    registered, item = follower.poll()

    assert "workflow.registered" == registered.type
    assert f"execution.{status.value}" == item.type
    assert (run.id, "nightly", "function") == (item.execution_id, item.workflow, item.kind)
    assert registered.workflow_id == item.workflow_id
    assert event == (item.logs_updated and item.logs_updated.type)


def test_what_is_told_again_or_too_late_changes_nothing(database: Database, follow: Follow) -> None:
    facts, recorder = Facts(), a_recorder()
    told = [facts.started(), facts.node_started(), facts.node_finished(), facts.finished()]
    tell(database, *told, recorder=recorder)
    follower = follow()
    tell(database, *told, facts.line(), recorder=recorder)
    tell(database, facts.started(), recorder=recorder)

    assert [] == follower.poll()


def test_lost_executions_are_told_of_and_so_is_their_return(
    database: Database, follow: Follow
) -> None:
    facts, recorder = Facts(), a_recorder()
    tell(database, facts.started(), recorder=recorder)
    follower = follow()
    tell(database, events.RecorderGone(at=NOON + SECOND, reason="killed"), recorder=recorder)
    lost = follower.types()
    tell(database, facts.node_started(at=NOON + 2 * SECOND), recorder=recorder)
    tell(
        database,
        events.ExecutionProgressed(**facts.of, at=NOON + 3 * SECOND, current=1),
        recorder=recorder,
    )

    assert ["execution.lost"] == lost
    assert ["execution.returned"] == follower.types()


def test_an_earlier_start_that_comes_to_light_is_told_of(
    database: Database, follow: Follow
) -> None:
    facts = Facts()
    tell(database, facts.started(at=NOON))
    follower = follow()
    tell(database, facts.started(at=NOON - SECOND))

    assert ["execution.corrected"] == follower.types()


def test_an_earlier_outcome_that_comes_to_light_is_told_of(
    database: Database, follow: Follow
) -> None:
    facts = Facts()
    tell(database, facts.finished(at=NOON + 2, status=Status.FAILED))
    follower = follow()
    tell(database, facts.finished(at=NOON + 1))

    assert ["execution.completed"] == follower.types()


def test_members_of_a_batch_carry_its_id_and_no_event_of_their_own(
    database: Database, follow: Follow
) -> None:
    follower, batch_id = follow(), new_id()
    tell_runs(database, [Run("nightly", batch_id=batch_id).started().finished(Status.FAILED)])
    item = follower.poll()[-1]

    assert (batch_id, None) == (item.batch_id, item.logs_updated)


@pytest.mark.parametrize("stopped", [False, True])
def test_a_batch_is_told_of_whatever_its_end(
    database: Database, follow: Follow, stopped: bool
) -> None:
    follower, batch_id = follow(), new_id()
    database.transact(
        lambda c: batches.make_batch(c, batch_id, "all", total=4, parallel=1, by="me", now=NOON)
    )
    outcomes = [Status.COMPLETED, Status.COMPLETED, Status.FAILED, Status.SKIPPED]
    tell_runs(database, [Run(batch_id=batch_id).finished(status) for status in outcomes])
    if stopped:
        database.transact(lambda c: batches.ask_stop(c, batch_id, "me", NOON))
        database.transact(lambda c: batches.ask_stop(c, batch_id, "me", NOON))
    database.transact(lambda c: batches.count_members(c, batch_id))
    status = Status.CANCELLED if stopped else Status.FAILED
    for _ in range(2):
        database.transact(lambda c: batches.end_batch(c, batch_id, status, NOON))
    found = [item for item in follower.poll() if item.batch is not None]
    ended = found[-1]

    assert (["batch.appeared", *(["batch.stopping"] if stopped else []), "batch.settled"]) == [
        item.type for item in found
    ]
    assert batch_id == ended.batch_id
    assert (
        BatchCounts(
            name="all", status=status.value, total=4, completed=2, failed=1, cancelled=0, not_run=1
        )
        == ended.batch
    )
    assert (
        LogsUpdated(
            type="allScriptsExecutionCompleted", success_count=2, fail_count=1, total_count=4
        )
        == ended.logs_updated
    )


def _save(database: Database, digest: str, name: str = "g", **of: str) -> str:
    return database.transact(
        lambda c: versions.save_version(
            c, {"name": name, **of}, name=name, digest=digest, by=None, now=NOON, nodes={}
        )
    ).workflow_id


def test_workflows_are_told_of_when_they_change(database: Database, follow: Follow) -> None:
    follower = follow()
    id_ = _save(database, "1")
    _save(database, "1")
    _save(database, "2")
    for active in (True, False, False):
        database.transact(partial(versions.set_active, name="g", active=active, now=NOON))
    for _ in range(2):
        _save(database, "3", description="what for")
    database.transact(lambda c: versions.delete_workflow(c, "g", NOON))
    _save(database, "3", description="what for")
    found = follower.poll()

    assert [
        ("workflow.registered", None, None),
        ("workflow.saved", 1, None),
        ("workflow.saved", 2, None),
        ("workflow.switched", None, False),
        ("workflow.described", None, None),
        ("workflow.saved", 3, None),
        ("workflow.deleted", None, None),
        ("workflow.restored", None, None),
    ] == [(item.type, item.version, item.active) for item in found]
    assert {(id_, "g", "graph")} == {(item.workflow_id, item.workflow, item.kind) for item in found}


def test_the_order_of_workflows_is_told_of(database: Database, follow: Follow) -> None:
    _save(database, "1", name="a")
    id_ = _save(database, "1", name="b")
    database.transact(lambda c: versions.set_order(c, ["a"], NOON))
    follower = follow()
    database.transact(lambda c: versions.set_order(c, ["b"], NOON))
    found = follower.poll()

    assert {"workflow.reordered"} == {item.type for item in found}
    assert id_ in {item.workflow_id for item in found}


def test_schedules_are_told_of_when_they_change(database: Database, follow: Follow) -> None:
    workflow_id = _save(database, "1")
    follower = follow()
    id_ = database.transact(
        lambda c: schedules.add_schedule(c, workflow_id, "daily", {}, "UTC", NOON, NOON)
    )
    database.transact(
        lambda c: schedules.set_schedule_active(
            c, id_, active=False, reason=None, next_fire_at=None, now=NOON
        )
    )
    for _ in range(2):
        database.transact(lambda c: schedules.delete_schedule(c, id_, NOON))
    found = follower.poll()

    assert ["schedule.changed", "schedule.changed", "schedule.deleted"] == [
        item.type for item in found
    ]
    assert ChangedSchedule(id=id_, name="daily", active=True) == found[0].schedule
    assert ChangedSchedule(id=id_, name="daily", active=False) == found[2].schedule
    assert {workflow_id} == {item.workflow_id for item in found}


def test_deletions_are_told_of_with_their_number(database: Database, follow: Follow) -> None:
    runs = [Run("a"), Run("a"), Run("b")]
    tell_runs(database, runs)
    follower = follow()
    database.transact(lambda c: delete_executions(c, [runs[0].id, runs[1].id, new_id()], NOON))
    database.transact(lambda c: delete_executions(c, [new_id()], NOON))
    (item,) = follower.poll()

    assert ("executions.deleted", 2, "a") == (item.type, item.count, item.workflow)


def test_what_is_rolled_back_is_not_told_of(database: Database, follow: Follow) -> None:
    follower = follow()
    with database.engine.connect() as connection:
        batches.make_batch(connection, new_id(), "all", total=1, parallel=1, by=None, now=NOON)
        connection.rollback()
    tell_runs(database, [Run("nightly")])

    assert ["workflow.registered", "execution.appeared"] == follower.types()
