"""Seeds 000 and 001: scripts, the records of their runs, and running them."""

from typing import Any

import pytest

from everyrun.domain.roles import Role
from everyrun.store.batches import list_batches, members_of
from everyrun.store.checking import check_counters
from everyrun.store.deleting import delete_executions
from everyrun.store.reading.execution import read_execution
from everyrun.store.versions import set_active
from everyrun.workflows.batches.making import make_run_all
from everyrun.workflows.running import Engine
from everyrun.workflows.settings import EngineSettings
from tests.support.seed_clients import ScriptClient
from tests.support.served import Served

GRAPH: dict[str, Any] = {
    "inputs": {"n": {"type": "integer", "default": 1}},
    "nodes": {"twice": {"type": "set", "with": {"values": {"n": "{{ inputs.n * 2 }}"}}}},
}


def _status(served: Served, execution_id: str) -> tuple[str, str | None, float | None]:
    with served.database.reading() as connection:
        found = read_execution(connection, execution_id)
    return found.status, found.error_message, found.duration_seconds


def test_r0_7_a_record_is_the_outcome_of_the_run_whose_nodes_were_logged(
    served: Served, scripts: ScriptClient
) -> None:
    script_id = scripts.create()
    scripts.log(script_id=script_id)
    scripts.log("completed", script_id=script_id)
    [row] = scripts.logs(script_id=script_id)

    answer = scripts.record(script_id)

    assert {"success": True, "message": "스크립트 실행 기록이 저장되었습니다."}.items() <= (
        answer.items()
    )
    assert row["workflow_execution_id"] == answer["data"]["execution_id"]
    assert ("success", script_id) == (answer["data"]["status"], answer["data"]["script_id"])
    assert "completed" == _status(served, answer["data"]["execution_id"])[0]
    assert 1 == scripts.dashboard()["today_executions"]


def test_r0_7_a_record_of_a_failure_keeps_its_message_and_duration(
    served: Served, scripts: ScriptClient
) -> None:
    script_id = scripts.create()

    answer = scripts.record(
        script_id, "error", error_message="이미지를 찾을 수 없습니다", execution_time_ms=2500
    )

    assert ("failed", "이미지를 찾을 수 없습니다", 2.5) == _status(
        served, answer["data"]["execution_id"]
    )
    assert 1 == scripts.dashboard()["today_failed_scripts"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"status": "running"}, 422),
        ({"status": "fine"}, 422),
        ({"status": "success", "execution_time_ms": -5}, 422),
        ({"status": "success", "execution_time_ms": 1e300}, 422),
        ({}, 400),
    ],
)
def test_r0_7_what_is_no_record_is_refused_and_leaves_nothing(
    scripts: ScriptClient, body: dict[str, Any], status: int
) -> None:
    script_id = scripts.create()
    response = scripts.http.post(f"/api/scripts/{script_id}/execution-record", json=body)

    assert status == response.status_code
    assert 0 == scripts.dashboard()["today_executions"]


def test_r0_7_a_record_of_no_script_is_refused(scripts: ScriptClient) -> None:
    response = scripts.http.post("/api/scripts/99/execution-record", json={"status": "success"})

    assert (404, "SCRIPT_NOT_FOUND") == (response.status_code, response.json()["code"])


def test_r0_8_a_summary_of_running_all_is_a_batch_with_the_counts_as_told(
    served: Served, scripts: ScriptClient
) -> None:
    answer = scripts.post(
        "/api/dashboard/execution-summary", {"total_executions": 5, "failed_count": 2}
    )

    assert "실행 요약 정보가 저장되었습니다." == answer["message"]
    with served.database.reading() as connection:
        [batch] = list_batches(connection)
    assert (answer["data"]["batch_id"], "failed", 5, (3, 2, 0, 0), "as reported") == (
        batch.id,
        batch.status,
        batch.total,
        tuple(batch.counts),
        batch.reason,
    )


def test_r0_8_what_a_cancelled_run_left_out_is_not_counted_as_run(
    served: Served, scripts: ScriptClient
) -> None:
    told = {"total_executions": 5, "failed_count": 0, "cancelled_count": 1, "not_run_count": 3}
    scripts.post("/api/dashboard/execution-summary", told)

    with served.database.reading() as connection:
        [batch] = list_batches(connection)
    assert ("cancelled", (1, 0, 1, 3)) == (batch.status, tuple(batch.counts))


