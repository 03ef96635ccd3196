"""The seed's pipeline, run for real, read through its own endpoints (R4.4-R4.10)."""

import json
from pathlib import Path
from typing import Any

import httpx

from tests.support.celery_ledger import Ledger
from tests.support.celery_processes import Shop
from tests.support.server_processes import TOKEN, ServerProcess
from tests.support.waiting import wait_until

CHAINS = {
    "done": "chain(nothing.si(), add.si(1), add.s(2), nothing.si())",
    "failed": "chain(nothing.si(), fail.si(), add.si(2), nothing.si())",
    "retried": "chain(nothing.si(), flaky.si(1), add.s(2), nothing.si())",
    "revoked": "chain(nothing.si(), add.si(1).set(expires=-5), add.s(2), nothing.si())",
}
SETTLED_WITHIN = 60.0


def _start_all(shop: Shop) -> dict[str, str]:
    """Names -> the ids of chains that have been started."""
    code = "import json\nids = {}\n"
    for name, canvas in CHAINS.items():
        code += f"ids[{name!r}] = start({canvas}, 'cr_extract_workflow', input={{'file_path': "
        code += f"'{name}.pdf', 'options': {{}}}}, initiated_by='kim')\n"
    ids: dict[str, str] = json.loads(shop.python(f"{code}print(json.dumps(ids))"))
    return ids


def _get(server: ServerProcess, path: str) -> Any:
    answer = httpx.get(f"{server.url}{path}", headers={"Authorization": f"Bearer {TOKEN}"})
    answer.raise_for_status()
    return answer.json()


def _tasks(chain: dict[str, Any]) -> list[tuple[str, str, int, str | None]]:
    return [
        (task["task_name"], task["status"], task["retries"], task["error"])
        for task in chain["tasks"]
    ]


def test_status_and_history_tell_a_real_run(shop: Shop, tmp_path: Path) -> None:
    with shop.worker("prefork"):
        ids = _start_all(shop)
        ledger = Ledger(shop.ledger_url)
        wait_until(
            lambda: len(ledger.executions()) == len(CHAINS) and not ledger.unsettled(),
            "settled chains",
            SETTLED_WITHIN,
        )
    with ServerProcess(shop.ledger_url, tmp_path / "server") as server:
        status = {name: _get(server, f"/pipeline/status/{id_}") for name, id_ in ids.items()}
        history = _get(server, "/pipeline/history?limit=100&offset=0")
        missing = httpx.get(
            f"{server.url}/pipeline/status/nobody", headers={"Authorization": f"Bearer {TOKEN}"}
        )

    skipped = ("REVOKED", 0)
    assert ("SUCCESS", 1, 4, 4, 0, None) == _summary(status["done"])
    assert ("FAILURE", 0.25, 4, 1, 1, "Task shop.fail failed: no stock") == _summary(
        status["failed"]
    )
    assert ("SUCCESS", 1, 4, 4, 0, None) == _summary(status["retried"])
    assert ("REVOKED", 0.25, 4, 1, 0, None) == _summary(status["revoked"])
    assert [
        ("shop.nothing", "SUCCESS", 0, None),
        ("shop.fail", "FAILURE", 0, "no stock"),
    ] == _tasks(status["failed"])[:2]
    assert {skipped} == {task[1:3] for task in _tasks(status["failed"])[2:]}
    assert ("shop.flaky", "SUCCESS", 1, None) == _tasks(status["retried"])[1]
    assert ("shop.add", "REVOKED", 0, "expired before it ran") in _tasks(status["revoked"])
    for chain in status.values():
        starts = [task["started_at"] for task in chain["tasks"] if task["started_at"]]
        assert sorted(starts) == starts
        assert chain["finished_at"] is not None
    assert list(reversed(ids.values())) == [chain["chain_id"] for chain in history]
    assert {"cr_extract_workflow"} == {chain["chain_name"] for chain in history}
    assert (404, "Chain not found") == (missing.status_code, missing.json()["detail"])


def _summary(chain: dict[str, Any]) -> tuple[Any, ...]:
    return (
        chain["status"],
        chain["progress"],
        chain["total_tasks"],
        chain["completed_tasks"],
        chain["failed_tasks"],
        chain["error_message"],
    )
