"""Batches over HTTP: made at once, run by whichever server's scheduler takes them, stopped."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import Any

import httpx
import pytest

import everyrun
from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.scheduler.serving import Service
from everyrun.scheduler.settings import SchedulerSettings
from everyrun.store.database import Database, open_database
from everyrun.workflows.running import Engine
from everyrun.workflows.settings import EngineSettings
from tests.support import graph_functions
from tests.support.graph_functions import gate
from tests.support.graphs import saved
from tests.support.schedules import a_graph
from tests.support.served import Served, serve
from tests.support.waiting import wait_until

PATIENCE = 60
BATCHES = "/api/v1/batches"
QUICK = SchedulerSettings(poll_seconds=0.02, lease_seconds=5, drain_seconds=PATIENCE)
HOLDING = """
workflow: {name}
nodes:
  only: {{type: python, with: {{function: "tests.support.graph_functions:hold"}}}}
"""


@pytest.fixture
def operator(served: Served) -> httpx.Client:
    """Somebody who may run batches."""
    return served.client(Role.OPERATOR)


@contextmanager
def scheduling(database: Database) -> Iterator[None]:
    """A scheduler with an engine, as a server has within it, with connections of its own."""
    url = database.url.render_as_string(hide_password=False)
    opened = open_database(url)
    settings = EngineSettings(poll_seconds=0.02, lease_seconds=5, cancel_grace=0.2)
    engine = Engine(opened, settings)
    service = Service(opened, engine, QUICK, is_surely_dead=lambda _owner, _host: False)
    thread = Thread(target=service.run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        service.stop()
        thread.join(PATIENCE)
        engine.close()
        opened.close()
        assert not thread.is_alive()


@pytest.fixture
def scheduler(database: Database) -> Iterator[Callable[[], None]]:
    """Starts schedulers that end with the test."""
    graph_functions.reset()
    everyrun.configure(url=database.url.render_as_string(hide_password=False))
    with ExitStack() as running:
        yield lambda: running.enter_context(scheduling(database))
    everyrun.configure()


def batch(client: httpx.Client, id_: str) -> dict[str, Any]:
    """A batch as it stands."""
    found = client.get(f"{BATCHES}/{id_}")
    assert 200 == found.status_code, found.text
    answer: dict[str, Any] = found.json()
    return answer


def ended(client: httpx.Client, id_: str) -> dict[str, Any]:
    """A batch once it has ended."""
    wait_until(lambda: batch(client, id_)["ended_at"] is not None, f"batch {id_} ended")
    return batch(client, id_)


def test_run_all_is_on_record_at_once_and_run_by_the_servers_scheduler(
    database: Database, operator: httpx.Client, scheduler: Callable[[], None]
) -> None:
    for name in ("b", "a"):
        a_graph(database, name)
    saved(database, "workflow: off\nnodes: {a: {type: set, with: {values: {x: 1}}}}")
    operator.post("/api/v1/workflows/off/disable")
    made = operator.post(f"{BATCHES}/run-all", json={"name": "매일", "parallel": 2})

    assert 202 == made.status_code
    assert ("pending", 2) == (made.json()["status"], made.json()["left"])
    assert ["b", "a"] == [member["workflow"] for member in made.json()["members"]]
    scheduler()
    told = ended(operator, made.json()["id"])
    assert ("매일", "completed", 2, 0, "test") == tuple(
        told[key] for key in ("name", "status", "completed", "left", "started_by")
    )


def test_one_that_needs_inputs_is_not_run_and_says_why(
    database: Database, operator: httpx.Client
) -> None:
    saved(
        database,
        "workflow: needy\ninputs: {day: string}\nnodes: {a: {type: set, with: {values: {x: 1}}}}",
    )
    made = operator.post(f"{BATCHES}/run-all").json()

    assert (1, 1) == (made["total"], made["not_run"])
    assert "day" in made["members"][0]["reason"]


def test_one_graph_runs_over_many_inputs(
    database: Database, operator: httpx.Client, scheduler: Callable[[], None]
) -> None:
    a_graph(database)
    days = [{"day": str(day)} for day in range(5)]
    body = {"workflow": "nightly", "inputs": [*days, {}], "common": {"day": "other"}}
    made = operator.post(BATCHES, json=body)
    scheduler()
    told = ended(operator, made.json()["id"])

    assert ("completed", 6) == (told["status"], told["completed"])
    ids = [member["id"] for member in told["members"]]
    page = operator.get(f"{BATCHES}/{told['id']}/members", params={"limit": 4}).json()
    rest = operator.get(
        f"{BATCHES}/{told['id']}/members", params={"limit": 4, "cursor": page["next"]}
    ).json()
    assert ids == [member["id"] for member in (*page["items"], *rest["items"])]
    assert None is rest["next"]
    failed = operator.get(f"{BATCHES}/{told['id']}/members", params={"status": "failed"})
    assert [] == failed.json()["items"]


def test_inputs_that_do_not_fit_leave_nothing_on_record(
    database: Database, operator: httpx.Client
) -> None:
    a_graph(database)
    bodies: list[dict[str, Any]] = [
        {"workflow": "nightly", "inputs": [{"day": "1"}, {"dya": "2"}]},
        {"workflow": "nightly", "inputs": []},
        {"workflow": "nightly", "inputs": [{}], "parallel": 0},
        {"workflow": "nightly", "inputs": [{}], "name": " "},
    ]
    for body in bodies:
        assert 422 == operator.post(BATCHES, json=body).status_code
    unknown = operator.post(BATCHES, json={"workflow": "nobody", "inputs": [{}]})
    assert (404, "NOT_ON_RECORD") == (unknown.status_code, unknown.json()["code"])
    nul = operator.post(BATCHES, json={"workflow": "nightly", "inputs": [{"day": "\0"}]})
    assert "INVALID_BODY" == nul.json()["code"]
    assert [] == operator.get(BATCHES).json()["items"]


def test_a_batch_that_waits_is_stopped_whatever_nobody_runs(
    database: Database, operator: httpx.Client
) -> None:
    a_graph(database)
    made = operator.post(BATCHES, json={"workflow": "nightly", "inputs": [{}, {}]}).json()
    stopped = operator.post(f"{BATCHES}/{made['id']}/stop")

    assert 202 == stopped.status_code
    told = stopped.json()
    assert ("cancelled", 2, "test") == (told["status"], told["not_run"], told["stop_asked_by"])
    again = operator.post(f"{BATCHES}/{made['id']}/stop")
    assert (409, "BATCH_ENDED") == (again.status_code, again.json()["code"])


@pytest.mark.parametrize("kill", [False, True])
def test_a_stop_reaches_what_another_server_runs(
    database: Database, served: Served, scheduler: Callable[[], None], kill: bool
) -> None:
    saved(database, HOLDING.format(name="long"))
    other = open_database(database.url.render_as_string(hide_password=False))
    with serve(other) as second:
        first_one, second_one = served.client(Role.OPERATOR), second.client(Role.OPERATOR)
        made = first_one.post(
            BATCHES, json={"workflow": "long", "inputs": [{}, {}, {}], "parallel": 1}
        ).json()
        scheduler()
        scheduler()
        assert gate("gate")[0].wait(PATIENCE)
        running = batch(second_one, made["id"])
        stopped = second_one.post(f"{BATCHES}/{made['id']}/stop", json={"kill": kill})
        gate("gate")[1].set()
        told = ended(first_one, made["id"])

        assert "running" == running["status"]
        assert 202 == stopped.status_code
        assert ("cancelled", 2) == (told["status"], told["not_run"])
        assert 3 == told["cancelled"] + told["not_run"] + told["completed"]
        assert told == batch(second_one, made["id"])
    other.close()


def test_two_schedulers_share_batches_and_run_each_once(
    database: Database, operator: httpx.Client, scheduler: Callable[[], None]
) -> None:
    a_graph(database)
    scheduler()
    scheduler()
    made = [
        operator.post(BATCHES, json={"workflow": "nightly", "inputs": [{}, {}]}).json()["id"]
        for _ in range(4)
    ]

    for id_ in made:
        told = ended(operator, id_)
        assert ("completed", 2, 2) == (told["status"], told["completed"], told["total"])


def test_the_list_comes_newest_first_in_pages_and_by_status(
    database: Database, operator: httpx.Client
) -> None:
    a_graph(database)
    made = [
        operator.post(BATCHES, json={"workflow": "nightly", "inputs": [{}]}).json()["id"]
        for _ in range(3)
    ]
    operator.post(f"{BATCHES}/{made[0]}/stop")

    first = operator.get(BATCHES, params={"limit": 2})
    rest = operator.get(BATCHES, params={"limit": 2, "cursor": first.json()["next"]}).json()
    listed = [each["id"] for each in (*first.json()["items"], *rest["items"])]
    assert made[::-1] == listed
    cancelled = operator.get(BATCHES, params={"status": ["cancelled", "failed"]}).json()
    assert [made[0]] == [each["id"] for each in cancelled["items"]]
    again = operator.get(
        BATCHES, params={"limit": 2}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert 304 == again.status_code


def test_what_is_no_batch_and_no_cursor_is_refused(operator: httpx.Client) -> None:
    assert 404 == operator.get(f"{BATCHES}/{new_id()}").status_code
    assert 404 == operator.get(f"{BATCHES}/nonsense").status_code
    for cursor in ("x", "AWUA", "%00", "é"):
        refused = operator.get(BATCHES, params={"cursor": cursor})
        assert (400, "INVALID_CURSOR") == (refused.status_code, refused.json()["code"])
    assert 422 == operator.get(BATCHES, params={"status": "sleeping"}).status_code
