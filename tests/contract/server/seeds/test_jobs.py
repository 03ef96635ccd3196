"""Seed 003: background jobs, started by one request and watched by polling."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

import everyrun
from everyrun.domain.events import ExecutionCreated
from everyrun.domain.roles import Role
from everyrun.server.contract import jobs
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database
from everyrun.store.deleting import delete_executions
from everyrun.store.reading.execution import read_execution
from everyrun.workflows.running import Engine
from everyrun.workflows.settings import EngineSettings
from tests.support.facts import NOON, Facts, tell
from tests.support.job_functions import titles
from tests.support.served import Served, serve

JOBS = ", ".join(
    f"{name}=tests.support.job_functions:{name}" for name in ("titles", "failing", "waiting")
)


@dataclass
class JobClient:
    """What seed 003's pages send."""

    served: Served
    http: httpx.Client
    engine: Engine

    def start(self, type_: str = "titles", status: int = 200, **input_: Any) -> dict[str, Any]:
        response = self.http.post("/api/automation/jobs", json={"type": type_, **input_})
        assert status == response.status_code, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def work(self, started: dict[str, Any]) -> None:
        """What an engine anywhere does sooner or later."""
        self.engine.run(started["executionId"])
        everyrun.flush()

    def look(self, job_id: str, **params: Any) -> dict[str, Any]:
        response = self.http.get("/api/automation/logs", params={"jobId": job_id, **params})
        assert 200 == response.status_code, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def messages(self, job_id: str) -> list[str]:
        return [line["log_message"] for line in self.look(job_id)["logs"]]


@pytest.fixture
def client(database: Database) -> Iterator[JobClient]:
    everyrun.configure(url=database.url.render_as_string(hide_password=False))
    engine = Engine(database, EngineSettings(poll_seconds=0.02))
    with serve(database, ServerSettings(jobs=JOBS, remembered_seconds=0)) as served:
        yield JobClient(served, served.client(Role.OPERATOR), engine)
    engine.close()
    everyrun.configure()


def test_r3_1_a_log_is_one_finished_answer_and_an_idle_look_nearly_nothing(
    client: JobClient,
) -> None:
    job = client.start()
    params = {"jobId": job["jobId"]}
    first = client.http.get("/api/automation/logs", params=params)

    assert "application/json" == first.headers["content-type"]
    assert "content-length" in first.headers
    etag = {"If-None-Match": first.headers["etag"]}
    assert 304 == client.http.get("/api/automation/logs", params=params, headers=etag).status_code
    client.work(job)
    assert 200 == client.http.get("/api/automation/logs", params=params, headers=etag).status_code


def test_r3_2_starting_answers_at_once_before_anything_runs(client: JobClient) -> None:
    job = client.start()

    assert job["jobId"].startswith("job_")
    assert job["jobId"].removeprefix("job_").isdigit()
    assert "작업 시작됨" == job["message"]
    assert ["🚀 작업 시작"] == client.messages(job["jobId"])
    with client.served.database.reading() as connection:
        assert "pending" == read_execution(connection, job["executionId"]).status


def test_r3_2_ids_that_the_server_gives_never_meet(client: JobClient) -> None:
    ids = [client.start(count=number)["jobId"] for number in range(20)]

    assert 20 == len(set(ids))


def test_r3_2_a_client_may_bring_its_id_and_ask_again(client: JobClient) -> None:
    first = client.start(jobId="mine", count=2)
    again = client.start(jobId="mine", count=2)

    assert "mine" == first["jobId"] == again["jobId"]
    assert first["executionId"] == again["executionId"]
    assert "이미 시작된 작업입니다." == again["message"]
    other = client.start(jobId="mine", count=3, status=409)
    assert "JOB_ID_TAKEN" == other["code"]
    assert "JOB_ID_TAKEN" == client.start("failing", jobId="mine", reason="x", status=409)["code"]


def test_r3_2_an_id_of_somebody_elses_execution_is_not_given_away(client: JobClient) -> None:
    facts = Facts("nightly", kind="script")
    created = ExecutionCreated(**facts.of, at=NOON, external_id="theirs")
    tell(client.served.database, created, facts.line("secret plans"))

    for taken in ("theirs", facts.execution_id):
        assert "JOB_ID_TAKEN" == client.start(jobId=taken, status=409)["code"]
    assert "secret plans" in client.messages("theirs")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"type": 5}, 422),
        ({"type": "unheard of"}, 404),
        ({"type": "titles", "jobId": " "}, 422),
        ({"type": "titles", "jobId": ["a"]}, 422),
        ({"type": "titles", "jobId": "x" * 401}, 422),
        ([], 400),
    ],
)
def test_r3_2_what_is_no_job_is_refused(client: JobClient, body: Any, status: int) -> None:
    response = client.http.post("/api/automation/jobs", json=body)

    assert status == response.status_code
    assert response.json()["detail"]


def test_r3_2_any_workflow_is_a_job_type(client: JobClient) -> None:
    graph = {"nodes": {"a": {"type": "set", "with": {"values": {"n": "{{ inputs.n }}"}}}}}
    graph |= {"inputs": {"n": {"type": "integer"}}}
    made = client.http.post("/api/scripts", json={"name": "copying", "definition": graph})
    assert 200 == made.status_code

    job = client.start("copying", jobType=None, jobId="w", n=4)
    assert 422 == client.http.post("/api/automation/jobs", json={"jobType": "copying"}).status_code
    client.work(job)
    assert ["🚀 작업 시작", "🎉 작업 완료"] == client.messages("w")


def test_r3_2_a_workflow_of_ones_own_is_no_job_type_by_mistake(client: JobClient) -> None:
    graph = {"nodes": {"a": {"type": "set", "with": {"values": {}}}}}
    client.http.post("/api/scripts", json={"name": "titles", "definition": graph})

    assert "JOB_TYPE_TAKEN" == client.start(status=409)["code"]


