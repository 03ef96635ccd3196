"""What is on record against what the result backend says, task by task."""

from typing import Any

from everyrun.domain.status import SETTLED, Status
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from tests.support.celery_ledger import Ledger, Row

_AGREES = {"SUCCESS": Status.COMPLETED, "FAILURE": Status.FAILED}


def differences(ledger_url: str, results: dict[str, dict[str, Any]]) -> list[str]:
    """Each as a sentence; none where the ledger tells the truth.

    A task that is lost, or waits for one, must have no result; one that is done must have.
    """
    rows = {row.id: row for row in Ledger(ledger_url).rows()}
    told = [f"{task_id} is not on record" for task_id in results if task_id not in rows]
    told += [said for row in rows.values() if (said := _difference(row, results.get(row.id)))]
    return told + _open_executions(ledger_url) + _counts(ledger_url)


def _difference(row: Row, meta: dict[str, Any] | None) -> str | None:
    state = None if meta is None else meta["status"]
    if row.status == Status.SKIPPED and state == "FAILURE" and (meta or {}).get("worker") is None:
        return None  # it never ran: Celery writes the failure of what came before to it
    expected = _AGREES.get(str(state))
    if expected is not None and row.status != expected:
        return f"{row.name} {row.id} is {row.status}, its result {state}"
    if expected is None and row.status == Status.COMPLETED:
        return f"{row.name} {row.id} is completed without a result"
    if expected is None and row.status not in (Status.LOST, Status.PENDING, Status.SKIPPED):
        return f"{row.name} {row.id} is {row.status} without a result"
    return None


def _open_executions(ledger_url: str) -> list[str]:
    """A canvas has settled, or is lost: nothing waits without anybody saying so."""
    fine = {*SETTLED, Status.LOST}
    return [
        f"{name} is {status} for ever"
        for name, status, _ in Ledger(ledger_url).executions()
        if status not in fine
    ]


def _counts(ledger_url: str) -> list[str]:
    with Database(ledger_url).reading() as connection:
        return [f"counter: {wrong}" for wrong in check_counters(connection)]
