"""What ends tasks from outside: killed workers, limits, operators, brokers that are down."""

from functools import partial

from sqlalchemy import select

from everyrun.store.database import Database
from everyrun.store.tables import ExecutionLog, Node, NodeExecution
from tests.support.celery_ledger import Ledger
from tests.support.celery_processes import Shop
from tests.support.waiting import wait_until

SETTLED_WITHIN = 60.0
Outcomes = list[tuple[str, str, str | None]]


def _settle(shop: Shop, executions: int) -> Ledger:
    ledger = Ledger(shop.ledger_url)
    wait_until(lambda: len(ledger.executions()) >= executions, "canvases", SETTLED_WITHIN)
    wait_until(lambda: not ledger.unsettled(), "settled canvases", SETTLED_WITHIN)
    return ledger


def _outcomes(ledger: Ledger) -> Outcomes:
    return sorted((row.name, row.status, row.error) for row in ledger.rows())


GONE = {
    "chain(crash.si(), add.si(1))": (
        "Task shop.crash failed: Worker exited prematurely",
        [("shop.add", "skipped"), ("shop.crash", "failed")],
    ),
    "chain(stuck.si(), add.si(1))": (
        "Task shop.stuck failed: TimeLimitExceeded(1",
        [("shop.add", "skipped"), ("shop.stuck", "failed")],
    ),
    "chain(signature('shop.nobody', immutable=True), add.si(1))": (
        "Task shop.nobody failed: no worker's task is named shop.nobody",
        [("shop.add", "skipped"), ("shop.nobody", "failed")],
    ),
    "chord([crash.si(), add.si(1)], total.s())": (
        "Task shop.crash failed: Worker exited prematurely",
        [("shop.add", "completed"), ("shop.crash", "failed"), ("shop.total", "skipped")],
    ),
}
"""Canvas -> how its failure reads, and how its tasks stand."""


def test_what_a_tasks_own_process_cannot_tell_its_worker_tells(shop: Shop) -> None:
    ledger = Ledger(shop.ledger_url)
    with shop.worker("prefork"):
        for number, (canvas, (_, expected)) in enumerate(GONE.items()):
            shop.python(f"start({canvas}, 'canvas {number}')")
            # A canvas settles with the members that are known: one may be told of after that.
            wait_until(partial(_stand_as, ledger, f"canvas {number}", expected), canvas)
    told = {name: (status, error or "") for name, status, error in ledger.executions()}

    for number, (reason, expected) in enumerate(GONE.values()):
        status, error = told[f"canvas {number}"]
        assert "failed" == status
        assert error.startswith(reason)
        assert expected == _members(ledger, f"canvas {number}")


def _stand_as(ledger: Ledger, workflow: str, expected: list[tuple[str, str]]) -> bool:
    return expected == _members(ledger, workflow) and not ledger.unsettled()


def _members(ledger: Ledger, workflow: str) -> list[tuple[str, str]]:
    rows = ledger.rows() if ledger.executions() else []
    return sorted((row.name, row.status) for row in rows if row.workflow == workflow)


def test_a_task_that_an_operator_terminates_is_cancelled_with_what_follows(shop: Shop) -> None:
    with shop.worker("prefork"):
        shop.python("chain(add.si(1).set(task_id='t-1', countdown=60), add.si(2)).apply_async()")
        wait_until(lambda: shop.waiting() == 1, "a task that waits", SETTLED_WITHIN)
        shop.python("app.control.revoke('t-1', terminate=True, reply=True, timeout=10, limit=1)")
        shop.python("chain(hang.si().set(task_id='t-2'), add.si(2)).apply_async()")
        ledger = Ledger(shop.ledger_url)
        wait_until(
            lambda: any(row.status == "running" for row in ledger.rows()), "it runs", SETTLED_WITHIN
        )
        shop.python("app.control.revoke('t-2', terminate=True, reply=True, timeout=10, limit=1)")
        wait_until(
            lambda: any(
                name == "shop.hang" and status == "cancelled"
                for name, status, _ in _outcomes(ledger)
            ),
            "a cancelled task",
            SETTLED_WITHIN,
        )

    assert ("shop.add", "skipped", "Task shop.hang was terminated (SIGTERM)") in [
        (name, status, (error or "").replace("(15)", "(SIGTERM)"))
        for name, status, error in _outcomes(ledger)
    ]


def test_lines_lie_under_the_task_and_the_attempt_that_wrote_them(shop: Shop) -> None:
    with shop.worker("prefork"):
        shop.python("talk.delay(); hesitate.delay()")
        _settle(shop, 2)
    query = (
        select(Node.key, ExecutionLog.level, ExecutionLog.message, ExecutionLog.attempt)
        .join(NodeExecution, NodeExecution.id == ExecutionLog.node_execution_id)
        .join(Node, Node.id == NodeExecution.node_id)
        .order_by(Node.key, ExecutionLog.timestamp)
    )
    with Database(shop.ledger_url).reading() as connection:
        lines = [tuple(row) for row in connection.execute(query)]

    assert [
        ("shop.hesitate", "info", "try 0", 1),
        ("shop.hesitate", "info", "try 1", 2),
        ("shop.talk", "info", "packing box", 1),
        ("shop.talk", "warning", "box is heavy", 1),
        ("shop.talk", "warning", "printed by a task", 1),
    ] == lines


def test_a_chain_that_cannot_be_sent_is_on_record_as_failed(shop: Shop) -> None:
    code = """
try:
    start(chain(add.s(1), add.s(2)), "cr_extract_workflow", input={"file_path": "a.pdf"})
except Exception as error:
    print(type(error).__name__)
"""
    printed = shop.python(code, CELERY_TEST_BROKER="redis+socket:///nowhere/redis.sock")

    [(name, status, reason)] = Ledger(shop.ledger_url).executions()
    assert ("cr_extract_workflow", "failed") == (name, status)
    assert reason is not None
    assert "nowhere/redis.sock" in reason
    assert "OperationalError" == printed.strip()
    assert [] == Ledger(shop.ledger_url).rows()


def test_a_chain_sent_by_a_program_without_everyrun_is_one_execution(shop: Shop) -> None:
    bare = """
from celery import Celery, chain, signature
import os
app = Celery(broker=os.environ["CELERY_TEST_BROKER"], set_as_current=True)
chain(signature("shop.add", (1,)), signature("shop.fail"), signature("shop.add")).apply_async()
"""
    with shop.worker("prefork"):
        shop.bare_python(bare)
        ledger = _settle(shop, 1)

    assert [
        ("chain: shop.add → shop.fail → shop.add", "failed", "Task shop.fail failed: no stock")
    ] == ledger.executions()
    assert [
        ("shop.add", "completed"),
        ("shop.add", "skipped"),
        ("shop.fail", "failed"),
    ] == [(name, status) for name, status, _ in _outcomes(ledger)]


def test_an_eager_task_is_on_record_with_its_retries(shop: Shop) -> None:
    shop.python("flaky.apply((7, 2)); fail.apply()")

    ledger = Ledger(shop.ledger_url)
    assert [
        ("shop.fail", "failed", "Task shop.fail failed: no stock"),
        ("shop.flaky", "completed", None),
    ] == sorted(ledger.executions())
    assert [3] == [row.attempt for row in ledger.rows() if row.name == "shop.flaky"]
