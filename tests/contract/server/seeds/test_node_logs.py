"""Seed 000: node logs, as the wrapper sends them and the history page reads them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from everyrun.domain.events import NodeFinished, NodeLost, NodeRetrying, NodeStarted
from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from everyrun.store.checking import check_counters
from tests.support.facts import NOON, SECOND, Facts, tell
from tests.support.seed_clients import T0, T1, T2, ScriptClient
from tests.support.served import Served

EXECUTION = "20261128-090000-a3f9b2"


def test_r0_1_what_the_engine_or_a_decorator_records_is_a_log_without_any_call(
    served: Served, scripts: ScriptClient
) -> None:
    facts = Facts("nightly")
    tell(served.database, facts.started(), facts.node_started(input={"path": "a.csv"}))
    running = scripts.logs(execution_id=facts.execution_id)
    tell(served.database, facts.node_finished(output={"rows": 3}))
    ended = scripts.logs(execution_id=facts.execution_id)

    assert [("running", None)] == [(row["status"], row["finished_at"]) for row in running]
    assert [("completed", {"path": "a.csv"}, {"rows": 3}, 1000)] == [
        (row["status"], row["parameters"], row["result"], row["execution_time_ms"]) for row in ended
    ]


def test_r0_2_a_log_with_every_field_is_stored_and_answered_as_it_was(
    scripts: ScriptClient,
) -> None:
    script_id = scripts.create()

    log_id = scripts.log(
        "failed",
        script_id=script_id,
        result={"action": "condition", "status": "failed"},
        error_message="이미지를 찾을 수 없습니다",
        error_traceback="Traceback (most recent call last): …",
    )

    [row] = scripts.logs(execution_id=EXECUTION)
    expected = {
        "id": log_id,
        "execution_id": EXECUTION,
        "script_id": script_id,
        "node_id": "node_1",
        "node_type": "condition",
        "node_name": "조건",
        "status": "failed",
        "execution_time_ms": 1250,
        "parameters": {"threshold": 0.8},
        "result": {"action": "condition", "status": "failed"},
        "error_message": "이미지를 찾을 수 없습니다",
        "error_traceback": "Traceback (most recent call last): …",
    }
    assert expected == {name: row[name] for name in expected}
    assert datetime.fromisoformat(T0) == datetime.fromisoformat(row["started_at"])
    assert datetime.fromisoformat(T1) == datetime.fromisoformat(row["finished_at"])


def test_r0_2_only_the_nodes_id_is_needed(scripts: ScriptClient) -> None:
    answer = scripts.post("/api/logs/node-execution", {"node_id": "n", "status": "running"})

    assert True is answer["success"]
    [row] = scripts.logs()
    assert (answer["log_id"], None, "running") == (row["id"], row["script_id"], row["status"])
    assert 0 == scripts.dashboard()["total_scripts"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"script_id": 4711}, 404),
        ({"script_id": "no such"}, 404),
        ({"status": "pending"}, 422),
        ({"started_at": "yesterday"}, 422),
        ({"finished_at": "0001-01-01T00:00:00"}, 422),
        ({"execution_time_ms": -1}, 422),
        ({"execution_time_ms": "fast"}, 400),
        ({"node_id": None}, 400),
        ({"node_id": ""}, 422),
        ({"node_type": "x" * 101}, 422),
    ],
)
def test_r0_2_what_cannot_be_is_refused_and_leaves_nothing(
    served: Served, scripts: ScriptClient, wrong: dict[str, Any], status: int
) -> None:
    body = {"node_id": "n", "node_type": "wait", "status": "running", **wrong}
    response = scripts.http.post("/api/logs/node-execution", json=body)

    assert status == response.status_code
    assert response.json()["detail"]
    assert [] == scripts.logs()
    assert {"total": 0, "completed": 0, "failed": 0, "average_execution_time": 0.0} == (
        scripts.stats()
    )


def test_r0_2_a_time_without_a_zone_is_the_servers(scripts: ScriptClient) -> None:
    zone = scripts.get("/api/v1/about")["timezone"]
    scripts.log(started_at="2026-07-01T12:00:00")

    [row] = scripts.logs()
    expected = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo(zone))
    assert expected == datetime.fromisoformat(row["started_at"])


def test_r0_3_an_outcome_updates_the_newest_running_row_of_its_node(
    scripts: ScriptClient,
) -> None:
    other = scripts.log(node_id="node_2")
    first = scripts.log()
    newest = scripts.log(started_at=T1)

    assert newest == scripts.log("completed", started_at=None, finished_at=T2)
    assert [(other, "running"), (first, "running"), (newest, "completed")] == [
        (row["id"], row["status"]) for row in scripts.logs(execution_id=EXECUTION)
    ]


def test_r0_3_one_row_for_each_run_of_a_node_whatever_comes_first(scripts: ScriptClient) -> None:
    ended = scripts.log("completed")
    late = scripts.log("running")
    again = scripts.log("completed")
    next_turn = scripts.log("running", started_at=T1)

    assert ended == late == again
    assert [(ended, "completed"), (next_turn, "running")] == [
        (row["id"], row["status"]) for row in scripts.logs(execution_id=EXECUTION)
    ]


def test_r0_3_an_outcome_that_nothing_ran_for_is_inserted(scripts: ScriptClient) -> None:
    log_id = scripts.log("failed", started_at=None, error_message="stop")

    [row] = scripts.logs()
    assert (log_id, "failed", 1250) == (row["id"], row["status"], row["execution_time_ms"])


def test_r0_3_nobody_writes_into_another_scripts_execution(scripts: ScriptClient) -> None:
    mine, theirs = scripts.create("mine"), scripts.create("theirs")
    running = scripts.log(script_id=theirs)

    ended = scripts.log("completed", script_id=mine)

    assert running != ended
    assert [(running, "running")] == [
        (row["id"], row["status"]) for row in scripts.logs(script_id=theirs)
    ]
    assert [(ended, EXECUTION)] == [
        (row["id"], row["execution_id"])
        for row in scripts.logs(script_id=mine, execution_id=EXECUTION)
    ]


def test_r0_3_what_everyrun_runs_itself_takes_no_reports(
    served: Served, scripts: ScriptClient
) -> None:
    facts = Facts("nightly", kind="graph")
    tell(served.database, facts.started())

    response = scripts.http.post(
        "/api/logs/node-execution",
        json={"node_id": "n", "script_id": "nightly", "execution_id": facts.execution_id},
    )

    assert 409 == response.status_code
    assert "NOT_REPORTED" == response.json()["code"]
    assert [] == scripts.logs()


def test_r0_4_a_failure_keeps_its_message_traceback_end_and_duration(
    scripts: ScriptClient,
) -> None:
    scripts.log()
    scripts.log("failed", error_message="boom", error_traceback="Traceback …")

    [row] = scripts.logs(status="failed")
    assert ("boom", "Traceback …", 1250) == (
        row["error_message"],
        row["error_traceback"],
        row["execution_time_ms"],
    )
    assert datetime.fromisoformat(T1) == datetime.fromisoformat(row["finished_at"])


def test_r0_4_secrets_are_never_stored(served: Served, scripts: ScriptClient) -> None:
    scripts.log(parameters={"password": "hunter2hunter2", "url": "http://a:hunter2x@b/"})
    scripts.log("failed", error_message="token=abcdefghijklmnop1234 refused")

    [row] = scripts.logs()
    assert "hunter2" not in str(row)
    assert "abcdefghijklmnop1234" not in str(row)


def test_r0_6_statistics_follow_outcomes_and_deletions_at_once(
    served: Served, scripts: ScriptClient
) -> None:
    scripts.log()
    assert (1, 0, 0) == _counts(scripts)
    scripts.log("completed")
    scripts.log("failed", node_id="node_2", execution_time_ms=750, finished_at=T2, started_at=T1)
    other = scripts.log("completed", execution_id="another")

    assert (2, 2, 1) == _counts(scripts)
    # 1,250 ms twice, and 500 ms from one end to the other.
    assert 1000.0 == scripts.stats()["average_execution_time"]
    deleted = scripts.http.delete(f"/api/logs/node-execution/{other}").json()
    assert (1, 1, 1) == _counts(scripts)
    assert {"log_id": other, "stats": scripts.stats()} == deleted["data"]
    with served.database.reading() as connection:
        assert [] == check_counters(connection)


def _counts(scripts: ScriptClient) -> tuple[float, float, float]:
    stats = scripts.stats()
    return stats["total"], stats["completed"], stats["failed"]


def test_r0_10_a_look_by_execution_finds_what_was_stored(scripts: ScriptClient) -> None:
    assert [] == scripts.logs(execution_id=EXECUTION, limit=1)
    scripts.log()

    assert 1 == len(scripts.logs(execution_id=EXECUTION, limit=1))


def test_r0_10_a_look_that_asks_for_what_has_ended_is_not_satisfied_by_what_runs(
    scripts: ScriptClient,
) -> None:
    script_id = scripts.create()
    scripts.log(script_id=script_id)
    assert [] == scripts.logs(execution_id=EXECUTION, limit=1, settled=True)
    assert [] == scripts.logs(script_id=script_id, limit=1, settled=True)
    scripts.log("failed", script_id=script_id)

    assert 1 == len(scripts.logs(execution_id=EXECUTION, limit=1, settled=True))
    assert 1 == len(scripts.logs(script_id=script_id, limit=1, settled=True))


def test_r0_12_logs_are_found_by_execution_script_status_node_and_time(
    scripts: ScriptClient,
) -> None:
    script_id = scripts.create()
    mine = scripts.log("failed", script_id=script_id, started_at=T0)
    others = scripts.log("failed", execution_id="another", started_at=T1, finished_at=T2)
    running = scripts.log(script_id=script_id, node_id="node_2", started_at=T2)

    found = {
        "execution": [row["id"] for row in scripts.logs(execution_id=EXECUTION)],
        "script": [row["id"] for row in scripts.logs(script_id=script_id)],
        "status": [row["id"] for row in scripts.logs(status="failed")],
        "node": [row["id"] for row in scripts.logs(node_id="node_2")],
        "all": {row["id"] for row in scripts.logs()},
        "together": [row["id"] for row in scripts.logs(script_id=script_id, status="failed")],
    }
    assert {
        "execution": [mine, running],
        "script": [running, mine],
        "status": [others, mine],
        "node": [running],
        "all": {mine, others, running},
        "together": [mine],
    } == found
    failed = scripts.get("/api/logs/node-execution/failed", script_id=script_id)
    assert [mine] == [row["id"] for row in failed["data"]]


def test_r0_12_pages_go_on_by_cursor_or_offset(scripts: ScriptClient) -> None:
    ids = [scripts.log(node_id=f"node_{number}") for number in range(5)]

    first = scripts.get("/api/logs/node-execution", execution_id=EXECUTION, limit=2)
    second = scripts.get(
        "/api/logs/node-execution", execution_id=EXECUTION, limit=2, cursor=first["next"]
    )
    assert ids[:4] == [row["id"] for page in (first, second) for row in page["data"]]
    assert ids[3:] == [row["id"] for row in scripts.logs(execution_id=EXECUTION, offset=3)]
    refused = scripts.http.get("/api/logs/node-execution", params={"cursor": "!"})
    assert (400, "INVALID_CURSOR") == (refused.status_code, refused.json()["code"])


def test_one_log_is_found_by_number_and_by_id(scripts: ScriptClient) -> None:
    log_id = scripts.log()
    [row] = scripts.logs()

    for given in (log_id, row["node_execution_id"]):
        assert row == scripts.get(f"/api/logs/node-execution/{given}")["data"]
    for wrong in ("0", "99999", "x", row["workflow_execution_id"], "9" * 30):
        assert 404 == scripts.http.get(f"/api/logs/node-execution/{wrong}").status_code
    group = scripts.get(f"/api/logs/node-execution/execution/{EXECUTION}")
    assert [row] == group["data"]


def test_a_group_of_logs_and_all_of_them_can_be_deleted(
    served: Served, scripts: ScriptClient
) -> None:
    script_id = scripts.create()
    for execution in ("a", "b", "c"):
        scripts.log("completed", script_id=script_id, execution_id=execution)
    runs = scripts.dashboard()["today_executions"]

    group = scripts.http.delete("/api/logs/node-execution/execution/a").json()
    rest = scripts.http.delete("/api/logs/node-execution").json()

    assert ("a", 1) == (group["data"]["execution_id"], group["data"]["deleted_count"])
    assert 2 == rest["data"]["deleted_count"]
    assert ([], (0, 0, 0)) == (scripts.logs(), _counts(scripts))
    assert runs == scripts.dashboard()["today_executions"]
    with served.database.reading() as connection:
        assert [] == check_counters(connection)


def test_lost_cancelled_and_retried_nodes_are_told_in_the_seeds_words(
    served: Served, scripts: ScriptClient
) -> None:
    facts = Facts("nightly")
    of = facts.of

    def node(key: str, id_: str) -> dict[str, Any]:
        return {**of, "node": key, "node_execution_id": id_}

    retried, cancelled, skipped = (node(key, new_id()) for key in "rcs")
    tell(
        served.database,
        facts.started(),
        facts.node_started(),
        NodeStarted(**retried, at=NOON),
        NodeStarted(**cancelled, at=NOON),
        NodeFinished(**cancelled, at=NOON + SECOND, status=Status.CANCELLED),
        NodeFinished(**skipped, at=NOON + SECOND, status=Status.SKIPPED),
    )
    lost = {**facts.at_node, "at": NOON + SECOND, "reason": "killed"}
    tell(served.database, NodeLost(**lost), NodeRetrying(**retried, at=NOON + 1))

    assert {
        ("load", "failed", "lost", "killed"),
        ("r", "running", "retrying", None),
        ("c", "failed", "cancelled", "cancelled"),
    } == {
        (row["node_id"], row["status"], row["state"], row["error_message"])
        for row in scripts.logs()
    }


def test_messages_are_korean_unless_english_is_asked_for(
    served: Served, scripts: ScriptClient
) -> None:
    assert "노드 실행 로그 조회 완료" == scripts.get("/api/logs/node-execution")["message"]
    english = served.client(Role.VIEWER).get(
        "/api/logs/node-execution", headers={"Accept-Language": "en"}
    )
    assert "Node execution logs" == english.json()["message"]


def test_an_idle_look_is_answered_with_not_modified(scripts: ScriptClient) -> None:
    scripts.log()
    first = scripts.http.get("/api/logs/node-execution")
    etag = {"If-None-Match": first.headers["etag"]}

    assert 304 == scripts.http.get("/api/logs/node-execution", headers=etag).status_code
    scripts.log("completed")
    assert 200 == scripts.http.get("/api/logs/node-execution", headers=etag).status_code
