"""What filters mean is counted, shown, and deleted only while it is still what was shown."""

import pytest

from everyrun.domain.errors import IllegalMove, InvalidCursor, InvalidQuery
from everyrun.domain.events import RecorderGone
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.store.checking import check_counters, check_integrity
from everyrun.store.clearing import CountMoved, delete_matching, delete_one
from everyrun.store.database import Database
from everyrun.store.reading.counts import count_executions
from tests.support.facts import NOON, Facts, a_recorder, tell

NIGHTLY = ExecutionFilters(workflow="nightly")


def _settled(database: Database, count: int, workflow: str = "nightly") -> list[str]:
    made = []
    for _ in range(count):
        facts = Facts(workflow)
        tell(database, facts.started(), facts.node_started(), facts.node_finished())
        tell(database, facts.line(), facts.finished())
        made.append(facts.execution_id)
    return made


def _running(database: Database, workflow: str = "nightly") -> str:
    facts = Facts(workflow)
    tell(database, facts.started())
    return facts.execution_id


def _confirm(database: Database, filters: ExecutionFilters = NIGHTLY) -> str:
    with database.reading() as connection:
        return count_executions(connection, filters).confirm


def _count(database: Database) -> int:
    with database.reading() as connection:
        return count_executions(connection, ExecutionFilters()).count


def test_a_count_tells_statuses_and_what_may_be_deleted(database: Database) -> None:
    _settled(database, 3)
    _settled(database, 2, "other")
    _running(database)

    with database.reading() as connection:
        counted = count_executions(connection, NIGHTLY)

    assert (4, True, 3) == (counted.count, counted.complete, counted.deletable)
    assert {"completed": 3, "running": 1} == counted.statuses


def test_a_count_stops_at_its_ceiling_and_says_so(database: Database) -> None:
    _settled(database, 3)

    with database.reading() as connection:
        counted = count_executions(connection, NIGHTLY, ceiling=2)

    assert (2, False) == (counted.count, counted.complete)


def test_what_was_shown_is_deleted_and_what_runs_stays(database: Database) -> None:
    _settled(database, 3)
    _settled(database, 2, "other")
    _running(database)

    done = delete_matching(database, NIGHTLY, _confirm(database), NOON)

    assert (3, 1, False) == (done.deleted, done.skipped, done.remaining)
    assert 3 == _count(database)
    with database.reading() as connection:
        assert [] == check_counters(connection)
        assert [] == check_integrity(connection)


def test_what_was_born_since_it_was_shown_is_left_alone(database: Database) -> None:
    _settled(database, 2)
    confirm = _confirm(database)
    _settled(database, 2)

    done = delete_matching(database, NIGHTLY, confirm, NOON)

    assert 2 == done.deleted
    assert 2 == _count(database)


def test_a_number_that_has_moved_is_refused(database: Database) -> None:
    made = _settled(database, 4)
    confirm = _confirm(database)
    database.transact(lambda connection: delete_one(connection, made[0], NOON))

    with pytest.raises(CountMoved) as refused:
        delete_matching(database, NIGHTLY, confirm, NOON)

    assert {"expected": 4, "count": 3} == refused.value.members()
    assert 3 == _count(database)


def test_a_confirmation_holds_for_its_filters_alone(database: Database) -> None:
    _settled(database, 1)
    confirm = _confirm(database)

    with pytest.raises(InvalidQuery):
        delete_matching(database, ExecutionFilters(), confirm, NOON)
    with pytest.raises(InvalidCursor):
        delete_matching(database, NIGHTLY, "yes", NOON)
    assert 1 == _count(database)


def test_more_than_the_ceiling_goes_in_several_calls(database: Database) -> None:
    _settled(database, 5)
    deleted = []
    remaining = True
    while remaining:
        with database.reading() as connection:
            confirm = count_executions(connection, NIGHTLY, ceiling=2).confirm
        done = delete_matching(database, NIGHTLY, confirm, NOON, ceiling=2)
        deleted.append(done.deleted)
        remaining = done.remaining

    assert [2, 2, 1] == deleted


def test_one_that_runs_is_deleted_only_by_force(database: Database) -> None:
    running = _running(database)

    with pytest.raises(IllegalMove, match="Cannot delete execution in running state"):
        database.transact(lambda connection: delete_one(connection, running, NOON))
    assert database.transact(lambda connection: delete_one(connection, running, NOON, force=True))
    assert not database.transact(lambda connection: delete_one(connection, new_id(), NOON))
    assert 0 == _count(database)


def test_what_is_lost_may_be_deleted(database: Database) -> None:
    facts, recorder = Facts(), a_recorder()
    tell(database, facts.started(), recorder=recorder)
    tell(database, RecorderGone(at=NOON + 1, reason="killed"), recorder=recorder)
    lost = ExecutionFilters(statuses=(Status.LOST,))

    done = delete_matching(database, lost, _confirm(database, lost), NOON)

    assert (1, 0) == (done.deleted, done.skipped)
