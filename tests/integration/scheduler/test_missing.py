"""Canvases that wait for a message that no worker has or will get are told of."""

from typing import Any

import pytest
from sqlalchemy import select

from everyrun.domain import events
from everyrun.domain.clock import to_datetime
from everyrun.domain.events import QueueLength, RecorderGone, RecorderInfo, TaskUnderWay, WorkerSeen
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.scheduler.hanging import LOOK_EVERY, QUIET, Hanging
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.tables import ExecutionLog, WorkflowExecution
from tests.support.facts import NOON, SECOND, Facts, a_recorder, tell

LATER = NOON + 2 * QUIET
EMPTY = [QueueLength(name="celery", messages=0)]


def _chain(*steps: str, **said: Any) -> tuple[Facts, list[dict[str, Any]]]:
    run = Facts("nightly", "celery")
    return run, [{**run.of, "node": name, "node_execution_id": new_id()} for name in steps]


def _sent(run: Facts, steps: list[dict[str, Any]], **metadata: Any) -> list[Any]:
    return [
        events.ExecutionCreated(**run.of, at=NOON, detached=True),
        *(events.NodeCreated(**step, at=NOON, metadata=metadata or None) for step in steps),
    ]


def _worker(
    database: Database, worker: RecorderInfo | None = None, at: int = LATER, **said: Any
) -> RecorderInfo:
    worker = worker or a_recorder()
    usual: dict[str, Any] = {
        "name": "celery@a",
        "broker": "redis://here",
        "pool": "prefork",
        "concurrency": 2,
    }
    tell(database, WorkerSeen(at=at, **usual | {"queues": EMPTY} | said), recorder=worker)
    return worker


def _standing(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as connection:
        assert [] == check_counters(connection)
        columns = (WorkflowExecution.status, WorkflowExecution.lost_reason)
        return [(row[0], row[1]) for row in connection.execute(select(*columns))]


def test_a_step_that_is_with_no_worker_is_told_of_and_taken_back(database: Database) -> None:
    run, [first, second] = _chain("shop.ocr", "shop.excel")
    tell(database, *_sent(run, [first, second]))
    ended = NOON + SECOND
    tell(database, events.NodeFinished(**first, at=ended, status=Status.COMPLETED))
    _worker(database)
    chore = Hanging()

    assert 1 == chore.notice(database, LATER)
    assert 0 == chore.notice(database, LATER + LOOK_EVERY)
    [(status, reason)] = _standing(database)
    assert ("lost", True) == (
        status,
        (reason or "").startswith("hung: 1 task (shop.excel) waits, but the workers that are up"),
    )

    tell(database, events.NodeFinished(**second, at=LATER, status=Status.COMPLETED))
    chore.notice(database, LATER + 2 * LOOK_EVERY)
    assert "completed" == _standing(database)[0][0]
    with database.reading() as connection:
        levels = connection.execute(select(ExecutionLog.level).order_by(ExecutionLog.position))
        assert ["warning", "info"] == list(levels.scalars())


def test_what_was_sent_to_where_no_worker_takes_from_is_told_of(database: Database) -> None:
    run, steps = _chain("shop.ocr")
    tell(database, *_sent(run, steps))
    _worker(database)

    assert 1 == Hanging().notice(database, LATER)
    assert "lost" == _standing(database)[0][0]


@pytest.mark.parametrize(
    "said",
    [
        {"running": [TaskUnderWay(id="1", name="shop.ocr", since=NOON)], "running_total": 1},
        {"reserved": 1},
        {"queues": [QueueLength(name="celery", messages=3)]},
        {"queues": [QueueLength(name="celery")]},
        {"queues": []},
        {"is_stopped": True},
        {"at": NOON + SECOND},
    ],
    ids=["runs", "holds", "in a queue", "not known", "takes nothing", "stopped", "long ago"],
)
def test_a_message_may_be_with_a_worker_that_is_busy_or_not_known(
    database: Database, said: dict[str, Any]
) -> None:
    run, steps = _chain("shop.ocr")
    tell(database, *_sent(run, steps))
    _worker(database, **said)

    assert 0 == Hanging().notice(database, LATER)


def test_one_worker_of_several_that_is_busy_may_have_it(database: Database) -> None:
    run, steps = _chain("shop.ocr")
    tell(database, *_sent(run, steps))
    _worker(database)
    busy = _worker(database, name="celery@b", reserved=2)
    chore = Hanging()
    before = chore.notice(database, LATER)
    tell(database, RecorderGone(at=LATER, reason="killed"), recorder=busy)

    assert (0, 1) == (before, chore.notice(database, LATER + LOOK_EVERY))


def test_what_is_to_begin_later_or_moves_is_left_alone(database: Database) -> None:
    later, steps = _chain("shop.ocr")
    tell(database, *_sent(later, steps, eta=to_datetime(LATER + SECOND).isoformat()))
    moving, [first, second] = _chain("shop.ocr", "shop.excel")
    tell(database, *_sent(moving, [first, second]), events.NodeStarted(**first, at=NOON))
    _worker(database)
    chore = Hanging()

    assert 0 == chore.notice(database, LATER)
    assert {"pending", "running"} == {status for status, _ in _standing(database)}
