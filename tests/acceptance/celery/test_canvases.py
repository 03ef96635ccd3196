"""Every canvas of a table, task by task as Celery's own result backend has it (R4.1-R4.8)."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import celery
import pytest

from everyrun.integrations.celery.expiring import EXPIRED
from tests.support.celery_canvases import CANVASES, REVOKED
from tests.support.celery_ledger import Ledger, Row
from tests.support.celery_processes import Shop
from tests.support.rabbitmq_process import RABBITMQ, RabbitmqProcess
from tests.support.waiting import wait_until

ALL_DONE_WITHIN = 120.0
NEVER_RAN = "skipped"
NO_TASKS = {"shop.untracked", "celery.chord", "celery.group"}
"""What is not on record: what is left out, and signatures whose own ids Celery fails as well."""

OLDER = celery.VERSION < (5, 7)
"""It stores no name with what it fails in the backend alone, and nothing of what is rejected."""


RABBITMQ_SETTING = "EVERYRUN_TEST_RABBITMQ_URL"


@pytest.mark.parametrize("pool", ["prefork", "threads", "solo", "gevent"])
def test_the_record_of_every_canvas_equals_the_result_backend(shop: Shop, pool: str) -> None:
    _record_equals_backend(shop, pool)


@pytest.fixture
def rabbitmq_url(tmp_path: Path) -> Iterator[str]:
    """A RabbitMQ: the one that is named, or one of the test's own where Debian's package is."""
    if RABBITMQ_SETTING in os.environ:
        yield os.environ[RABBITMQ_SETTING]
        return
    if not RABBITMQ.exists():
        pytest.skip(f"Debian's rabbitmq-server is not here, and {RABBITMQ_SETTING} names no other")
    with RabbitmqProcess(tmp_path) as rabbitmq:
        yield rabbitmq.url


def test_the_record_of_every_canvas_equals_the_result_backend_over_rabbitmq(
    shop: Shop, rabbitmq_url: str
) -> None:
    shop.use_rabbitmq(rabbitmq_url)

    _record_equals_backend(shop, "prefork")


def _record_equals_backend(shop: Shop, pool: str) -> None:
    assert len(CANVASES) + len(REVOKED) >= 60
    with shop.worker(pool):
        sent = int(shop.run("tests.support.celery_sender"))
        ledger = Ledger(shop.ledger_url)
        wait_until(lambda: shop.waiting() == 0, "an empty queue", ALL_DONE_WITHIN)
        wait_until(lambda: not ledger.unsettled(), "settled canvases", ALL_DONE_WITHIN)
    rows = ledger.rows()
    differences = [
        *_missing(shop, rows),
        *_different(shop, rows),
        *(f"{row.name} {row.id} is {row.status}" for row in rows if not row.is_settled),
    ]

    assert [] == differences, "\n".join(differences)
    assert sent == len(ledger.executions())


def _by_task(rows: list[Row]) -> dict[str, Row]:
    """Task id -> its row; that of the task which replaced it, where one did."""
    stand_ins = {row.metadata["task_id"]: row for row in rows if "task_id" in row.metadata}
    return {row.id: row for row in rows if "task_id" not in row.metadata} | stand_ins


def _missing(shop: Shop, rows: list[Row]) -> list[str]:
    known = _by_task(rows)
    names = {each["id"]: each["name"] for each in shop.seen()}
    names |= {task_id: meta.get("name") for task_id, meta in shop.results().items()}
    return [
        f"{name} {task_id} is not on record"
        for task_id, name in names.items()
        if task_id not in known and name not in NO_TASKS and not (OLDER and name is None)
    ]


def _different(shop: Shop, rows: list[Row]) -> list[str]:
    results, seen = shop.results(), {each["id"]: each for each in shop.seen()}
    told = []
    for task_id, row in _by_task(rows).items():
        expected = _expected(results.get(task_id), seen.get(task_id))
        if not {task_id} & (results.keys() | seen.keys()) and row.error == EXPIRED:
            expected["state"] = "cancelled"  # dropped by RabbitMQ, which tells nobody
        if OLDER and row.name == "shop.rejected":
            expected.pop("state", None)
        actual = {
            "state": row.status,
            "name": row.name,
            "retries": row.attempt - 1,
            "parent": row.metadata.get("parent_id"),
            "group": row.metadata.get("group_id"),
            "root": row.metadata.get("root_id"),
        }
        told += [
            f"{row.workflow}: {row.name} {task_id}: {field} is {actual[field]}, not {value}"
            for field, value in expected.items()
            if actual[field] != value
        ]
    return told


def _expected(meta: dict[str, Any] | None, seen: dict[str, Any] | None) -> dict[str, Any]:
    """What Celery says of a task, in our words; nothing of what it does not say."""
    expected: dict[str, Any] = {}
    if meta is None:
        # Nothing is stored of a task that ignores its result, or that was never sent.
        expected["state"] = "completed" if seen is not None else NEVER_RAN
    elif seen is None and meta["status"] == "FAILURE":
        expected["state"] = NEVER_RAN  # failed in the backend alone, because an earlier one did
    else:
        expected["state"] = {
            "SUCCESS": "completed",
            "FAILURE": "failed",
            "REVOKED": "cancelled",
            "STARTED": "cancelled",  # raised Ignore: Celery forgets it as it stood
        }[meta["status"]]
    if seen is not None:
        expected |= {
            "name": seen["name"],
            "retries": seen["retries"],
            # Of a retry without a parent, Celery says that it is its own.
            "parent": None if seen["parent"] == seen["id"] else seen["parent"],
            "group": seen["group"],
            "root": seen["root"],
        }
    elif meta is not None and meta.get("name"):
        expected["name"] = meta["name"]
    return expected
