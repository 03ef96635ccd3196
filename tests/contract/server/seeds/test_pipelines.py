"""Seed 004: chains of Celery tasks, as its monitoring pages read them."""

from typing import Any

import pytest
from sqlalchemy import text

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from everyrun.store.database import Database
from tests.support.facts import NOON, SECOND, tell
from tests.support.served import Served
from tests.support.stories import identifier_at

STAGES = tuple(f"pipeline.{stage}_stage" for stage in ("ocr", "llm", "layout", "excel"))


class ChainFacts:
    """A chain of four tasks, as whoever watches Celery records it."""

    def __init__(self, database: Database, chain_id: str = "chain-1", number: int = 1) -> None:
        self.database = database
        self.id = identifier_at(NOON + number * SECOND, number)
        self.at = NOON + number * SECOND
        self.of: dict[str, Any] = {
            "execution_id": self.id,
            "workflow": "cr_extract_workflow",
            "kind": "celery",
        }
        self._tell(
            events.ExecutionCreated,
            external_id=chain_id,
            nodes_total=len(STAGES),
            input={"file_path": "a.pdf", "options": {}},
        )

    def _tell(self, kind: Any, **more: Any) -> None:
        self.at += SECOND
        tell(self.database, kind(**{**self.of, "at": self.at, **more}))

    def start(self, stage: str, **more: Any) -> dict[str, Any]:
        """A task's start; what names it afterwards."""
        task = {"node": stage, "node_execution_id": new_id()}
        self._tell(events.NodeStarted, **task, **more)
        return task

    def again(self, task: dict[str, Any], attempt: int) -> None:
        self._tell(events.NodeStarted, **task, attempt=attempt)

    def retry(self, task: dict[str, Any], attempt: int = 1) -> None:
        self._tell(events.NodeRetrying, **task, attempt=attempt, error_message="busy")

    def end(self, task: dict[str, Any], status: Status = Status.COMPLETED, **more: Any) -> None:
        self._tell(events.NodeFinished, **task, status=status, **more)

    def finish(self, status: Status = Status.COMPLETED, **more: Any) -> None:
        self._tell(events.ExecutionFinished, status=status, **more)


def _status(served: Served, chain_id: str = "chain-1") -> dict[str, Any]:
    response = served.client(Role.VIEWER).get(f"/pipeline/status/{chain_id}")
    assert 200 == response.status_code, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_r4_9_a_chain_that_waits_is_pending(served: Served) -> None:
    ChainFacts(served.database)

    assert {
        "chain_id": "chain-1",
        "chain_name": "cr_extract_workflow",
        "status": "PENDING",
        "progress": 0.0,
        "total_tasks": 4,
        "completed_tasks": 0,
        "failed_tasks": 0,
        "started_at": None,
        "finished_at": None,
        "error_message": None,
        "tasks": [],
    } == _status(served)


def test_r4_9_a_running_chain_has_its_progress_and_its_tasks_by_their_start(
    served: Served,
) -> None:
    chain = ChainFacts(served.database)
    late, early = chain.start(STAGES[1], started_at=None), chain.start(STAGES[0])
    chain.end(late)
    chain.retry(early)

    found = _status(served)
    assert ("STARTED", 0.25, 4, 1, 0) == (
        found["status"],
        found["progress"],
        found["total_tasks"],
        found["completed_tasks"],
        found["failed_tasks"],
    )
    assert [(STAGES[1], "SUCCESS", 0), (STAGES[0], "RETRY", 0)] == [
        (task["task_name"], task["status"], task["retries"]) for task in found["tasks"]
    ]
    assert {
        "task_id",
        "task_name",
        "status",
        "retries",
        "error",
        "started_at",
        "finished_at",
    } == set(found["tasks"][0])
    assert found["tasks"][0]["started_at"] < found["tasks"][1]["started_at"]


def test_r4_9_retries_are_counted_and_are_no_completions(served: Served) -> None:
    chain = ChainFacts(served.database)
    task = chain.start(STAGES[0])
    for attempt in (1, 2):
        chain.retry(task, attempt)
        chain.again(task, attempt + 1)

    found = _status(served)
    assert (0, [2], ["STARTED"]) == (
        found["completed_tasks"],
        [each["retries"] for each in found["tasks"]],
        [each["status"] for each in found["tasks"]],
    )


