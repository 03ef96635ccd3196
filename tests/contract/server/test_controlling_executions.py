"""Executions do what is asked of them over HTTP: end, pause, hear an answer or a signal."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.workflows.controlling import answer
from tests.support.engines import Serving, serving_engine
from tests.support.facts import Facts, tell
from tests.support.graphs import defined, saved
from tests.support.served import Served
from tests.support.waiting import wait_until

ASKS = """
workflow: asks
nodes:
  "승인":
    type: approval
    with: {message: "O'Brien's 50% / 환불?", approvers: [test, 재고]}
  after: {needs: "승인", type: set, with: {values: {done: true}}}
"""
ASKS_THEN_WAITS = """
workflow: asks then waits
nodes:
  ask: {type: approval, with: {message: "go on?"}}
  hook: {needs: ask, type: wait, with: {signal: true}}
"""
ASKS_EACH = """
workflow: asks each
nodes:
  each:
    type: for_each
    with: {items: ["a/b", "c"]}
    do:
      ask: {type: approval, with: {message: "{{ item }}?"}}
"""
WAITS = """
workflow: waits
nodes:
  wait: {type: wait, with: {signal: true}}
"""


class _AnHourBehind(SystemClock):
    def now(self) -> int:
        return super().now() - 3_600_000_000


@pytest.fixture
def operator(served: Served) -> httpx.Client:
    """Somebody who may act."""
    return served.client(Role.OPERATOR)


@pytest.fixture
def engine(served: Served) -> Iterator[Serving]:
    """An engine that serves the queue."""
    with serving_engine(served.database) as serving:
        yield serving


def _start(served: Served, client: httpx.Client, text: str) -> str:
    definition = defined(text)
    saved(served.database, definition)
    name = quote(definition.workflow, safe="")
    response = client.post(f"/api/v1/workflows/{name}/executions", json={})
    assert 202 == response.status_code, response.text
    id_: str = response.json()["id"]
    return id_


def _problem(response: httpx.Response) -> tuple[int, str]:
    assert "application/problem+json" == response.headers["content-type"]
    return response.status_code, response.json()["code"]


def _approvals(client: httpx.Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/api/v1/approvals").json()["items"]
    return items


def test_one_that_waits_is_cancelled_at_once(served: Served, operator: httpx.Client) -> None:
    id_ = _start(served, operator, WAITS)

    response = operator.post(f"/api/v1/executions/{id_}/cancel", json={"reason": "not today"})

    assert 202 == response.status_code
    assert {"id": id_, "cancelled": True, "asked": False} == response.json()
    found = operator.get(f"/api/v1/executions/{id_}").json()
    assert ("cancelled", "cancelled by test: not today") == (
        found["status"],
        found["error_message"],
    )
    again = operator.post(f"/api/v1/executions/{id_}/cancel", json={})
    assert (409, "ALREADY_SETTLED") == _problem(again)


def test_one_that_runs_is_told_to_end(
    served: Served, operator: httpx.Client, engine: Serving
) -> None:
    id_ = _start(served, operator, ASKS)
    wait_until(lambda: _approvals(operator), "the approval waits")

    response = operator.post(f"/api/v1/executions/{id_}/cancel", json={"kill": True})

    assert {"id": id_, "cancelled": False, "asked": True} == response.json()
    assert "cancelled" == engine.finished(id_).status
    history = operator.get(f"/api/v1/executions/{id_}/requests").json()
    assert [("kill", "test")] == [(each["action"], each["by"]) for each in history["items"]]
    assert [] == _approvals(operator)


def test_what_waits_for_a_person_is_answered(
    served: Served, operator: httpx.Client, engine: Serving
) -> None:
    id_ = _start(served, operator, ASKS)
    wait_until(lambda: _approvals(operator), "the approval waits")

    (waiting,) = _approvals(operator)
    said = operator.post(
        f"/api/v1/executions/{id_}/nodes/{quote('승인')}/answer",
        json={"approved": True, "comment": "좋아요"},
    )

    assert (id_, "asks", "승인", "O'Brien's 50% / 환불?", ["test", "재고"]) == tuple(
        waiting[name] for name in ("execution_id", "workflow", "node", "message", "approvers")
    )
    assert waiting["since"] is not None
    assert (202, {"id": id_, "node": "승인", "approved": True}) == (said.status_code, said.json())
    assert "completed" == engine.finished(id_).status
    node = operator.get(f"/api/v1/executions/{id_}/nodes/{quote('승인')}").json()
    assert (True, "좋아요", "test") == tuple(
        node["output"][name] for name in ("approved", "comment", "by")
    )


def test_each_turn_of_a_loop_is_answered_by_its_name(
    served: Served, operator: httpx.Client, engine: Serving
) -> None:
    id_ = _start(served, operator, ASKS_EACH)
    wait_until(lambda: len(_approvals(operator)) == 2, "both turns wait")

    for waiting in _approvals(operator):
        node = quote(waiting["node"], safe="")
        said = operator.post(
            f"/api/v1/executions/{id_}/nodes/{node}/answer", json={"approved": True}
        )
        assert 202 == said.status_code, waiting

    assert "completed" == engine.finished(id_).status


def test_an_answer_to_what_asks_nothing_is_refused(served: Served, operator: httpx.Client) -> None:
    asks, waits = _start(served, operator, ASKS), _start(served, operator, WAITS)

    def refusal(execution: str, node: str, body: Any = None) -> tuple[int, str]:
        address = f"/api/v1/executions/{execution}/nodes/{quote(node, safe='')}/answer"
        return _problem(operator.post(address, json=body or {"approved": True}))

    assert (409, "NO_APPROVAL") == refusal(waits, "wait")
    assert (404, "NOT_ON_RECORD") == refusal(asks, "none")
    assert (404, "NOT_ON_RECORD") == refusal(new_id(), "승인")
    assert (400, "INVALID_BODY") == refusal(asks, "승인", {"approved": "yes"})
    operator.post(f"/api/v1/executions/{asks}/cancel", json={})
    assert (409, "ALREADY_SETTLED") == refusal(asks, "승인")


def test_an_answer_is_refused_before_the_question_and_after_it(
    served: Served, operator: httpx.Client, request: pytest.FixtureRequest
) -> None:
    id_ = _start(served, operator, ASKS_THEN_WAITS)
    address = f"/api/v1/executions/{id_}/nodes/ask/answer"

    early = _problem(operator.post(address, json={"approved": True}))
    request.getfixturevalue("engine")
    wait_until(lambda: bool(_approvals(operator)), "it asks")
    heard = operator.post(address, json={"approved": True}).status_code
    wait_until(lambda: not _approvals(operator), "it was answered")
    late = _problem(operator.post(address, json={"approved": False}))

    assert ((409, "NOT_WAITING"), 202, (409, "NOT_WAITING")) == (early, heard, late)


def test_an_answer_reaches_an_engine_whose_clock_is_ahead(
    served: Served, operator: httpx.Client, engine: Serving
) -> None:
    id_ = _start(served, operator, ASKS)
    wait_until(lambda: bool(_approvals(operator)), "it asks")

    answer(served.database, id_, "승인", approved=True, by="test", clock=_AnHourBehind())

    assert "completed" == engine.finished(id_).status


def test_a_signal_reaches_what_waits_for_it(
    served: Served, operator: httpx.Client, engine: Serving
) -> None:
    id_ = _start(served, operator, WAITS)

    sent = operator.post(
        f"/api/v1/executions/{id_}/nodes/wait/signal", json={"data": {"rows": [7]}}
    )

    assert (202, {"rows": [7]}) == (sent.status_code, sent.json()["data"])
    assert "completed" == engine.finished(id_).status
    node = operator.get(f"/api/v1/executions/{id_}/nodes/wait").json()
    assert {"rows": [7]} == node["output"]["data"]


def test_a_pause_is_told_and_taken_back(served: Served, operator: httpx.Client) -> None:
    id_ = _start(served, operator, WAITS)
    address = f"/api/v1/executions/{id_}"
    etags = [operator.get(address).headers["etag"]]

    for action, paused in (("pause", True), ("resume", False)):
        response = operator.post(f"{address}/{action}")
        assert (202, {"id": id_, "paused": paused}) == (response.status_code, response.json())
        found = operator.get(address, headers={"If-None-Match": etags[-1]})
        assert paused is (found.json()["graph"]["paused_at"] is not None)
        etags.append(found.headers["etag"])

    assert 3 == len(set(etags))
    actions = operator.get(f"{address}/requests").json()["items"]
    assert ["pause", "resume"] == [each["action"] for each in actions]


def test_what_was_asked_is_read_page_by_page(served: Served, operator: httpx.Client) -> None:
    id_ = _start(served, operator, WAITS)
    address = f"/api/v1/executions/{id_}"
    etag = operator.get(f"{address}/requests").headers["etag"]
    for _ in range(2):
        operator.post(f"{address}/pause")
        operator.post(f"{address}/resume")

    first = operator.get(
        f"{address}/requests", params={"limit": 3}, headers={"If-None-Match": etag}
    ).json()
    rest = operator.get(f"{address}/requests", params={"cursor": first["next"]}).json()

    assert ["pause", "resume", "pause"] == [each["action"] for each in first["items"]]
    assert (["resume"], None) == ([each["action"] for each in rest["items"]], rest["next"])


@pytest.mark.parametrize("action", ["cancel", "pause", "resume"])
def test_what_was_only_recorded_cannot_be_controlled(
    served: Served, operator: httpx.Client, action: str
) -> None:
    facts = Facts()
    tell(served.database, facts.started())
    body: dict[str, Any] = {"json": {}} if action == "cancel" else {}

    refused = operator.post(f"/api/v1/executions/{facts.execution_id}/{action}", **body)

    assert (409, "NOT_THE_ENGINES") == _problem(refused)
    missing = operator.post(f"/api/v1/executions/{new_id()}/{action}", **body)
    assert (404, "NOT_ON_RECORD") == _problem(missing)


def test_who_only_looks_changes_nothing(served: Served, operator: httpx.Client) -> None:
    id_ = _start(served, operator, ASKS)
    viewer = served.client(Role.VIEWER)
    for part, body in (
        ("cancel", {}),
        ("rerun", {}),
        (f"nodes/{quote('승인')}/answer", {"approved": True}),
        (f"nodes/{quote('승인')}/signal", {}),
    ):
        assert 403 == viewer.post(f"/api/v1/executions/{id_}/{part}", json=body).status_code, part
    assert 403 == operator.delete(f"/api/v1/executions/{id_}").status_code
    assert "pending" == viewer.get(f"/api/v1/executions/{id_}").json()["status"]