@pytest.mark.parametrize(
    "body",
    [
        {"total_executions": 1, "failed_count": 2},
        {"total_executions": -1, "failed_count": 0},
        {"total_executions": 3, "failed_count": -1},
    ],
)
def test_r0_8_counts_that_cannot_be_are_refused(
    served: Served, scripts: ScriptClient, body: dict[str, int]
) -> None:
    response = scripts.http.post("/api/dashboard/execution-summary", json=body)

    assert 422 == response.status_code
    with served.database.reading() as connection:
        assert [] == list_batches(connection)


def test_r0_13_running_all_takes_the_active_scripts_in_their_order(
    served: Served, scripts: ScriptClient
) -> None:
    ids = {name: scripts.create(name, definition=GRAPH) for name in ("a", "b", "c", "d")}
    scripts.create("reported only")
    order = [
        {"id": ids["d"], "order": 1},
        {"id": ids["b"], "order": 2},
        {"id": ids["a"], "order": 3},
    ]
    assert 200 == scripts.http.patch("/api/scripts/order", json=order).status_code
    assert (
        200
        == scripts.http.patch(f"/api/scripts/{ids['c']}/active", json={"active": False}).status_code
    )

    batch = make_run_all(served.database)

    with served.database.reading() as connection:
        members = [member.workflow for member in members_of(connection, batch.id)]
    assert ["d", "b", "a"] == members


def test_r1_6_a_script_is_made_changed_switched_and_deleted(scripts: ScriptClient) -> None:
    script_id = scripts.create("nightly", description="밤마다")
    shown = scripts.get(f"/api/scripts/{script_id}")["data"]
    assert ("nightly", "밤마다", True, "script", None) == (
        shown["name"],
        shown["description"],
        shown["active"],
        shown["kind"],
        shown["definition"],
    )

    changed = scripts.http.put(f"/api/scripts/{script_id}", json={"description": None}).json()
    switched = scripts.http.put(f"/api/scripts/{script_id}/active", json={"active": False}).json()
    assert (None, False) == (changed["data"]["description"], switched["data"]["active"])
    assert "스크립트가 비활성화되었습니다." == switched["message"]

    deleted = scripts.http.delete(f"/api/scripts/{script_id}").json()
    assert {"id": script_id} == deleted["data"]
    assert [] == scripts.get("/api/scripts")["data"]
    for path in (f"/api/scripts/{script_id}", "/api/scripts/nightly"):
        assert 404 == scripts.http.get(path).status_code
    assert script_id == scripts.create("nightly")


def test_r1_6_scripts_are_listed_in_their_order(scripts: ScriptClient) -> None:
    first, second, third = (scripts.create(name) for name in ("c", "b", "a"))
    listed = scripts.get("/api/scripts")
    assert [first, second, third] == [row["id"] for row in listed["data"]]
    assert 3 == listed["count"]

    answer = scripts.http.put("/api/scripts/order", json=[third, first, second]).json()

    assert [third, first, second] == [row["id"] for row in answer["data"]["orders"]]
    assert ["a", "c", "b"] == [row["name"] for row in scripts.get("/api/scripts")["data"]]
    refused = scripts.http.patch("/api/scripts/order", json=[{"id": second, "order": 1}, 99])
    assert 404 == refused.status_code
    assert ["a", "c", "b"] == [row["name"] for row in scripts.get("/api/scripts")["data"]]


def test_a_script_is_found_by_number_id_and_name(scripts: ScriptClient) -> None:
    script_id = scripts.create("밤 작업/1")
    row = scripts.get(f"/api/scripts/{script_id}")["data"]

    for given in (row["workflow_id"], "밤 작업%2F1"):
        assert row == scripts.get(f"/api/scripts/{given}")["data"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "nightly"}, 409, "SCRIPT_EXISTS"),
        ({"name": "nightly", "definition": GRAPH}, 409, "SCRIPT_EXISTS"),
        ({"name": "  "}, 422, "INVALID_SCRIPT"),
        ({"name": "new", "definition": {"nodes": {"a": {"type": "nothing"}}}}, 422, None),
        ({"description": "nameless"}, 400, None),
    ],
)
def test_what_is_no_new_script_is_refused(
    scripts: ScriptClient, body: dict[str, Any], status: int, code: str | None
) -> None:
    scripts.create("nightly")
    response = scripts.http.post("/api/scripts", json=body)

    assert status == response.status_code
    assert code in (None, response.json()["code"])
    assert 1 == scripts.get("/api/scripts")["count"]