def test_r4_9_a_chain_that_succeeds_is_done(served: Served) -> None:
    chain = ChainFacts(served.database)
    for stage in STAGES:
        chain.end(chain.start(stage))
    chain.finish()

    found = _status(served)
    assert ("SUCCESS", 1.0, 4) == (found["status"], found["progress"], found["completed_tasks"])
    assert found["finished_at"] is not None


def test_r4_9_a_failed_task_fails_its_chain_with_its_error(served: Served) -> None:
    chain = ChainFacts(served.database)
    task = chain.start(STAGES[1])
    chain.end(task, Status.FAILED, error_type="ValueError", error_message="x" * 2_000)
    chain.finish(Status.FAILED)

    found = _status(served)
    assert ("FAILURE", 1, 500) == (
        found["status"],
        found["failed_tasks"],
        len(found["tasks"][0]["error"]),
    )
    assert found["error_message"].startswith("Task pipeline.llm_stage failed: xxx")


@pytest.mark.parametrize(
    ("status", "word"), [(Status.CANCELLED, "REVOKED"), (Status.SKIPPED, "REVOKED")]
)
def test_r4_9_a_chain_that_was_called_off_is_revoked(
    served: Served, status: Status, word: str
) -> None:
    ChainFacts(served.database).finish(status)

    assert word == _status(served)["status"]


def test_r4_9_a_chain_whose_worker_is_gone_is_no_longer_started(served: Served) -> None:
    chain = ChainFacts(served.database)
    chain.start(STAGES[0])
    chain._tell(events.ExecutionLost, reason="the worker was killed")

    assert ("FAILURE", "the worker was killed") == (
        _status(served)["status"],
        _status(served)["error_message"],
    )


def test_r4_9_any_execution_is_found_by_its_ids(served: Served) -> None:
    chain = ChainFacts(served.database)

    assert "cr_extract_workflow" == _status(served, chain.id)["chain_name"]


def test_r4_9_an_unknown_chain_is_told_as_the_seed_tells_it(served: Served) -> None:
    response = served.client(Role.VIEWER).get("/pipeline/status/nothing")

    assert (404, "Chain not found") == (response.status_code, response.json()["detail"])


def test_r4_10_the_history_is_newest_first_and_pages_by_limit_and_offset(served: Served) -> None:
    for number in range(1, 6):
        ChainFacts(served.database, f"chain-{number}", number).finish()
    http = served.client(Role.VIEWER)

    whole = http.get("/pipeline/history").json()
    assert [f"chain-{number}" for number in (5, 4, 3, 2, 1)] == [row["chain_id"] for row in whole]
    assert {
        "chain_id",
        "chain_name",
        "status",
        "completed_tasks",
        "total_tasks",
        "started_at",
        "finished_at",
    } == set(whole[0])
    part = http.get("/pipeline/history", params={"limit": 2, "offset": 3}).json()
    assert whole[3:] == part
    for wrong in ({"limit": 0}, {"limit": 501}, {"offset": -1}, {"offset": 100_001}):
        assert 422 == http.get("/pipeline/history", params=wrong).status_code


def test_r4_10_only_chains_are_in_the_history(served: Served) -> None:
    tell(
        served.database,
        events.ExecutionStarted(execution_id=new_id(), workflow="nightly", at=NOON),
    )

    assert [] == served.client(Role.VIEWER).get("/pipeline/history").json()


def test_r4_11_a_chain_stays_on_record_and_is_plain_rows(served: Served) -> None:
    chain = ChainFacts(served.database)
    chain.end(chain.start(STAGES[0]))
    chain.finish()

    with served.database.reading() as connection:
        query = """
            SELECT e.status, e.nodes_completed, count(*) FROM workflow_executions e
            JOIN workflows w ON w.id = e.workflow_id
            JOIN node_executions n ON n.workflow_execution_id = e.id
            WHERE w.name = 'cr_extract_workflow' GROUP BY e.id, e.status, e.nodes_completed"""
        assert [("completed", 1, 1)] == [tuple(row) for row in connection.execute(text(query))]
