"""Workers killed with -9, their children and as a whole: lost while the evidence says so."""

import os
import signal

from sqlalchemy import select

from everyrun.domain.clock import SystemClock
from everyrun.domain.views.celery_workers import CeleryQueueView, CeleryWorkerView
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.scheduler.hanging import QUIET, Hanging
from everyrun.scheduler.silence import Silence
from everyrun.store.database import Database
from everyrun.store.reading.celery_workers import list_queues, list_workers
from everyrun.store.reading.executions import list_executions
from everyrun.store.tables import Node, NodeAttempt, NodeExecution, Recorder
from tests.support.celery_ledger import Ledger
from tests.support.celery_processes import Shop
from tests.support.waiting import wait_until


def _statuses(shop: Shop) -> dict[str, tuple[str, int]]:
    return {row.name: (row.status, row.attempt) for row in Ledger(shop.ledger_url).rows()}


def _executions(shop: Shop) -> dict[str, tuple[str, str | None]]:
    """Status and reason of every execution, by its name."""
    with Database(shop.ledger_url).reading() as connection:
        page = list_executions(connection, ExecutionFilters())
    return {each.workflow: (each.status, each.lost_reason) for each in page.items}


def _workers(shop: Shop) -> list[CeleryWorkerView]:
    with Database(shop.ledger_url).reading() as connection:
        return list_workers(connection)


def _queues(shop: Shop) -> list[CeleryQueueView]:
    with Database(shop.ledger_url).reading() as connection:
        return list_queues(connection)


def _earlier(shop: Shop) -> list[tuple[str, int, str]]:
    query = (
        select(Node.key, NodeAttempt.attempt, NodeAttempt.status)
        .join(NodeExecution, NodeExecution.id == NodeAttempt.node_execution_id)
        .join(Node, Node.id == NodeExecution.node_id)
    )
    with Database(shop.ledger_url).reading() as connection:
        return [tuple(row) for row in connection.execute(query)]  # type: ignore[misc]


def _recorders_of(shop: Shop, name: str) -> list[tuple[int, str, str | None]]:
    """Process, program and end of whoever runs tasks of a name."""
    query = (
        select(Recorder.pid, Recorder.program, Recorder.gone_reason)
        .join(NodeExecution, NodeExecution.recorder_id == Recorder.id)
        .join(Node, Node.id == NodeExecution.node_id)
        .where(Node.key == name)
    )
    with Database(shop.ledger_url).reading() as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _is_running(shop: Shop, *names: str) -> bool:
    ledger = Ledger(shop.ledger_url)
    if not ledger.executions():
        return False
    running = {row.name for row in ledger.rows() if row.status == "running"}
    return running.issuperset(names)


def test_one_worker_outlives_a_killed_child_and_a_lost_counter(shop: Shop) -> None:
    """One worker for both: it takes longer to start than all the rest."""
    with shop.worker("prefork"):
        _a_killed_child_begins_another_attempt(shop)
        _a_chord_whose_counter_is_gone_hangs_on_record(shop)
        wait_until(lambda: _workers(shop), "a worker that says that it is up")
        [up], [queue] = _workers(shop), _queues(shop)

    assert ("up", "prefork", 2, ["celery"]) == (up.state, up.pool, up.concurrency, up.queues)
    assert up.name.startswith("celery@")
    assert ("celery", 1) == (queue.name, queue.workers)
    assert queue.messages is not None
    assert str(shop.redis.socket) in queue.broker
    assert ["stopped"] == [worker.state for worker in _workers(shop)]


def _a_killed_child_begins_another_attempt(shop: Shop) -> None:
    shop.python("late.apply_async()")
    wait_until(lambda: _is_running(shop, "shop.late"), "it runs")
    [(pid, program, _)] = _recorders_of(shop, "shop.late")
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: _statuses(shop)["shop.late"][0] == "completed", "it is done")

    assert {"shop.late": ("completed", 2)} == _statuses(shop)
    assert [("shop.late", 1, "lost")] == _earlier(shop)
    assert program.startswith("celery worker ")


def _a_chord_whose_counter_is_gone_hangs_on_record(shop: Shop) -> None:
    database, hanging = Database(shop.ledger_url), Hanging()
    shop.python("start(chord([add.si(1), held.si()], total.s()), 'held')")
    wait_until(lambda: _is_running(shop, "shop.held"), "it runs")
    wait_until(lambda: _statuses(shop)["shop.add"][0] == "completed", "the other is done")
    with shop.redis.client(shop.backend) as client:
        [counter] = client.keys("*.j")
        client.delete(counter)
    assert 0 == hanging.notice(database, SystemClock().now() + QUIET)
    with shop.redis.client(shop.broker) as client:
        client.set("free", 1)
    wait_until(lambda: _statuses(shop)["shop.held"][0] == "completed", "both are done")

    assert 1 == hanging.notice(database, SystemClock().now() + 2 * QUIET)
    assert (
        "lost",
        (
            "hung: the 2 tasks that shop.total waits for are completed and it was not sent; "
            "the count of its chord in the result backend is stuck or gone"
        ),
    ) == _executions(shop)["held"]


def test_tasks_of_a_worker_killed_as_a_whole_are_lost_until_they_are_delivered_again(
    shop: Shop,
) -> None:
    shop.environment |= {"EVERYRUN_HEARTBEAT_INTERVAL": "0.3", "CELERY_TEST_VISIBILITY": "1"}
    database, clock, silence = Database(shop.ledger_url), SystemClock(), Silence()

    def are_lost() -> bool:
        silence.notice(database, clock.now())
        statuses = _statuses(shop)
        lost = {statuses[name][0] for name in ("shop.hang", "shop.late")}
        return lost == {"lost"} and {worker.state for worker in _workers(shop)} == {"gone"}

    with shop.worker("prefork") as worker:
        shop.python(
            "start(hang.si(), 'one'); start(chord([add.si(1), late.si()], total.s()), 'two')"
        )
        wait_until(lambda: _is_running(shop, "shop.hang", "shop.late"), "both run")
        worker.kill()
    wait_until(are_lost, "both are lost")
    [(pid, program, reason)] = _recorders_of(shop, "shop.hang")
    Hanging().notice(database, clock.now() + 2 * QUIET)
    hung, worker_states = _executions(shop), [worker.state for worker in _workers(shop)]
    with shop.worker("prefork"):
        wait_until(lambda: _executions(shop)["two"][0] == "completed", "one is done")

    assert ["gone"] == worker_states
    assert ("lost", "lost") == (hung["one"][0], hung["two"][0])
    assert (hung["two"][1] or "").startswith(
        "hung: shop.total waits for 2 tasks, of which 1 are completed and 1 lost; "
    )
    assert ("completed", None) == _executions(shop)["two"]
    assert ("lost", 1) == _statuses(shop)["shop.hang"]
    assert ("completed", 2) == _statuses(shop)["shop.late"]
    assert [("shop.late", 1, "lost")] == _earlier(shop)
    assert reason is not None
    assert f"process {pid} on " in reason
    assert f"({program}) was last heard of at" in reason
