"""Log lines over HTTP: followed by cursor, paged back, and searched within a time."""

from typing import Any

import httpx
import pytest

from everyrun.domain.roles import Role
from everyrun.domain.status import LogLevel
from tests.support.facts import Facts, tell
from tests.support.served import Served


@pytest.fixture
def viewer(served: Served) -> httpx.Client:
    """Somebody who may look."""
    return served.client(Role.VIEWER)


def _messages(page: dict[str, Any]) -> list[str]:
    return [line["message"] for line in page["lines"]]


def _get(client: httpx.Client, facts: Facts, **asked: Any) -> dict[str, Any]:
    response = client.get(f"/api/v1/executions/{facts.execution_id}/logs", params=asked)
    assert 200 == response.status_code, response.text
    page: dict[str, Any] = response.json()
    return page


def test_a_log_is_followed_to_its_end(served: Served, viewer: httpx.Client) -> None:
    facts = Facts()
    tell(served.database, facts.started(), *(facts.line(f"{n}") for n in range(5)))
    seen: list[str] = []
    after, rounds, done = 0, 0, False
    while not done:
        page = _get(viewer, facts, after=after, limit=2)
        seen += _messages(page)
        after, done, rounds = page["next"], page["done"], rounds + 1
        if rounds == 3:
            assert page["poll_after_ms"] >= 2_000
            tell(served.database, facts.line("late"), facts.finished())

    assert [*map(str, range(5)), "late"] == seen
    assert 4 == rounds


def test_the_latest_lines_and_those_before_them(served: Served, viewer: httpx.Client) -> None:
    facts = Facts()
    tell(served.database, facts.started(), *(facts.line(f"{n}") for n in range(1, 8)))

    latest = _get(viewer, facts, tail=2)
    before = _get(viewer, facts, before=latest["lines"][0]["position"], limit=3)
    first = _get(viewer, facts, before=before["lines"][0]["position"], limit=100)

    assert ["6", "7"] == _messages(latest)
    assert ["3", "4", "5"] == _messages(before)
    assert ["1", "2"] == _messages(first)
    assert ["6", "7"] == _messages(_get(viewer, facts, after=before["next"]))
    assert [] == _messages(_get(viewer, facts, before=1))


def test_lines_of_a_level_and_of_a_node(served: Served, viewer: httpx.Client) -> None:
    facts = Facts()
    tell(
        served.database,
        facts.started(),
        facts.node_started(),
        facts.line("plain"),
        facts.node_line("in a node"),
        facts.line("bad", level=LogLevel.ERROR),
    )

    assert ["bad"] == _messages(_get(viewer, facts, level=["error", "warning"]))
    assert ["in a node"] == _messages(_get(viewer, facts, node="load"))
    assert ["in a node"] == _messages(_get(viewer, facts, node=facts.node_execution_id, tail=9))


def test_a_log_that_cannot_be_read_like_that_says_why(served: Served, viewer: httpx.Client) -> None:
    facts = Facts()
    tell(served.database, facts.started())
    address = f"/api/v1/executions/{facts.execution_id}/logs"
    for asked, expected in (
        ({"after": 1, "tail": 2}, 400),
        ({"level": "loud"}, 400),
        ({"limit": 1_001}, 422),
        ({"after": -1}, 422),
        ({"after": 2**63}, 422),
        ({"node": "none"}, 404),
    ):
        assert expected == viewer.get(address, params=asked).status_code, asked


def test_lines_are_searched_over_all_executions(served: Served, viewer: httpx.Client) -> None:
    nightly, other = Facts(), Facts("재고 / O'Brien")
    for facts in (nightly, other):
        tell(served.database, facts.started(), facts.line("재고 100% 'gone'"), facts.line("fine"))

    found = viewer.get("/api/v1/logs", params={"text": "100% 'GONE'"}).json()
    of_one = viewer.get(
        "/api/v1/logs", params={"text": "gone", "execution": other.execution_id}
    ).json()
    of_workflow = viewer.get("/api/v1/logs", params={"workflow": "재고 / O'Brien"}).json()

    assert {nightly.execution_id, other.execution_id} == {
        line["execution_id"] for line in found["lines"]
    }
    assert ["재고 / O'Brien"] == [line["workflow"] for line in of_one["lines"]]
    assert ["fine", "재고 100% 'gone'"] == _messages(of_workflow)
    assert 400 == viewer.get("/api/v1/logs", params={"cursor": "x"}).status_code
    assert 404 == viewer.get("/api/v1/logs", params={"execution": "none"}).status_code
