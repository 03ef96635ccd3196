"""Seed 000: logging hurts nobody, and tells those who look that there is news."""

import time
from typing import Any

import pytest
from sqlalchemy import text

import everyrun
from everyrun.domain.roles import Role
from tests.support.seed_clients import ScriptClient
from tests.support.served import Served


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


def _told(served: Served) -> list[tuple[str, bool]]:
    """What was told of executions and batches that settled, and whether it lies in the ledger."""
    query = text("""
        SELECT c.type, e.status IS NOT NULL OR b.status IS NOT NULL FROM changes c
        LEFT JOIN workflow_executions e ON e.id = c.workflow_execution_id
        LEFT JOIN batches b ON b.id = c.batch_id
        WHERE c.type IN ('execution.completed', 'execution.failed', 'batch.settled')
        ORDER BY c.id""")
    with served.database.reading() as connection:
        return [(row[0], bool(row[1])) for row in connection.execute(query)]


def test_r0_9_runs_that_end_and_summaries_are_told_once_they_are_stored(
    served: Served, scripts: ScriptClient
) -> None:
    script_id = scripts.create()
    scripts.log("completed", script_id=script_id)
    assert [] == _told(served)

    scripts.record(script_id)
    scripts.record(script_id, "error")
    scripts.post("/api/dashboard/execution-summary", {"total_executions": 2, "failed_count": 1})

    assert [
        ("execution.completed", True),
        ("execution.failed", True),
        ("batch.settled", True),
    ] == _told(served)


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
