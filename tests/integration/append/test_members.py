"""Canvases settle when every member has, whichever facts come first (R4.5-R4.7)."""

from itertools import permutations
from typing import Any

from sqlalchemy import select

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.tables import NodeExecution, WorkflowExecution
from tests.support.emptying import empty
from tests.support.facts import NOON, SECOND, Facts, a_recorder, tell


class Canvas(Facts):
    """A canvas of two tasks."""

    def __init__(self) -> None:
        super().__init__("a canvas", "celery")
        self.second = {**self.at_node, "node": "save", "node_execution_id": new_id()}

    def created(self) -> list[Any]:
        return [
            events.ExecutionCreated(**self.of, at=NOON, detached=True),
            events.NodeCreated(**self.at_node, at=NOON),
            events.NodeCreated(**self.second, at=NOON),
        ]

    def second_finished(self, at: int, status: Status = Status.COMPLETED) -> events.NodeFinished:
        return events.NodeFinished(**self.second, at=at, status=status)


def _standing(database: Database) -> tuple[Any, ...]:
    columns = (
        WorkflowExecution.status,
        WorkflowExecution.ended_at,
        WorkflowExecution.error_message,
    )
    with database.reading() as connection:
        assert [] == check_counters(connection)
        [found] = connection.execute(select(*columns)).all()
    ended = None if found[1] is None else round(found[1].timestamp() * 1_000_000) - NOON
    return found[0], ended, found[2]


def test_a_canvas_waits_runs_and_is_done_with_its_members(database: Database) -> None:
    canvas = Canvas()
    standings = []
    for told in (
        canvas.created(),
        [canvas.node_started()],
        [canvas.node_finished(at=NOON + SECOND)],
        [canvas.second_finished(at=NOON + 2 * SECOND)],
    ):
        tell(database, *told)
        standings.append(_standing(database))

    assert [
        ("pending", None, None),
        ("running", None, None),
        ("running", None, None),
        ("completed", 2 * SECOND, None),
    ] == standings


def test_the_first_failure_is_the_canvases_at_once_and_stays(database: Database) -> None:
    canvas = Canvas()
    tell(database, *canvas.created(), canvas.node_finished(status=Status.FAILED))
    failed = canvas.finished(status=Status.FAILED, error_message="Task load failed: no")

    tell(database, failed)
    tell(database, canvas.second_finished(at=NOON + 5 * SECOND))

    assert ("failed", SECOND, "Task load failed: no") == _standing(database)


def test_a_member_that_comes_late_opens_a_canvas_again(database: Database) -> None:
    canvas = Canvas()
    first, second = events.NodeCreated(**canvas.at_node, at=NOON), canvas.created()[2]
    tell(database, first, canvas.node_finished(at=NOON + SECOND))
    before = _standing(database)

    tell(database, second)

    assert [("completed", SECOND, None), ("running", None, None)] == [before, _standing(database)]


def test_its_own_completion_is_not_the_end_of_a_canvas(database: Database) -> None:
    canvas = Canvas()
    tell(database, *canvas.created(), canvas.finished(at=NOON + SECOND))

    assert "running" == _standing(database)[0]


def test_a_canvas_without_members_ends_as_it_says(database: Database) -> None:
    canvas = Canvas()
    tell(database, canvas.created()[0], canvas.finished(at=NOON + SECOND))
    tell(database, canvas.created()[0])

    assert ("completed", SECOND, None) == _standing(database)


def test_a_revoked_member_cancels_a_canvas_that_nothing_failed_in(database: Database) -> None:
    canvas = Canvas()
    tell(
        database,
        *canvas.created(),
        canvas.node_finished(status=Status.CANCELLED),
        canvas.second_finished(NOON + SECOND, Status.SKIPPED),
    )

    assert "cancelled" == _standing(database)[0]


def test_a_canvas_reads_the_same_in_every_order(database: Database) -> None:
    canvas = Canvas()
    facts = [
        canvas.created(),
        [canvas.node_finished(at=NOON + SECOND, status=Status.FAILED)],
        [canvas.second_finished(at=NOON + 2 * SECOND)],
        [canvas.finished(at=NOON + SECOND, status=Status.FAILED, error_message="Task load failed")],
        [canvas.finished(at=NOON + SECOND // 2)],
    ]
    found = set()
    for order in permutations(facts):
        empty(database)
        for told in order:
            tell(database, *told)
        found.add(_standing(database))

    assert {("failed", SECOND, "Task load failed")} == found


def test_what_is_known_of_a_nodes_place_is_filled_in(database: Database) -> None:
    canvas = Canvas()
    tell(database, events.NodeCreated(**canvas.at_node, at=NOON, metadata={"group_id": "g"}))
    tell(database, canvas.node_started(metadata={"group_id": "other", "root_id": "r"}))

    with database.reading() as connection:
        found = connection.execute(select(NodeExecution.metadata_)).scalars().all()

    assert [{"group_id": "g", "root_id": "r"}] == found


def test_what_says_that_a_canvas_is_lost_outlives_that_it_seemed_done(database: Database) -> None:
    canvas = Canvas()
    told = [
        canvas.started(),
        canvas.node_finished(at=NOON + SECOND),
        events.NodeStarted(**canvas.second, at=NOON + SECOND),
        events.ExecutionLost(**canvas.of, at=NOON + 3 * SECOND, reason="no sign of life"),
    ]
    found = set()
    for order in permutations(told):
        empty(database)
        for event in order:
            tell(database, event)
        with database.reading() as connection:
            columns = (WorkflowExecution.status, WorkflowExecution.lost_reason)
            found.add(tuple(connection.execute(select(*columns)).one()))

    assert {("lost", "no sign of life")} == found


def test_a_canvas_outlives_the_process_that_sent_it(database: Database) -> None:
    canvas, sender = Canvas(), a_recorder()
    gone = events.RecorderGone(at=NOON + SECOND, reason="killed")
    tell(database, canvas.started(), recorder=sender)
    tell(database, gone, recorder=sender)
    before = _standing(database)

    tell(database, *canvas.created()[1:])
    tell(database, events.RecorderGone(at=NOON + 3 * SECOND, reason="killed"), recorder=sender)

    assert ("lost", "running") == (before[0], _standing(database)[0])


def test_who_began_an_attempt_last_runs_it_though_others_are_heard_of_later(
    database: Database,
) -> None:
    canvas, killed, other = Canvas(), a_recorder(), a_recorder(pid=2)
    tell(database, canvas.node_started(at=NOON + 3 * SECOND), recorder=other)
    tell(database, canvas.node_started(at=NOON), recorder=killed)
    tell(database, events.RecorderGone(at=NOON + 5 * SECOND, reason="killed"), recorder=killed)

    with database.reading() as connection:
        found = connection.execute(select(NodeExecution.status, NodeExecution.recorder_id)).one()

    assert ("running", other.id) == tuple(found)
