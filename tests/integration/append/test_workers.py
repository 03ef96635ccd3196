"""What workers of Celery say of themselves is kept, the latest of each, in any order."""

from itertools import permutations
from typing import Any

import msgspec
import pytest

from everyrun.domain.errors import EventRejected
from everyrun.domain.events import (
    QueueLength,
    RecorderGone,
    RecorderInfo,
    TaskUnderWay,
    WorkerSeen,
)
from everyrun.domain.views.celery_workers import CeleryQueueView, CeleryWorkerView
from everyrun.scheduler.forgetting import Forgetting
from everyrun.store.database import Database
from everyrun.store.reading.celery_workers import list_queues, list_workers
from tests.support.emptying import empty
from tests.support.facts import NOON, SECOND, a_recorder, tell

WEEK = 7 * 86_400 * SECOND


def _seen(at: int = NOON, name: str = "celery@a", **more: Any) -> WorkerSeen:
    of: dict[str, Any] = {
        "broker": "redis://host/0",
        "pool": "prefork",
        "concurrency": 2,
        "running": [TaskUnderWay(id="t-1", name="shop.add", since=at - SECOND)],
        "running_total": 1,
        "reserved": 3,
        "done": 7,
        "queues": [QueueLength(name="celery", messages=12)],
    }
    return WorkerSeen(at=at, name=name, **of | more)


def _read(database: Database) -> tuple[list[CeleryWorkerView], list[CeleryQueueView]]:
    with database.reading() as connection:
        return list_workers(connection), list_queues(connection)


def test_a_worker_that_is_up_tells_what_it_runs_and_what_waits(database: Database) -> None:
    worker = a_recorder()
    tell(database, _seen(), recorder=worker)
    [found], [queue] = _read(database)

    assert (worker.id, "celery@a", "host-a", 4242, "up") == (
        found.id,
        found.name,
        found.host,
        found.pid,
        found.state,
    )
    assert ("prefork", 2, 1, 3, 7, ["celery"]) == (
        found.pool,
        found.concurrency,
        found.running_total,
        found.reserved,
        found.done,
        found.queues,
    )
    assert ["t-1"] == [task.id for task in found.running]
    assert ("celery", "redis://host/0", 12, "celery@a", 1) == (
        queue.name,
        queue.broker,
        queue.messages,
        queue.seen_by,
        queue.workers,
    )


def test_the_latest_word_holds_in_any_order(database: Database) -> None:
    worker, other = a_recorder(), a_recorder(pid=1)
    told: list[tuple[RecorderInfo, WorkerSeen]] = [
        (worker, _seen(NOON)),
        (other, _seen(NOON + 1, "celery@b", queues=[QueueLength(name="celery", messages=5)])),
        (worker, _seen(NOON + 2, is_stopped=True, queues=[QueueLength(name="celery")])),
    ]
    found = set()
    for order in permutations(told):
        empty(database)
        for recorder, event in order:
            tell(database, event, recorder=recorder)
        found.add(msgspec.json.encode(_read(database)))
    workers, [queue] = _read(database)

    assert 1 == len(found)
    assert {"celery@a": "stopped", "celery@b": "up"} == {w.name: w.state for w in workers}
    assert (5, "celery@b", 1) == (queue.messages, queue.seen_by, queue.workers)


def test_a_worker_whose_process_is_gone_runs_nothing(database: Database) -> None:
    worker = a_recorder()
    tell(database, _seen(), RecorderGone(at=NOON + 1, reason="killed"), recorder=worker)
    [found], [queue] = _read(database)

    assert ("gone", "killed", [], 0) == (
        found.state,
        found.gone_reason,
        found.running,
        queue.workers,
    )
    with database.reading() as connection:
        assert [] == list_workers(connection, up_only=True)


@pytest.mark.parametrize(
    "more", [{"name": ""}, {"done": -1}, {"pool": "x" * 101}, {"queues": [QueueLength(name="")]}]
)
def test_what_cannot_be_kept_is_refused(database: Database, more: dict[str, Any]) -> None:
    with pytest.raises(EventRejected):
        tell(database, _seen(**more))


def test_who_was_last_seen_a_week_ago_is_forgotten(database: Database) -> None:
    tell(database, _seen(NOON))
    tell(database, _seen(NOON + 2 * SECOND, "celery@b", queues=[]))

    Forgetting().forget(database, NOON + WEEK + SECOND)

    workers, queues = _read(database)
    assert (["celery@b"], []) == ([worker.name for worker in workers], queues)