def test_a_scripts_name_is_what_its_history_is_filed_under(scripts: ScriptClient) -> None:
    script_id = scripts.create("nightly")

    same = scripts.http.put(f"/api/scripts/{script_id}", json={"name": "nightly"})
    other = scripts.http.put(f"/api/scripts/{script_id}", json={"name": "daily"})
    assert (200, 409) == (same.status_code, other.status_code)
    assert "NAME_IS_IDENTITY" == other.json()["code"]


def test_a_script_with_a_definition_is_run_by_everyrun(
    served: Served, scripts: ScriptClient
) -> None:
    script_id = scripts.create("doubling", definition=GRAPH)

    started = scripts.post(
        f"/api/scripts/{script_id}/execute", {"inputs": {"n": 21}, "execution_id": "mine"}, 202
    )["data"]

    assert "pending" == started["status"]
    engine = Engine(served.database, EngineSettings(poll_seconds=0.02))
    try:
        engine.run(started["execution_id"])
    finally:
        engine.close()
    [row] = scripts.logs(execution_id="mine")
    assert ("twice", "completed", {"n": 42}, script_id) == (
        row["node_id"],
        row["status"],
        row["result"],
        row["script_id"],
    )


def test_a_script_drawn_later_is_run_too_unless_it_has_been_reported(
    scripts: ScriptClient,
) -> None:
    drawn, reported = scripts.create("drawn"), scripts.create("reported")
    scripts.record(reported)

    taken = scripts.http.put(f"/api/scripts/{drawn}", json={"definition": GRAPH}).json()["data"]
    refused = scripts.http.put(f"/api/scripts/{reported}", json={"definition": GRAPH})
    assert (drawn, "graph", 1) == (taken["id"], taken["kind"], taken["version"])
    assert (409, "HAS_HISTORY") == (refused.status_code, refused.json()["code"])
    assert "twice" in scripts.get(f"/api/scripts/{drawn}")["data"]["definition"]["nodes"]


def test_what_cannot_be_run_says_why(served: Served, scripts: ScriptClient) -> None:
    without = scripts.create("reported")
    off = scripts.create("off", definition=GRAPH, active=False)
    needy = scripts.create(
        "needy", definition={"inputs": {"n": {"type": "integer"}}, "nodes": GRAPH["nodes"]}
    )
    told = {}
    for script_id in (without, off, needy, 99):
        response = scripts.http.post(f"/api/scripts/{script_id}/execute", json={})
        told[script_id] = (response.status_code, response.json()["code"])

    assert {
        without: (409, "NOT_RUNNABLE"),
        off: (409, "WORKFLOW_INACTIVE"),
        needy: (422, "INVALID_INPUT"),
        99: (404, "SCRIPT_NOT_FOUND"),
    } == told


def test_an_ingest_token_reports_and_reads_nothing(served: Served, scripts: ScriptClient) -> None:
    script_id = scripts.create()
    ingest = ScriptClient(served.client(Role.INGEST))

    ingest.log(script_id=script_id)
    ingest.record(script_id)
    for method, path in (
        ("GET", "/api/logs/node-execution"),
        ("GET", "/api/scripts"),
        ("POST", "/api/scripts"),
        ("DELETE", "/api/logs/node-execution"),
        ("GET", "/api/dashboard/stats"),
        ("GET", "/pipeline/history"),
        ("GET", "/api/automation/logs?jobId=a"),
    ):
        assert 403 == ingest.http.request(method, path, json={}).status_code, path


def test_r1_9_records_say_success_error_or_cancelled_and_outlive_their_script(
    served: Served, scripts: ScriptClient
) -> None:
    script_id = scripts.create()
    executions = [
        scripts.record(script_id, status)["data"]["execution_id"]
        for status in ("success", "error", "cancelled")
    ]
    assert ["completed", "failed", "cancelled"] == [_status(served, id_)[0] for id_ in executions]
    before = scripts.dashboard()

    scripts.http.delete(f"/api/scripts/{script_id}")

    assert ["completed", "failed", "cancelled"] == [_status(served, id_)[0] for id_ in executions]
    assert {**before, "total_scripts": 0} == scripts.dashboard()
    served.database.transact(lambda c: delete_executions(c, executions, served.clock.now()))
    assert 0 == scripts.dashboard()["today_executions"]
    with served.database.reading() as connection:
        assert [] == check_counters(connection)


def test_switching_elsewhere_shows_here(served: Served, scripts: ScriptClient) -> None:
    scripts.create("drawn", definition=GRAPH)
    served.database.transact(lambda c: set_active(c, "drawn", False, served.clock.now()))

    assert [False] == [row["active"] for row in scripts.get("/api/scripts")["data"]]
    assert 1 == scripts.dashboard()["inactive_scripts"]
