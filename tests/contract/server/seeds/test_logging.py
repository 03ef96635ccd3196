"""Seed 000: logging hurts nobody, and tells those who look that there is news."""

import time
from typing import Any

import pytest

import everyrun
from everyrun.domain.roles import Role
from tests.support.seed_clients import ScriptClient
from tests.support.served import Served
from tests.support.waiting import wait_until


@everyrun.node
def load(rows: int) -> int:
    """A node that logs itself."""
    return rows * 2


def test_r0_5_a_node_runs_on_when_its_server_is_away() -> None:
    everyrun.configure(url="http://127.0.0.1:9", token="none", flush_at_exit=0)
    began = time.monotonic()
    with everyrun.execution("nightly"):
        assert 4 == load(2)

    assert time.monotonic() - began < 5
    everyrun.configure()


def test_r0_5_what_a_node_logs_arrives_without_being_waited_for(
    served: Served, scripts: ScriptClient
) -> None:
    everyrun.configure(url=served.url, token=served.token(Role.INGEST))
    with everyrun.execution("nightly"):
        assert 4 == load(2)
    assert everyrun.flush(10)
    everyrun.configure()

    [row] = scripts.logs()
    assert ("load", "completed", {"rows": 2}, 4) == (
        row["node_id"],
        row["status"],
        row["parameters"],
        row["result"],
    )


class EventListener:
    """A page that hears ``logsUpdated``, by polling."""

    def __init__(self, scripts: ScriptClient) -> None:
        self._scripts = scripts
        self._next = scripts.get("/api/v1/changes")["next"]
        self.heard: list[dict[str, Any]] = []

    def hear(self, count: int) -> list[dict[str, Any]]:
        """What was told until so many events were."""

        def look() -> bool:
            page = self._scripts.get("/api/v1/changes", after=self._next)
            self._next = page["next"]
            self.heard += [item["logs_updated"] for item in page["items"] if "logs_updated" in item]
            return len(self.heard) >= count

        wait_until(look, f"{count} events told")
        return self.heard


def test_r0_9_a_run_that_ends_is_told_with_its_script_once_it_is_stored(
    scripts: ScriptClient,
) -> None:
    script_id = scripts.create()
    scripts.log("completed", script_id=script_id)
    page = EventListener(scripts)

    scripts.record(script_id)
    scripts.record(script_id, "error")

    of = {"scriptId": script_id, "scriptName": "nightly"}
    assert [
        {"type": "workflowExecutionCompleted", **of},
        {"type": "workflowExecutionFailed", **of},
    ] == page.hear(2)
    assert 1 == len(scripts.logs(script_id=script_id, settled=True))


def test_r0_9_the_summary_of_running_all_is_told_with_its_counts(scripts: ScriptClient) -> None:
    page = EventListener(scripts)

    scripts.post("/api/dashboard/execution-summary", {"total_executions": 5, "failed_count": 2})

    assert [
        {
            "type": "allScriptsExecutionCompleted",
            "successCount": 3,
            "failCount": 2,
            "totalCount": 5,
        }
    ] == page.hear(1)


@pytest.mark.parametrize(
    "path",
    ["/api/logs/node-execution", "/api/logs/stats", "/api/dashboard/stats", "/api/scripts"],
)
def test_r0_11_a_page_is_given_anew_only_when_there_is_news(
    scripts: ScriptClient, path: str
) -> None:
    script_id = scripts.create()
    scripts.log(script_id=script_id)
    first = scripts.http.get(path)

    def look() -> Any:
        return scripts.http.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert [304, 304] == [look().status_code, look().status_code]
    scripts.log("completed", script_id=script_id)
    scripts.create("another")
    assert 200 == look().status_code
