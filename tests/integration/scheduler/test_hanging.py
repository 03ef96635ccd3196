"""Canvases that hang are told of with the reason, and taken back when they go on."""

from typing import Any

import pytest
from sqlalchemy import select

from everyrun.domain import events
from everyrun.domain.events import RecorderGone
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.scheduler import hanging
from everyrun.scheduler.hanging import LOOK_EVERY, QUIET, Hanging
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.tables import ExecutionLog, WorkflowExecution
from tests.support.facts import NOON, SECOND, Facts, a_recorder, tell

LATER = NOON + 2 * QUIET


class Chord(Facts):
    """A chord of two tasks and its body."""

    def __init__(self) -> None:
        super().__init__("a chord", "celery")
        self.body_id = new_id()
        self.members = [
            {**self.of, "node": "shop.add", "node_execution_id": new_id()} for _ in range(2)
        ]
        self.body = {**self.of, "node": "shop.total", "node_execution_id": self.body_id}

    def sent(self) -> list[Any]:
        place = {"chord_id": self.body_id}
        return [
            events.ExecutionCreated(**self.of, at=NOON, detached=True),
            *(events.NodeCreated(**m, at=NOON, metadata=place) for m in self.members),
            events.NodeCreated(**self.body, at=NOON),
        ]

    def began(self, number: int) -> events.NodeStarted:
        return events.NodeStarted(**self.members[number], at=NOON + SECOND)

    def ended(self, number: int) -> events.NodeFinished:
        at = NOON + (2 + number) * SECOND
        return events.NodeFinished(**self.members[number], at=at, status=Status.COMPLETED)

    def body_sent(self) -> events.NodeCreated:
        said = {"body_of": self.body_id}
        return events.NodeCreated(**self.body, at=NOON + 2 * SECOND, metadata=said)


def _standing(database: Database) -> tuple[str, str | None]:
    with database.reading() as connection:
        assert [] == check_counters(connection)
        columns = (WorkflowExecution.status, WorkflowExecution.lost_reason)
        row = connection.execute(select(*columns)).one()
        return row[0], row[1]


def _lines(database: Database) -> list[tuple[str, str]]:
    with database.reading() as connection:
        query = select(ExecutionLog.level, ExecutionLog.message).order_by(ExecutionLog.position)
        return [(row[0], row[1]) for row in connection.execute(query)]


def test_a_body_that_is_not_sent_is_told_of_with_the_reason(database: Database) -> None:
    chord = Chord()
    tell(database, *chord.sent(), chord.began(0), chord.began(1), chord.ended(0), chord.ended(1))

    assert 1 == Hanging().notice(database, LATER)
    reason = (
        "hung: the 2 tasks that shop.total waits for are completed and it was not sent; "
        "the count of its chord in the result backend is stuck or gone"
    )
    assert ("lost", reason) == _standing(database)
    assert [("warning", reason)] == _lines(database)


def test_a_body_that_was_sent_may_wait_in_its_queue(database: Database) -> None:
    chord = Chord()
    tell(database, *chord.sent(), chord.ended(0), chord.body_sent(), chord.ended(1))

    assert 0 == Hanging().notice(database, LATER)
    assert "running" == _standing(database)[0]


def test_a_body_waits_while_a_member_runs_or_is_not_on_record(database: Database) -> None:
    running, unseen = Chord(), Chord()
    tell(database, *running.sent(), running.began(1), running.ended(0))
    tell(database, *unseen.sent(), unseen.ended(0), unseen.ended(1))
    tell(database, events.NodeCreated(**unseen.body, at=NOON, metadata={"header_unseen": True}))

    assert 0 == Hanging().notice(database, LATER)


def test_a_body_that_comes_after_all_takes_it_back(database: Database) -> None:
    chord, chore = Chord(), Hanging()
    tell(database, *chord.sent(), chord.ended(0), chord.ended(1))
    chore.notice(database, LATER)

    # Long before it was told that it hangs, and after anything that was heard of it by then.
    tell(database, events.NodeStarted(**chord.body, at=NOON + 4 * SECOND))
    chore.notice(database, LATER + LOOK_EVERY)
    tell(database, events.NodeFinished(**chord.body, at=LATER, status=Status.COMPLETED))

    assert "completed" == _standing(database)[0]
    assert ["warning", "info"] == [level for level, _ in _lines(database)]


def test_a_lost_member_is_why_its_body_waits(database: Database) -> None:
    chord, worker = Chord(), a_recorder()
    tell(database, *chord.sent(), chord.ended(0))
    tell(database, chord.began(1), recorder=worker)
    tell(database, RecorderGone(at=NOON + 3 * SECOND, reason="it was killed"), recorder=worker)

    assert 1 == Hanging().notice(database, LATER)
    reason = (
        "hung: shop.total waits for 2 tasks, of which 1 are completed and 1 lost; it is sent only "
        "if these are delivered again: Task shop.add is lost (it was killed)"
    )
    assert ("lost", reason) == _standing(database)


def test_a_canvas_is_told_of_once_and_again_when_it_hangs_again(database: Database) -> None:
    chord, worker, chore = Chord(), a_recorder(), Hanging()
    tell(database, *chord.sent(), chord.ended(0))
    tell(database, chord.began(1), recorder=worker)
    tell(database, RecorderGone(at=NOON + 3 * SECOND, reason="killed"), recorder=worker)
    looks = [chore.notice(database, LATER + n * LOOK_EVERY) for n in range(3)]
    again = events.NodeStarted(**chord.members[1], at=NOON + 5 * SECOND, attempt=2)
    tell(database, again, chord.ended(1))
    looks += [chore.notice(database, LATER + n * LOOK_EVERY) for n in range(3, 6)]

    assert [1, 0, 0, 1, 0, 0] == looks
    assert "the 2 tasks that shop.total waits for are completed" in (_standing(database)[1] or "")


def test_what_moves_and_what_only_waits_is_left_alone(database: Database) -> None:
    queued, moving = Chord(), Chord()
    tell(database, *queued.sent())
    tell(database, *moving.sent(), moving.ended(0), moving.ended(1))

    assert 0 == Hanging().notice(database, NOON + 3 * SECOND + QUIET)


def test_of_many_some_are_looked_into_at_a_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hanging, "MOST_JUDGED", 2)
    for _ in range(5):
        chord = Chord()
        tell(database, *chord.sent(), chord.ended(0), chord.ended(1))
    chore = Hanging()

    assert [2, 2, 1, 0] == [chore.notice(database, LATER + n * LOOK_EVERY) for n in range(4)]
