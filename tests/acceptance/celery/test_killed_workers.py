"""Workers killed with -9, their children and as a whole: lost while the evidence says so."""

import os
import signal

from sqlalchemy import select

from everyrun.domain.clock import SystemClock
from everyrun.scheduler.silence import Silence
from everyrun.store.database import Database
from everyrun.store.tables import Node, NodeAttempt, NodeExecution, Recorder
from tests.support.celery_ledger import Ledger
from tests.support.celery_processes import Shop
from tests.support.waiting import wait_until


def _statuses(shop: Shop) -> dict[str, tuple[str, int]]:
    return {row.name: (row.status, row.attempt) for row in Ledger(shop.ledger_url).rows()}


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


def test_a_task_whose_pool_child_is_killed_runs_again_as_another_attempt(shop: Shop) -> None:
    with shop.worker("prefork"):
        shop.python("late.apply_async()")
        wait_until(lambda: _is_running(shop, "shop.late"), "it runs")
        [(pid, program, _)] = _recorders_of(shop, "shop.late")
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: _statuses(shop)["shop.late"][0] == "completed", "it is done")

    assert {"shop.late": ("completed", 2)} == _statuses(shop)
    assert [("shop.late", 1, "lost")] == _earlier(shop)
    assert program.startswith("celery worker ")


def test_tasks_of_a_worker_killed_as_a_whole_are_lost_until_they_are_delivered_again(
    shop: Shop,
) -> None:
    shop.environment |= {"EVERYRUN_HEARTBEAT_INTERVAL": "0.3", "CELERY_TEST_VISIBILITY": "1"}
    database, clock, chore = Database(shop.ledger_url), SystemClock(), Silence()

    def are_lost() -> bool:
        chore.notice(database, clock.now())
        statuses = _statuses(shop)
        return {"lost"} == {statuses[name][0] for name in ("shop.hang", "shop.late")}

    with shop.worker("prefork") as worker:
        shop.python("hang.apply_async(); late.apply_async()")
        wait_until(lambda: _is_running(shop, "shop.hang", "shop.late"), "both run")
        worker.kill()
    wait_until(are_lost, "both are lost")
    [(pid, program, reason)] = _recorders_of(shop, "shop.hang")
    with shop.worker("prefork"):
        wait_until(lambda: _statuses(shop)["shop.late"][0] == "completed", "one is done")

    assert ("lost", 1) == _statuses(shop)["shop.hang"]
    assert ("completed", 2) == _statuses(shop)["shop.late"]
    assert [("shop.late", 1, "lost")] == _earlier(shop)
    assert reason is not None
    assert f"process {pid} on " in reason
    assert f"({program}) was last heard of at" in reason
