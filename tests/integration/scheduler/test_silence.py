"""Whoever promised heartbeats and is silent is taken for gone, until it is heard of again."""

import pytest
from sqlalchemy import select

from everyrun.domain import events
from everyrun.domain.events import WIRE_VERSION, Batch, RecorderInfo
from everyrun.domain.identifiers import new_id
from everyrun.scheduler.silence import HEARTBEATS, Silence
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.intake import append_batch
from everyrun.store.reading.nodes import read_node
from everyrun.store.tables import NodeExecution, WorkflowExecution
from tests.support.facts import NOON, SECOND, Facts

BEAT = 15
LEASE = HEARTBEATS * BEAT * SECOND


def _worker(heartbeat: float | None = BEAT) -> RecorderInfo:
    return RecorderInfo(
        id=new_id(),
        host="host-a",
        pid=4242,
        started_at=NOON,
        program="celery worker shop@host-a",
        heartbeat=heartbeat,
    )


def _hear(database: Database, worker: RecorderInfo, at: int, *told: events.AnyEvent) -> None:
    append_batch(database, Batch(version=WIRE_VERSION, recorder=worker, events=list(told)), at)


def _standing(database: Database) -> tuple[str, str]:
    """How the one execution stands, and its one node execution."""
    with database.reading() as connection:
        assert [] == check_counters(connection)
        execution = connection.execute(select(WorkflowExecution.status)).scalar_one()
        return execution, connection.execute(select(NodeExecution.status)).scalar_one()


def _look(database: Database, chore: Silence, since: int, until: int) -> int:
    """Look every five seconds, as the loop does; how many fell silent."""
    return sum(chore.notice(database, at) for at in range(since, until + 1, 5 * SECOND))


def test_what_a_silent_process_ran_is_lost_within_its_lease(database: Database) -> None:
    worker, run = _worker(), Facts()
    _hear(database, worker, NOON, run.started(), run.node_started())
    chore = Silence()

    assert 0 == _look(database, chore, NOON, NOON + LEASE - 5 * SECOND)
    assert ("running", "running") == _standing(database)
    assert 1 == _look(database, chore, NOON + LEASE, NOON + LEASE)
    assert ("lost", "lost") == _standing(database)
    with database.reading() as connection:
        reason = read_node(connection, run.execution_id, run.node_execution_id).lost_reason
    assert reason is not None
    assert "process 4242 on host-a (celery worker shop@host-a) was last heard of at" in reason
    assert "silent for 60 s; its heartbeat is every 15 s" in reason


def test_whoever_is_heard_of_again_was_not_gone(database: Database) -> None:
    worker, run = _worker(), Facts()
    _hear(database, worker, NOON, run.started(), run.node_started())
    chore = Silence()
    _look(database, chore, NOON, NOON + LEASE)

    _hear(database, worker, NOON + LEASE + SECOND)

    assert ("running", "running") == _standing(database)
    assert 0 == _look(database, chore, NOON + LEASE + 5 * SECOND, NOON + 2 * LEASE - 5 * SECOND)
    assert 1 == _look(database, chore, NOON + 2 * LEASE, NOON + 2 * LEASE + 5 * SECOND)
    assert ("lost", "lost") == _standing(database)


def test_what_comes_late_of_a_silent_process_settles_it(database: Database) -> None:
    worker, run = _worker(), Facts()
    _hear(database, worker, NOON, run.started(), run.node_started())
    _look(database, Silence(), NOON, NOON + LEASE)

    _hear(database, worker, NOON + 2 * LEASE, run.node_finished(), run.finished())

    assert ("completed", "completed") == _standing(database)


def test_what_is_known_to_be_gone_is_not_back_by_what_it_left_in_its_spool(
    database: Database,
) -> None:
    worker, run = _worker(), Facts()
    _hear(database, worker, NOON, run.started(), run.node_started())
    _look(database, Silence(), NOON, NOON + LEASE)
    gone = events.RecorderGone(at=NOON + 2 * LEASE, reason="its spool was left")

    _hear(database, worker, NOON + 2 * LEASE, gone)
    _hear(database, worker, NOON + 2 * LEASE, run.line())

    assert ("lost", "lost") == _standing(database)


@pytest.mark.parametrize("heartbeat", [None, BEAT])
def test_nothing_is_said_of_who_promised_nothing_or_keeps_its_promise(
    database: Database, heartbeat: float | None
) -> None:
    worker, run = _worker(heartbeat), Facts()
    _hear(database, worker, NOON, run.started(), run.node_started())
    chore = Silence()
    for at in range(NOON, NOON + 3 * LEASE, 15 * SECOND):
        if heartbeat is not None:
            _hear(database, worker, at)
        chore.notice(database, at)

    assert ("running", "running") == _standing(database)


def test_a_ledger_that_did_not_answer_did_not_hear_anybody(database: Database) -> None:
    worker, run = _worker(), Facts()
    _hear(database, worker, NOON, run.started(), run.node_started())
    chore = Silence()
    chore.notice(database, NOON)

    assert 0 == chore.notice(database, NOON + 10 * LEASE)
    assert ("running", "running") == _standing(database)


def test_a_clock_that_is_ahead_does_not_hide_that_a_process_is_gone(database: Database) -> None:
    worker, run = _worker(), Facts()
    tomorrow = NOON + 86_400 * SECOND
    _hear(database, worker, NOON, run.started(at=tomorrow), run.node_started(at=tomorrow))

    _look(database, Silence(), NOON, NOON + LEASE)

    assert ("lost", "lost") == _standing(database)


def test_another_try_elsewhere_runs_while_the_silent_one_is_lost(database: Database) -> None:
    worker, other, run = _worker(), _worker(), Facts()
    _hear(database, worker, NOON, run.started(), run.node_started())
    again = run.node_started(at=NOON + SECOND, attempt=2)
    _hear(database, other, NOON + SECOND, again)
    chore = Silence()
    for at in range(NOON, NOON + LEASE + 1, 5 * SECOND):
        _hear(database, other, at)
        chore.notice(database, at)

    assert "running" == _standing(database)[1]
    with database.reading() as connection:
        node = read_node(connection, run.execution_id, run.node_execution_id)
    assert [(1, "lost"), (2, "running")] == [(a.attempt, a.status) for a in node.attempt_details]
