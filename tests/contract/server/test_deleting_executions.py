"""Executions are counted, deleted as they were counted, and taken along as bundles."""

import json
from typing import Any

import httpx
import pytest

from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.store.checking import check_counters
from tests.support.facts import Facts, tell
from tests.support.served import Served

COUNT = "/api/v1/execution-count"
EXECUTIONS = "/api/v1/executions"


@pytest.fixture
def admin(served: Served) -> httpx.Client:
    """Somebody who may delete."""
    return served.client(Role.ADMIN)


def _settled(served: Served, count: int, workflow: str = "nightly") -> list[str]:
    made = []
    for _ in range(count):
        facts = Facts(workflow)
        tell(served.database, facts.started(), facts.node_started(), facts.node_finished())
        tell(served.database, facts.line("끝"), facts.finished())
        made.append(facts.execution_id)
    return made


def _running(served: Served) -> str:
    facts = Facts()
    tell(served.database, facts.started())
    return facts.execution_id


def _problem(response: httpx.Response) -> tuple[int, str]:
    assert "application/problem+json" == response.headers["content-type"]
    return response.status_code, response.json()["code"]


def _left(client: httpx.Client) -> int:
    count: int = client.get(COUNT).json()["count"]
    return count


def test_what_was_counted_is_deleted(served: Served, admin: httpx.Client) -> None:
    _settled(served, 3)
    _settled(served, 1, "other")
    _running(served)
    wanted: dict[str, Any] = {"workflow": "nightly"}

    counted = admin.get(COUNT, params=wanted).json()
    deleted = admin.delete(EXECUTIONS, params=wanted | {"confirm": counted["confirm"]})

    assert (4, True, 3) == (counted["count"], counted["complete"], counted["deletable"])
    assert {"completed": 3, "running": 1} == counted["statuses"]
    assert {"deleted": 3, "skipped": 1, "remaining": False} == deleted.json()
    assert 2 == _left(admin)
    with served.database.reading() as connection:
        assert [] == check_counters(connection)


def test_nothing_is_deleted_unless_it_was_shown(served: Served, admin: httpx.Client) -> None:
    made = _settled(served, 3)
    confirm = admin.get(COUNT).json()["confirm"]

    assert (422, "INVALID_PARAMETERS") == _problem(admin.delete(EXECUTIONS))
    of_others = {"confirm": confirm, "workflow": "nightly"}
    assert (400, "INVALID_QUERY") == _problem(admin.delete(EXECUTIONS, params=of_others))
    assert (400, "INVALID_CURSOR") == _problem(admin.delete(EXECUTIONS, params={"confirm": "y"}))
    admin.delete(f"{EXECUTIONS}/{made[0]}")
    moved = admin.delete(EXECUTIONS, params={"confirm": confirm})
    assert (409, "COUNT_MOVED") == _problem(moved)
    assert (3, 2) == (moved.json()["expected"], moved.json()["count"])
    assert 2 == _left(admin)


def test_one_execution_is_deleted(served: Served, admin: httpx.Client) -> None:
    (settled,), running = _settled(served, 1), _running(served)

    assert 200 == admin.delete(f"{EXECUTIONS}/{settled}").status_code
    assert (404, "NOT_ON_RECORD") == _problem(admin.delete(f"{EXECUTIONS}/{settled}"))
    assert (409, "INVALID_STATE_TRANSITION") == _problem(admin.delete(f"{EXECUTIONS}/{running}"))
    assert 200 == admin.delete(f"{EXECUTIONS}/{running}?force=true").status_code
    assert 0 == _left(admin)


def test_an_execution_is_taken_along(served: Served) -> None:
    (id_,) = _settled(served, 1)
    viewer = served.client(Role.VIEWER)

    response = viewer.get(f"{EXECUTIONS}/{id_}/bundle")

    assert "application/x-ndjson" == response.headers["content-type"]
    assert (
        f'attachment; filename="everyrun-{id_}.jsonl"' == (response.headers["content-disposition"])
    )
    lines = [json.loads(line) for line in response.text.splitlines()]
    assert ("bundle", id_) == (lines[0]["record"], lines[0]["execution_id"])
    assert ("end", False) == (lines[-1]["record"], lines[-1]["changed"])
    assert ["끝"] == [line["message"] for line in lines if line["record"] == "execution_logs"]
    assert (404, "NOT_ON_RECORD") == _problem(viewer.get(f"{EXECUTIONS}/{new_id()}/bundle"))
