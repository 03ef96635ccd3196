"""What ran is read over HTTP: listed by every filter, found by every name, told only when new."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import birth_of, new_id
from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from tests.support.facts import NOON, Facts, tell
from tests.support.served import Served

EXECUTIONS = "/api/v1/executions"


def _ran(served: Served, workflow: str = "nightly", **more: Any) -> Facts:
    facts = Facts(workflow)
    tell(
        served.database,
        facts.started(**more),
        facts.node_started(iteration="3"),
        facts.node_retrying(error_type="ValueError", error_message="not yet"),
        facts.node_started(at=NOON + 2, attempt=2),
        facts.node_finished(attempt=2, output={"rows": 7}),
        facts.line(),
        facts.finished(output=[1]),
    )
    return facts


@pytest.fixture
def viewer(served: Served) -> httpx.Client:
    """Somebody who may look."""
    return served.client(Role.VIEWER)


def _ids(client: httpx.Client, **filters: Any) -> list[str]:
    response = client.get(EXECUTIONS, params=filters)
    assert 200 == response.status_code, response.text
    return [item["id"] for item in response.json()["items"]]


def _problem(response: httpx.Response) -> tuple[int, str]:
    assert "application/problem+json" == response.headers["content-type"]
    return response.status_code, response.json()["code"]


def test_executions_are_listed_by_every_filter(served: Served, viewer: httpx.Client) -> None:
    parent, batch = new_id(), new_id()
    wanted = _ran(
        served,
        "재고 / O'Brien",
        tags=["a"],
        trigger="schedule",
        external_id="job 7",
        parent_execution_id=parent,
        batch_id=batch,
    )
    other = Facts()
    tell(served.database, other.started())
    born = to_datetime(birth_of(other.execution_id))

    for filters in (
        {"workflow": "재고 / O'Brien"},
        {"text": "o'brien"},
        {"kind": "function", "status": "completed"},
        {"status": ["completed", "failed"]},
        {"trigger": "schedule"},
        {"tag": "a"},
        {"external_id": "job 7"},
        {"parent_execution_id": parent},
        {"batch_id": batch},
        {"until": born.isoformat(), "tag": "a"},
    ):
        assert [wanted.execution_id] == _ids(viewer, **filters), filters
    assert [other.execution_id, wanted.execution_id] == _ids(viewer)
    assert [other.execution_id] == _ids(viewer, status="running")
    assert [] == _ids(viewer, since="2999-01-01T00:00:00Z")


def test_a_list_goes_on_where_the_page_before_ended(served: Served, viewer: httpx.Client) -> None:
    made = [_ran(served).execution_id for _ in range(5)]
    found: list[str] = []
    cursor = None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = viewer.get(EXECUTIONS, params=asked).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert made[::-1] == found


def test_a_list_that_cannot_be_says_why(viewer: httpx.Client) -> None:
    for asked, expected in (
        ({"status": "done"}, (400, "INVALID_QUERY")),
        ({"cursor": "x"}, (400, "INVALID_CURSOR")),
        ({"limit": 501}, (422, "INVALID_PARAMETERS")),
        ({"since": "yesterday"}, (422, "INVALID_PARAMETERS")),
        ({"since": "2026-01-01T00:00:00"}, (400, "INVALID_QUERY")),
        ({"batch_id": "7"}, (400, "INVALID_QUERY")),
    ):
        assert expected == _problem(viewer.get(EXECUTIONS, params=asked)), asked


def test_one_execution_is_found_by_whatever_names_it(served: Served, viewer: httpx.Client) -> None:
    facts = _ran(served, external_id="차트/7 '%' a?b")

    for name in (facts.execution_id, facts.execution_id[:18], "차트/7 '%' a?b"):
        found = viewer.get(f"{EXECUTIONS}/{quote(name, safe='')}")
        assert 200 == found.status_code, name
        assert facts.execution_id == found.json()["id"]
    assert (404, "NOT_ON_RECORD") == _problem(viewer.get(f"{EXECUTIONS}/{new_id()}"))
    assert (404, "NOT_ON_RECORD") == _problem(viewer.get(f"{EXECUTIONS}/nothing"))
    _ran(served)
    assert (409, "AMBIGUOUS_ID") == _problem(viewer.get(f"{EXECUTIONS}/{facts.execution_id[:4]}"))


def test_one_execution_is_told_whole(served: Served, viewer: httpx.Client) -> None:
    facts = _ran(served, input={"a": None})

    found = viewer.get(f"{EXECUTIONS}/{facts.execution_id}").json()

    assert ("completed", {"a": None}, [1], 1, None, 0) == tuple(
        found[name] for name in ("status", "input", "output", "log_lines", "graph", "nodes_cut")
    )
    assert [("load", "3", 2)] == [
        (node["node"], node["iteration"], node["attempts"]) for node in found["nodes"]
    ]
    few = viewer.get(f"{EXECUTIONS}/{facts.execution_id}", params={"fields": "status,nodes_total"})
    assert {"status": "completed", "nodes_total": 1} == few.json()


def test_nodes_and_attempts_are_read_by_themselves(served: Served, viewer: httpx.Client) -> None:
    facts = _ran(served)
    base = f"{EXECUTIONS}/{facts.execution_id}"

    for name in (facts.node_execution_id, "load[3]", "load"):
        node = viewer.get(f"{base}/nodes/{quote(name, safe='')}").json()
        assert facts.node_execution_id == node["id"], name
    assert {"rows": 7} == node["output"]
    assert [1, 2] == [attempt["attempt"] for attempt in node["attempt_details"]]
    attempts = viewer.get(f"{base}/attempts").json()["items"]
    assert [(1, "failed", "ValueError: not yet")] == [
        (each["attempt"], each["status"], each["error"]) for each in attempts
    ]
    assert (404, "NOT_ON_RECORD") == _problem(viewer.get(f"{base}/nodes/none"))


def test_many_nodes_are_read_page_by_page(served: Served, viewer: httpx.Client) -> None:
    facts = Facts()
    for number in range(5):
        facts.at_node["node_execution_id"] = new_id()
        tell(served.database, facts.node_started(iteration=f"{number}/가"))
    nodes = f"{EXECUTIONS}/{facts.execution_id}/nodes"
    found: list[str] = []
    cursor = None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = viewer.get(nodes, params=asked).json()
        found += [item["iteration"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert [f"{number}/가" for number in range(5)] == found
    assert (409, "AMBIGUOUS_ID") == _problem(viewer.get(f"{nodes}/load"))
    one = viewer.get(f"{nodes}/{quote('load[2/가]', safe='')}").json()
    assert "2/가" == one["iteration"]


def test_how_far_an_execution_is_fits_in_a_few_bytes(served: Served, viewer: httpx.Client) -> None:
    facts = Facts()
    tell(served.database, facts.started(nodes_total=4), facts.node_started(), facts.line())

    running = viewer.get(f"{EXECUTIONS}/{facts.execution_id}/progress").json()
    tell(served.database, facts.finished())
    done = viewer.get(f"{EXECUTIONS}/{facts.execution_id}/progress").json()

    assert ("running", 4, 1, 1, False) == tuple(
        running[name] for name in ("status", "nodes_planned", "nodes_total", "log_lines", "done")
    )
    assert running["poll_after_ms"] >= 2_000
    assert ("completed", True, 0) == (done["status"], done["done"], done["poll_after_ms"])


def test_relatives_are_told_together(served: Served, viewer: httpx.Client) -> None:
    parent = _ran(served)
    child = _ran(served, parent_execution_id=parent.execution_id)
    rerun = _ran(served, trigger="rerun", origin_execution_id=parent.execution_id)
    _ran(served, trigger="rerun", origin_execution_id=child.execution_id)

    of_parent = viewer.get(f"{EXECUTIONS}/{parent.execution_id}/relations").json()
    of_rerun = viewer.get(f"{EXECUTIONS}/{rerun.execution_id}/relations").json()

    assert [child.execution_id] == [each["id"] for each in of_parent["children"]["items"]]
    assert [rerun.execution_id] == [each["id"] for each in of_parent["reruns"]["items"]]
    assert of_parent["children"]["complete"] and of_parent["reruns"]["complete"]
    assert (None, None, None) == tuple(of_parent[name] for name in ("parent", "origin", "batch"))
    assert parent.execution_id == of_rerun["origin"]["id"]


@pytest.mark.parametrize(
    "part",
    ["", "/progress", "/nodes", "/nodes/load", "/attempts", "/logs", "/relations", "/succession"],
)
def test_who_has_the_state_is_told_nothing_new(
    served: Served, viewer: httpx.Client, part: str
) -> None:
    facts = _ran(served)
    address = f"{EXECUTIONS}/{facts.execution_id}{part}"
    etag = viewer.get(address).headers["etag"]

    again = viewer.get(address, headers={"If-None-Match": etag})

    assert (304, b"", etag) == (again.status_code, again.content, again.headers["etag"])


@pytest.mark.parametrize("part", ["", "/progress", "/nodes", "/nodes/load", "/logs"])
def test_any_change_is_told(served: Served, viewer: httpx.Client, part: str) -> None:
    facts = Facts()
    address = f"{EXECUTIONS}/{facts.execution_id}{part}"
    etags: list[str] = []
    for event in (
        facts.node_started(),
        facts.node_retrying(),
        facts.node_started(at=NOON + 2, attempt=2),
        facts.line(),
        facts.node_finished(attempt=2),
        facts.finished(status=Status.FAILED),
    ):
        tell(served.database, event)
        known = {"If-None-Match": etags[-1]} if etags else {}
        response = viewer.get(address, headers=known)
        assert 200 == response.status_code, event
        etags.append(response.headers["etag"])

    assert 6 == len(set(etags))


def test_nobody_without_a_role_reads(served: Served) -> None:
    facts = _ran(served)
    for part in ("", f"/{facts.execution_id}", f"/{facts.execution_id}/bundle"):
        assert 401 == served.client().get(EXECUTIONS + part).status_code
        assert 403 == served.client(Role.INGEST).get(EXECUTIONS + part).status_code
