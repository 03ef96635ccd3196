"""Executions are run again over HTTP, and what that would do is shown first."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from everyrun.domain.roles import Role
from tests.support.engines import Serving, serving_engine
from tests.support.facts import Facts, tell
from tests.support.graphs import saved
from tests.support.served import Served

FAILS = """
workflow: fails
inputs: {day: {type: string, default: today}, broken: {type: boolean, default: true}}
nodes:
  read: {type: set, with: {values: {day: "{{ inputs.day }}"}}}
  check:
    needs: read
    type: set
    with: {values: {ok: "{{ 1 / 0 if inputs.broken else 1 }}"}}
  write: {needs: check, type: set, with: {values: {done: "{{ nodes.read.output.day }}"}}}
"""


@pytest.fixture
def operator(served: Served) -> httpx.Client:
    """Somebody who may act."""
    return served.client(Role.OPERATOR)


@pytest.fixture
def engine(served: Served) -> Iterator[Serving]:
    """An engine that serves the queue."""
    with serving_engine(served.database) as serving:
        yield serving


@pytest.fixture
def failed(served: Served, operator: httpx.Client, engine: Serving) -> str:
    """An execution of three nodes that failed in the second."""
    saved(served.database, FAILS)
    id_: str = operator.post("/api/v1/workflows/fails/executions", json={}).json()["id"]
    assert "failed" == engine.finished(id_).status
    return id_


def _parts(preview: dict[str, Any]) -> dict[str, list[str]]:
    return {name: [each["node"] for each in preview[name]] for name in ("reused", "run", "skipped")}


def test_a_rerun_is_shown_and_then_does_what_was_shown(
    operator: httpx.Client, engine: Serving, failed: str
) -> None:
    body = {"mode": "failed", "inputs": {"broken": False}}

    shown = operator.post(f"/api/v1/executions/{failed}/rerun-preview", json=body)
    response = operator.post(f"/api/v1/executions/{failed}/rerun", json=body)

    assert 200 == shown.status_code
    assert {"reused": ["read"], "run": ["check", "write"], "skipped": []} == _parts(shown.json())
    assert {"day": "today", "broken": False} == shown.json()["inputs"]
    assert 202 == response.status_code
    again = response.json()
    assert failed == again["origin_execution_id"]
    assert f"/api/v1/executions/{again['id']}" == response.headers["location"]
    assert "completed" == engine.finished(again["id"]).status
    found = operator.get(f"/api/v1/executions/{again['id']}").json()
    assert ("rerun", failed) == (found["trigger"], found["origin_execution_id"])
    relations = operator.get(f"/api/v1/executions/{failed}/relations").json()
    assert [again["id"]] == [each["id"] for each in relations["reruns"]["items"]]


def test_a_rerun_is_shown_without_a_body_too(operator: httpx.Client, failed: str) -> None:
    address = f"/api/v1/executions/{failed}/rerun-preview"

    whole = operator.get(address).json()
    from_read = operator.get(address, params={"mode": "from_nodes", "node": ["read"]}).json()

    assert {"reused": [], "run": ["read", "check", "write"], "skipped": []} == _parts(whole)
    assert "asked for" == from_read["run"][0]["reason"]


def test_a_rerun_with_a_key_happens_once(operator: httpx.Client, failed: str) -> None:
    key = {"Idempotency-Key": "again"}
    answers = [
        operator.post(f"/api/v1/executions/{failed}/rerun", json={}, headers=key).json()
        for _ in range(3)
    ]

    assert answers[0] == answers[1] == answers[2]
    other = operator.post(
        f"/api/v1/executions/{failed}/rerun", json={"mode": "failed"}, headers=key
    )
    assert "IDEMPOTENCY_KEY_REUSED" == other.json()["code"]


def test_what_cannot_be_run_again_says_why(
    served: Served, operator: httpx.Client, failed: str
) -> None:
    recorded = Facts()
    tell(served.database, recorded.started(), recorded.finished())

    def refused(execution: str, **body: Any) -> tuple[int, str]:
        response = operator.post(f"/api/v1/executions/{execution}/rerun", json=body)
        return response.status_code, response.json()["code"]

    assert (409, "NOT_THE_ENGINES") == refused(recorded.execution_id)
    assert (422, "INVALID_RERUN") == refused(failed, mode="from_nodes")
    assert (422, "INVALID_RERUN") == refused(failed, mode="from_nodes", nodes=["none"])
    assert (422, "INVALID_INPUT") == refused(failed, inputs={"none": 1})
    assert (400, "INVALID_BODY") == refused(failed, mode="some")


def test_what_still_runs_is_not_run_again(served: Served, operator: httpx.Client) -> None:
    saved(served.database, FAILS)
    id_ = operator.post("/api/v1/workflows/fails/executions", json={}).json()["id"]

    refused = operator.post(f"/api/v1/executions/{id_}/rerun", json={})

    assert (409, "STILL_RUNNING") == (refused.status_code, refused.json()["code"])
