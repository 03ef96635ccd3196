"""A large chain's tasks come by their start, a page at a time, as those of a small one do."""

import pytest

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.store.reading import chain_tasks
from everyrun.store.reading.pipelines import find_chain, read_chain
from tests.support.facts import NOON, SECOND, Facts, a_recorder, tell

STARTED, WAITING = 23, 9


def _tell_chain(database: Database, chain_id: str = "big", ended: int | None = None) -> None:
    """Some of two nodes that have started, in no order of their ids, and some that have not."""
    run = Facts("a chain", "celery")
    told: list[events.AnyEvent] = [
        events.ExecutionCreated(**run.of, at=NOON, detached=True, external_id=chain_id)
    ]
    for number in range(STARTED + WAITING):
        of = {**run.of, "node": f"shop.{number % 5 % 4}", "node_execution_id": new_id()}
        planned = number - STARTED if number >= STARTED + 4 else None
        told.append(events.NodeCreated(**of, at=NOON, order=planned and -planned % 3 + 1))
        if number < STARTED:
            at = NOON + (number * 7 % STARTED + 1) * SECOND
            told.append(events.NodeStarted(**of, at=at))
    if ended is not None:
        at = NOON + ended * SECOND
        told.append(events.ExecutionFinished(**run.of, at=at, status=Status.FAILED))
    tell(database, *told)


@pytest.mark.parametrize(("read", "whole"), [(0, 0), (0, 3_000), (500, 3_000)])
@pytest.mark.parametrize("ended", [None, 11], ids=["open", "ended"])
@pytest.mark.parametrize("size", [1, 5, 10, 100])
def test_pages_of_any_size_make_up_all_tasks_by_their_start(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    read: int,
    whole: int,
    size: int,
    ended: int | None,
) -> None:
    monkeypatch.setattr(chain_tasks, "READ_WHOLE", read)
    monkeypatch.setattr(chain_tasks, "SORTED_WHOLE", whole)
    for chain_id in ("another", "big", "a third"):
        _tell_chain(database, chain_id, ended)
    with database.reading() as connection:
        id_ = find_chain(connection, "big")
        pages = [
            read_chain(connection, id_, size, offset).tasks
            for offset in range(0, STARTED + WAITING + 1, size)
        ]

    tasks = [task for page in pages for task in page]
    starts = [task.started_at for task in tasks]
    assert STARTED + WAITING == len({task.id for task in tasks}) == len(tasks)
    assert sorted(start for start in starts if start) == starts[:STARTED]
    assert [None] * WAITING == starts[STARTED:]
    waiting = [(task.order is None, task.order, task.id) for task in tasks[STARTED:]]
    assert sorted(waiting) == waiting
    assert [1, 2, 2, 3, 3, None, None, None, None] == [task.order for task in tasks[STARTED:]]


def test_what_failed_first_is_told_wherever_its_page_is(database: Database) -> None:
    run = Facts("a chain", "celery")
    told = [
        events.NodeFinished(
            **{**run.of, "node": f"shop.{number}", "node_execution_id": new_id()},
            at=NOON + number,
            started_at=NOON - number,
            status=Status.FAILED if number else Status.COMPLETED,
            error_message=f"error {number}",
        )
        for number in range(3)
    ]
    tell(database, *told)
    with database.reading() as connection:
        chain = read_chain(connection, run.execution_id, limit=1, offset=2)

    assert "Task shop.2 failed: error 2" == chain.error_message


def test_a_lost_task_says_what_was_seen_of_its_worker(database: Database) -> None:
    run, worker = Facts("a chain", "celery"), a_recorder()
    tell(database, run.node_started(), recorder=worker)
    tell(database, events.RecorderGone(at=NOON + SECOND, reason="killed"), recorder=worker)
    with database.reading() as connection:
        [task] = read_chain(connection, run.execution_id).tasks

    assert ("lost", "killed") == (task.status, task.lost_reason)
