"""Executions are started over HTTP: once, not too many, and by whoever may."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest

from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database
from everyrun.store.versions import set_active
from tests.support.engines import serving_engine
from tests.support.facts import NOON
from tests.support.graphs import saved
from tests.support.served import Served, serve

SETS = """
workflow: sets
inputs: {day: {type: string, default: today}}
nodes:
  put: {type: set, with: {values: {day: "{{ inputs.day }}"}}}
output: "{{ nodes.put.output.day }}"
"""


@pytest.fixture
def few(database: Database) -> Iterator[Served]:
    """A server that lets two executions wait and run."""
    with serve(database, ServerSettings(most_executions=2)) as running:
        yield running


def _problem(response: Any) -> tuple[int, str]:
    assert "application/problem+json" == response.headers["content-type"]
    return response.status_code, response.json()["code"]


def test_a_start_is_accepted_and_runs(served: Served) -> None:
    saved(served.database, SETS)
    client = served.client(Role.OPERATOR)

    response = client.post(
        "/api/v1/workflows/sets/executions",
        json={"input": {"day": "어제"}, "tags": ["a"], "metadata": {"why": "test"}},
    )

    assert 202 == response.status_code
    started = response.json()
    assert f"/api/v1/executions/{started['id']}" == response.headers["location"]
    assert ("sets", 1, "pending", None) == tuple(
        started[name] for name in ("workflow", "version", "status", "reason")
    )
    with serving_engine(served.database) as engine:
        assert "completed" == engine.finished(started["id"]).status
    found = client.get(response.headers["location"]).json()
    assert ("completed", "어제", ["a"], "api") == (
        found["status"],
        found["output"],
        found["tags"],
        found["trigger"],
    )
    assert {"why": "test", "triggered_by": "test"} == found["metadata"]
    assert 1 == found["graph"]["version"]


def test_a_workflow_of_any_name_is_started(served: Served) -> None:
    name = "재고 / O'Brien's 50%"
    saved(served.database, SETS.replace("workflow: sets", f'workflow: "{name}"'))

    response = served.client(Role.OPERATOR).post(
        f"/api/v1/workflows/{quote(name, safe='')}/executions", json={}
    )

    assert 202 == response.status_code
    assert name == response.json()["workflow"]


def test_what_cannot_start_says_why(served: Served) -> None:
    saved(served.database, SETS)
    client = served.client(Role.OPERATOR)
    sets = "/api/v1/workflows/sets/executions"

    assert (404, "NOT_ON_RECORD") == _problem(
        client.post("/api/v1/workflows/no/executions", json={})
    )
    assert (404, "NOT_ON_RECORD") == _problem(client.post(sets, json={"version": 7}))
    assert (422, "INVALID_INPUT") == _problem(client.post(sets, json={"input": {"no": 1}}))
    assert (400, "INVALID_BODY") == _problem(client.post(sets, json={"inputs": {}}))
    assert (400, "INVALID_BODY") == _problem(client.post(sets, json={"version": 0}))
    assert (403, "NOT_ALLOWED") == _problem(served.client(Role.VIEWER).post(sets, json={}))
    served.database.transact(lambda c: set_active(c, "sets", active=False, now=NOON))
    assert (409, "WORKFLOW_INACTIVE") == _problem(client.post(sets, json={}))


def test_a_workflow_that_runs_already_is_not_started_again(served: Served) -> None:
    saved(served.database, SETS.replace("inputs:", "policy: {overlap: skip}\ninputs:"))
    client = served.client(Role.OPERATOR)
    assert 202 == client.post("/api/v1/workflows/sets/executions", json={}).status_code

    refused = client.post("/api/v1/workflows/sets/executions", json={})

    assert (409, "EXECUTION_ALREADY_RUNNING") == _problem(refused)
    skipped = client.get(f"/api/v1/executions/{refused.json()['execution_id']}").json()
    assert "skipped" == skipped["status"]


def test_an_external_id_belongs_to_one_execution(served: Served) -> None:
    saved(served.database, SETS)
    client = served.client(Role.OPERATOR)
    own = {"external_id": "job/7 'a'"}
    first = client.post("/api/v1/workflows/sets/executions", json=own).json()

    refused = client.post("/api/v1/workflows/sets/executions", json=own)

    assert (409, "EXTERNAL_ID_TAKEN") == _problem(refused)
    assert first["id"] == refused.json()["execution_id"]
    found = client.get(f"/api/v1/executions/{quote(own['external_id'], safe='')}")
    assert first["id"] == found.json()["id"]


def test_past_the_limit_nothing_more_is_started(few: Served) -> None:
    saved(few.database, SETS)
    client = few.client(Role.OPERATOR)
    answers = [client.post("/api/v1/workflows/sets/executions", json={}) for _ in range(3)]

    assert [202, 202, 429] == [answer.status_code for answer in answers]
    assert "TOO_MANY_EXECUTIONS" == answers[-1].json()["code"]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_a_key_starts_one_execution_however_often_it_is_sent(served: Served) -> None:
    saved(served.database, SETS)
    client = served.client(Role.OPERATOR)
    key = {"Idempotency-Key": f"{new_id()} 'a'"}

    def start(day: str = "today") -> Any:
        return client.post(
            "/api/v1/workflows/sets/executions", json={"input": {"day": day}}, headers=key
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: start(), range(8)))

    assert {202} == {answer.status_code for answer in answers}
    assert 1 == len({answer.json()["id"] for answer in answers})
    assert answers[0].headers["location"] == start().headers["location"]
    assert (422, "IDEMPOTENCY_KEY_REUSED") == _problem(start("yesterday"))
    assert 1 == len(client.get("/api/v1/executions").json()["items"])


def test_keys_are_their_senders_own(served: Served) -> None:
    saved(served.database, SETS)
    key = {"Idempotency-Key": "1"}
    started = {
        served.client(Role.OPERATOR)
        .post("/api/v1/workflows/sets/executions", json={}, headers=key)
        .json()["id"]
        for _ in range(2)
    }

    assert 2 == len(started)


def test_a_key_whose_start_was_refused_may_be_sent_again(few: Served) -> None:
    saved(few.database, SETS)
    client = few.client(Role.ADMIN)
    sets = "/api/v1/workflows/sets/executions"
    others = [client.post(sets, json={}).json()["id"] for _ in range(2)]
    key = {"Idempotency-Key": "k"}
    assert 429 == client.post(sets, json={}, headers=key).status_code

    client.post(f"/api/v1/executions/{others[0]}/cancel", json={})

    assert 202 == client.post(sets, json={}, headers=key).status_code