def test_r3_3_lines_have_growing_numbers_their_job_and_a_time(client: JobClient) -> None:
    job = client.start(count=2)
    client.work(job)

    lines = client.look(job["jobId"])["logs"]
    assert [line["id"] for line in lines] == list(range(1, len(lines) + 1))
    assert {job["jobId"]} == {line["job_id"] for line in lines}
    assert all(line["created_at"].endswith("Z") for line in lines)


def test_r3_4_the_start_each_step_and_the_success_are_logged(client: JobClient) -> None:
    job = client.start(count=2)
    client.work(job)

    assert [
        "🚀 작업 시작",
        "✅ 1/2 완료",
        "✅ 2/2 완료",
        "인쇄된 줄",
        "a warning of logging",
        "🎉 작업 완료",
    ] == client.messages(job["jobId"])


def test_r3_4_an_error_is_logged_and_ends_the_looking(client: JobClient) -> None:
    job = client.start("failing", reason="모델이 응답하지 않음")
    client.work(job)

    log = client.look(job["jobId"])
    assert ["🚀 작업 시작", "trying"] == [line["log_message"] for line in log["logs"][:2]]
    assert "❌ 오류: 모델이 응답하지 않음" == log["logs"][-1]["log_message"]
    assert (True, "failed", 0) == (log["done"], log["status"], log["poll_after_ms"])


def test_r3_4_what_does_not_fit_the_function_is_told_in_the_log(client: JobClient) -> None:
    job = client.start("failing", nothing="like this")
    client.work(job)

    assert client.messages(job["jobId"])[-1].startswith("❌ 오류: failing() got an unexpected")


def test_r3_4_a_coroutine_is_logged_as_well(client: JobClient) -> None:
    job = client.start("waiting")
    client.work(job)

    assert ["🚀 작업 시작", "before", "after", "🎉 작업 완료"] == client.messages(job["jobId"])


def test_r3_5_a_log_is_answered_whole_in_order(client: JobClient) -> None:
    job = client.start(count=30)
    client.work(job)

    log = client.look(job["jobId"])
    assert 30 + 4 == len(log["logs"])
    assert [f"✅ {number}/30 완료" for number in range(1, 31)] == [
        line["log_message"] for line in log["logs"][1:31]
    ]
    assert (True, "completed", 0) == (log["done"], log["status"], log["left_out"])


def test_r3_5_or_from_a_cursor_on(client: JobClient) -> None:
    job = client.start(count=5)
    whole, page = [], client.look(job["jobId"], after=0, limit=2)
    client.work(job)
    for _ in range(20):
        whole += page["logs"]
        if page["done"]:
            break
        page = client.look(job["jobId"], after=page["next"], limit=2)

    assert client.look(job["jobId"])["logs"] == whole
    assert [] == client.look(job["jobId"], after=page["next"])["logs"]
    assert client.look(job["jobId"], after=page["next"])["done"]


def test_r3_5_of_a_very_long_log_the_end_is_answered(
    client: JobClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "WHOLE", 10)
    job = client.start(count=30)
    client.work(job)

    log = client.look(job["jobId"])
    assert (22, "🎉 작업 완료") == (log["left_out"], log["logs"][-1]["log_message"])
    assert list(range(24, 35)) == [line["id"] for line in log["logs"]]


def test_r3_5_an_unknown_job_is_told_as_such(client: JobClient) -> None:
    response = client.http.get("/api/automation/logs", params={"jobId": "nobody's"})
    nameless = client.http.get("/api/automation/logs")

    assert (404, "JOB_NOT_FOUND") == (response.status_code, response.json()["code"])
    assert 422 == nameless.status_code


def test_r3_6_looking_again_is_due_after_two_seconds_until_the_job_is_done(
    client: JobClient,
) -> None:
    job = client.start()
    waiting = client.look(job["jobId"])
    client.work(job)
    ended = client.look(job["jobId"])

    assert (False, 2_000) == (waiting["done"], waiting["poll_after_ms"])
    assert (True, 0) == (ended["done"], ended["poll_after_ms"])
    # What the seed's own page looks for.
    assert "작업 완료" in ended["logs"][-1]["log_message"]


def test_r3_7_a_viewer_that_gives_up_ends_nothing(client: JobClient) -> None:
    job = client.start(jobId="left alone")
    client.look("left alone")
    client.work(job)

    assert client.look("left alone")["done"]


def test_r3_8_several_viewers_read_the_same_now_and_later(client: JobClient) -> None:
    job = client.start(count=2)
    client.work(job)
    other = client.served.client(Role.VIEWER)

    mine = client.look(job["jobId"])
    theirs = other.get("/api/automation/logs", params={"jobId": job["jobId"]}).json()
    by_execution = client.look(job["executionId"])
    assert mine == theirs
    assert [line["log_message"] for line in mine["logs"]] == [
        line["log_message"] for line in by_execution["logs"]
    ]


def test_r3_9_a_jobs_log_goes_with_its_execution(client: JobClient) -> None:
    job = client.start()
    client.work(job)
    now = client.served.clock.now()
    client.served.database.transact(
        lambda connection: delete_executions(connection, [job["executionId"]], now)
    )

    params = {"jobId": job["jobId"]}
    assert 404 == client.http.get("/api/automation/logs", params=params).status_code


def test_a_function_submitted_from_anywhere_is_a_job_too(client: JobClient) -> None:
    job = everyrun.submit.options(external_id="submitted")(titles, 1)
    job.result(10)
    everyrun.flush()

    assert ["🚀 작업 시작", "✅ 1/1 완료", "🎉 작업 완료"] == client.messages("submitted")
