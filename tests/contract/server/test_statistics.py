"""Statistics and storage over HTTP."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from tests.integration.reading.runs import HOUR, Run, tell_runs
from tests.support.facts import NOON, SECOND, a_recorder, tell
from tests.support.served import Served

STATISTICS = "/api/v1/statistics"


@pytest.fixture
def viewer(served: Served) -> httpx.Client:
    now = served.clock.now()
    failing = Run("b", at=now - SECOND)
    failing.node("load", Status.FAILED)
    tell_runs(
        served.database,
        [
            Run("a", at=NOON).finished(after=4 * SECOND),
            Run("a", at=NOON + HOUR).finished(after=2 * SECOND),
            failing.finished(Status.FAILED, error_message="no space left\nat all"),
            Run("c", at=now, kind="job"),
        ],
    )
    return served.client(Role.VIEWER)


def _get(client: httpx.Client, path: str, **asked: Any) -> Any:
    answer = client.get(f"{STATISTICS}/{path}", params=asked)
    assert 200 == answer.status_code, answer.text
    return answer.json()


def test_workflows_are_listed_in_the_order_asked_for(viewer: httpx.Client) -> None:
    busiest = _get(viewer, "workflows")["items"]
    failing = _get(viewer, "workflows", order="failing")["items"]
    one = _get(viewer, "workflows", workflow="a", limit=1)["items"]

    assert ["a", "b", "c"] == [item["workflow"] for item in busiest]
    assert ["b"] == [item["workflow"] for item in failing]
    assert [(2, 3.0, 2.0, 4.0)] == [
        (item["completed"], item["mean_seconds"], item["p50_seconds"], item["p99_seconds"])
        for item in one
    ]


def test_nodes_of_a_workflow_are_judged(viewer: httpx.Client) -> None:
    (item,) = _get(viewer, "nodes", workflow="b")["items"]

    assert ("load", 1, 1.0) == (item["node"], item["failed"], item["failure_rate"])
    assert [] == _get(viewer, "nodes", workflow="nobody")["items"]


def test_a_series_is_in_the_zone_asked_for(viewer: httpx.Client) -> None:
    asked = {"since": "2026-11-18T00:00:00+09:00", "until": "2026-11-19T00:00:00+09:00"}
    by_hour = _get(viewer, "series", step="hour", tz="Asia/Seoul", **asked)
    by_day = _get(viewer, "series", step="day", tz="Asia/Seoul", workflow="a", **asked)

    assert ("Asia/Seoul", 24) == (by_hour["timezone"], len(by_hour["items"]))
    assert ["2026-11-18T00:00:00+09:00"] == [item["start"] for item in by_day["items"]]
    assert datetime.fromtimestamp(NOON / 1e6, UTC).isoformat().startswith("2026-11-18")
    assert 2 == by_day["items"][0]["completed"]


@pytest.mark.parametrize(("step", "points"), [("hour", 24), ("day", 30)])
def test_a_series_ends_now_unless_told_otherwise(
    viewer: httpx.Client, step: str, points: int
) -> None:
    items = _get(viewer, "series", step=step, tz="UTC")["items"]

    assert points <= len(items) <= points + 1
    assert 2 == items[-1]["executions"] + items[-2]["executions"]


def test_views_are_counted(viewer: httpx.Client) -> None:
    found = {item["view"]: item["executions"] for item in _get(viewer, "counts", tz="UTC")["items"]}
    jobs = {
        item["view"]: item["executions"] for item in _get(viewer, "counts", kind="job")["items"]
    }

    assert (4, 2, 1, 1) == (found["all"], found["completed"], found["failed"], found["pending"])
    assert (1, 1, 0) == (jobs["all"], jobs["pending"], jobs["failed"])


def test_failures_come_with_the_first_line_of_their_error(viewer: httpx.Client) -> None:
    found = _get(viewer, "failures")

    assert [("b", "no space left")] == [
        (item["workflow"], item["error_line"]) for item in found["items"]
    ]
    assert found["next"] is None


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("series", {"tz": "Mars/Olympus"}),
        ("series", {"since": "2020-01-01T00:00:00Z", "step": "hour"}),
        ("series", {"since": "2026-01-01T00:00:00"}),
        ("series", {"until": "0001-01-01T00:00:00Z"}),
        ("series", {"until": "9999-12-31T23:59:59Z"}),
        ("counts", {"tz": "../etc/passwd"}),
        ("failures", {"cursor": "x"}),
        ("workflows", {"since": "2026-01-01T00:00:00"}),
    ],
)
def test_what_cannot_be_is_refused(viewer: httpx.Client, path: str, asked: dict[str, str]) -> None:
    assert 400 == viewer.get(f"{STATISTICS}/{path}", params=asked).status_code


@pytest.mark.parametrize(
    "path",
    [
        "workflows",
        "nodes?workflow=b",
        "series?tz=UTC&until=2026-11-20T00:00:00Z",
        "counts",
        "failures",
    ],
)
def test_an_idle_poll_is_answered_by_304(viewer: httpx.Client, path: str) -> None:
    etag = viewer.get(f"{STATISTICS}/{path}").headers["etag"]

    assert 304 == viewer.get(f"{STATISTICS}/{path}", headers={"If-None-Match": etag}).status_code


def test_storage_is_told_table_by_table(
    served: Served, viewer: httpx.Client, own_home: Path
) -> None:
    dropped = events.RecorderDropped(at=NOON, count=7)
    tell(served.database, dropped, recorder=a_recorder())
    spool = own_home / "spool" / "abc" / new_id()
    spool.mkdir(parents=True)
    (spool.parent / "destination").write_text("https://ledger.example\n")
    (spool / "0001.spool").write_bytes(bytes(1_000))
    found = viewer.get("/api/v1/storage").json()
    tables = {table["table"]: table for table in found["tables"]}

    assert (served.database.dialect, 4, 7) == (
        found["database"],
        found["executions"],
        found["dropped_events"],
    )
    assert 0 < tables["workflow_executions"]["size_bytes"] <= found["size_bytes"]
    assert found["oldest_execution_at"] < found["newest_execution_at"]
    assert [("https://ledger.example", 1, 1_000)] == [
        (each["destination"], each["spools"], each["size_bytes"]) for each in found["spools"]
    ]
    if "postgresql" == served.database.dialect:
        assert 3 <= tables["node_executions"]["partitions"]
    else:
        assert 4 == tables["workflow_executions"]["rows"]
