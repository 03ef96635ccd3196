"""A server from its start to its end: signed in to, worked with, told to end, begun again."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from everyrun.domain import events
from everyrun.domain.errors import SinkUnavailable
from everyrun.store.checking import check_counters
from everyrun.store.database import open_database
from everyrun.store.tables import ExecutionLog
from everyrun.tracking.http_sink import HttpSink
from tests.support.facts import Facts, a_recorder
from tests.support.processes import children_of, is_running
from tests.support.programs import ROOT
from tests.support.server_processes import TOKEN, ServerProcess
from tests.support.waiting import wait_until

Serve = Callable[..., ServerProcess]
RECORDS_AND_VANISHES = """
import os
from tests.support.facts import Facts
from everyrun.tracking import recording

for number in range(7):
    recording.current().record(Facts().line(f"line {number}"))
os._exit(9)
"""


SLEEP = {"type": "shell", "with": {"command": "exec sleep 600"}}


def a_graph(name: str, **nodes: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "definition": {"workflow": name, "nodes": nodes}}


def a_wait(seconds: float) -> dict[str, Any]:
    return {"type": "wait", "with": {"for": seconds}}


def make(client: httpx.Client, graph: dict[str, Any]) -> None:
    answer = client.post("/api/v1/workflows", json=graph)
    assert 201 == answer.status_code, answer.text


def start(client: httpx.Client, workflow: str) -> str:
    answer = client.post(f"/api/v1/workflows/{workflow}/executions", json={})
    assert 202 == answer.status_code, answer.text
    started: str = answer.json()["id"]
    return started


def status_of(client: httpx.Client, execution_id: str) -> str:
    status: str = client.get(f"/api/v1/executions/{execution_id}").json()["status"]
    return status


def test_a_workflow_runs_from_its_making_to_its_end(database_url: str, serve: Serve) -> None:
    server = serve(database_url)
    with server, server.client() as client:
        make(client, a_graph("nightly", rest=a_wait(0.01)))
        execution = start(client, "nightly")
        server.told("finished", execution_id=execution, status="completed")
        seen = client.get(f"/api/v1/executions/{execution}").json()
        code = server.stop()

    assert ("completed", ["completed"]) == (
        seen["status"],
        [node["status"] for node in seen["nodes"]],
    )
    assert 0 == code
    assert "" == server.complaints()


def test_the_link_that_is_told_signs_somebody_in(migrated_sqlite_url: str, serve: Serve) -> None:
    server = serve(migrated_sqlite_url, EVERYRUN_ADMIN_TOKEN="")
    server.begin()
    told = server.told("way_in")
    with httpx.Client(follow_redirects=True) as browser:
        browser.get(told["link"])
        me = browser.get(f"{server.url}/api/v1/me")
    with server.client(told["token"]) as program:
        about = program.get("/api/v1/about")
    assert 0 == server.stop()
    server.begin()
    again = server.told("way_in")

    assert (200, 200) == (me.status_code, about.status_code)
    assert again["token"] is None and again["link"] != told["link"]


def test_what_runs_is_handed_over_when_the_server_ends_and_goes_on_when_it_is_back(
    database_url: str, serve: Serve
) -> None:
    server = serve(database_url, EVERYRUN_SCHEDULER_DRAIN_SECONDS="0.2")
    with server, server.client() as client:
        make(client, a_graph("slow", first=a_wait(2.5)))
        execution = start(client, "slow")
        wait_until(lambda: status_of(client, execution) == "running", "it runs")
        assert 0 == server.stop()
        server.start()
        server.told("finished", execution_id=execution, status="completed")
        assert 0 == server.stop()

    assert "Traceback" not in server.complaints()


def test_nothing_that_was_taken_is_lost_when_the_server_ends_under_load(
    database_url: str, serve: Serve
) -> None:
    """Four senders go on until the server is gone; what it took is there, and nothing else is."""
    server = serve(database_url, EVERYRUN_RATE_LIMIT="0")
    acknowledged: list[int] = []
    in_doubt: list[int] = []
    sent = threading.Semaphore(0)

    def send() -> None:
        with closing(HttpSink(server.url, token=TOKEN)) as sink:
            recorder = a_recorder()
            while True:
                lines = [events.encode(Facts().line()) for _ in range(50)]
                try:
                    sink.write(recorder, lines)
                except SinkUnavailable:
                    in_doubt.append(len(lines))
                    return
                acknowledged.append(len(lines))
                sent.release()

    with server:
        senders = [threading.Thread(target=send) for _ in range(4)]
        for sender in senders:
            sender.start()
        for _ in range(40):
            sent.acquire()
        code = server.stop()
        for sender in senders:
            sender.join()
    with closing(open_database(database_url)) as database, database.reading() as connection:
        lines = connection.execute(select(func.count()).select_from(ExecutionLog)).scalar_one()
        differences = check_counters(connection)

    assert 0 == code
    assert sum(acknowledged) <= lines <= sum(acknowledged) + sum(in_doubt)
    assert [] == differences
    assert "Traceback" not in server.complaints()


def test_a_second_signal_hurries_it(migrated_sqlite_url: str, serve: Serve) -> None:
    server = serve(migrated_sqlite_url, EVERYRUN_SCHEDULER_DRAIN_SECONDS="600")
    with server, server.client() as client:
        make(client, a_graph("endless", first=SLEEP))
        execution = start(client, "endless")
        wait_until(lambda: status_of(client, execution) == "running", "it runs")
        server.send(signal.SIGINT)
        wait_until(lambda: not _answers(server), "it takes nothing new")
        server.send(signal.SIGINT)
        code = server.wait()

    assert 0 == code


def _answers(server: ServerProcess) -> bool:
    try:
        return httpx.get(f"{server.url}/readyz").is_success
    except httpx.HTTPError:
        return False


def test_what_was_left_in_spools_for_the_server_is_taken_in(
    database_url: str, serve: Serve, own_home: Path
) -> None:
    """A process recorded while the server was down, and is gone."""
    server = serve(database_url, EVERYRUN_ADOPTION_INTERVAL="0.05")
    subprocess.run(
        [sys.executable, "-c", RECORDS_AND_VANISHES],
        env={**os.environ, "EVERYRUN_URL": server.url, "EVERYRUN_HOME": str(own_home)},
        cwd=ROOT,
        check=False,
    )
    with server, closing(open_database(database_url)) as database:

        def lines_kept() -> int:
            with database.reading() as connection:
                query = select(func.count()).select_from(ExecutionLog)
                return connection.execute(query).scalar_one()

        wait_until(lambda: lines_kept() == 7, "the spool is taken in")
        assert 0 == server.stop()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_port_that_is_taken_is_told(
    migrated_sqlite_url: str, serve: Serve, language: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = serve(migrated_sqlite_url, port=port, EVERYRUN_LANG=language)
        server.begin()
        code = server.wait()

    assert 7 == code
    assert f"127.0.0.1:{port}" in server.complaints()
    assert "Traceback" not in server.complaints()


def test_others_are_not_listened_to_before_anybody_may_come_in(
    migrated_sqlite_url: str, serve: Serve
) -> None:
    refused = serve(migrated_sqlite_url, "--host", "0.0.0.0", EVERYRUN_ADMIN_TOKEN="")
    refused.begin()
    assert 2 == refused.wait()
    assert "EVERYRUN_ADMIN_TOKEN" in refused.complaints()

    with serve(migrated_sqlite_url, "--host", "0.0.0.0") as allowed:
        assert 0 == allowed.stop()


def test_further_processes_answer_too_and_end_with_the_first(
    database_url: str, serve: Serve
) -> None:
    server = serve(database_url, "--workers", "3", EVERYRUN_RATE_LIMIT="0")
    with server:
        wait_until(lambda: len(_workers(server)) == 2, "the workers are there")
        with server.client() as client:
            for _ in range(30):
                with server.client() as another:
                    assert 200 == another.get("/api/v1/about").status_code
            counted = client.get("/metrics").text
        killed = min(_workers(server))
        os.kill(killed, signal.SIGKILL)
        server.told("worker_ended", pid=killed)
        wait_until(lambda: len(_workers(server) - {killed}) == 2, "it is started again")
        workers = _workers(server)
        server.kill()
        wait_until(lambda: not any(map(is_running, workers)), "the workers end, too", 60)
        server.start()
        wait_until(lambda: len(_workers(server)) == 2, "the workers are there again", 60)
        workers = _workers(server)
        assert 0 == server.stop()

    assert 'everyrun_http_requests_total{method="GET",route="/api/v1/about",status="200"} 30' in (
        counted
    )
    assert not any(map(is_running, workers))


def _workers(server: ServerProcess) -> set[int]:
    return set(children_of(server.pid))
