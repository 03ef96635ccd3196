"""Commands to Celery's workers: who may, what is noted, and what a broker that is away comes to."""

from collections.abc import Iterator
from typing import Any

import pytest

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database
from everyrun.store.reading.celery_tasks import open_tasks
from everyrun.testing.hand_clock import HandClock
from tests.support.facts import NOON, tell
from tests.support.served import Served, serve

NOBODY_LISTENS = "memory://kim:pass%21word@nowhere/"
PATHS: dict[str, dict[str, Any]] = {
    "ping": {},
    "revoke": {"task_ids": ["a"]},
    "rate-limit": {"task": "shop.add", "rate": "10/m"},
}


@pytest.fixture
def lonely(database: Database) -> Iterator[Served]:
    """A server that knows a broker which has no workers."""
    settings = ServerSettings(celery_broker_url=NOBODY_LISTENS, remembered_seconds=0)
    with serve(database, settings, HandClock()) as running:
        yield running


def _asks(served: Served, what: str, role: Role = Role.OPERATOR, **body: Any) -> tuple[int, Any]:
    quick = {"seconds": 0.1, **PATHS[what], **body}
    answer = served.client(role).post(f"/api/v1/celery/{what}", json=quick)
    return answer.status_code, answer.json()


def _entries(served: Served) -> list[tuple[str, str | None, int | None]]:
    items = served.client(Role.ADMIN).get("/api/v1/audit").json()["items"]
    return [(each["action"], each["target"], each["status_code"]) for each in items]


@pytest.mark.parametrize("what", PATHS)
def test_a_server_without_a_broker_says_which_setting_it_needs(served: Served, what: str) -> None:
    status, problem = _asks(served, what)

    assert (409, "NO_BROKER") == (status, problem["code"])
    assert "EVERYRUN_CELERY_BROKER_URL" in problem["detail"]


@pytest.mark.parametrize("what", PATHS)
def test_only_operators_tell_workers_something(lonely: Served, what: str) -> None:
    assert 403 == _asks(lonely, what, Role.VIEWER)[0]


def test_nobody_there_is_an_answer_to_a_ping_and_a_failure_of_the_rest(lonely: Served) -> None:
    assert (200, {"workers": []}) == _asks(lonely, "ping")
    for what in ("revoke", "rate-limit"):
        status, problem = _asks(lonely, what)
        assert (503, "NO_WORKER_ANSWERED") == (status, problem["code"])
        assert "kim" not in problem["detail"]
    assert {
        ("celery.ping", None, 200),
        ("celery.revoke", "a", 503),
        ("celery.rate_limit", "shop.add", 503),
    } == set(_entries(lonely))


def test_a_broker_that_is_away_is_told_without_its_password(database: Database) -> None:
    place = "127.0.0.1:1/0"
    settings = ServerSettings(celery_broker_url=f"redis://kim:pass%21word@{place}")
    with serve(database, settings, HandClock()) as running:
        status, problem = _asks(running, "ping")

    assert (503, "BROKER_UNREACHABLE") == (status, problem["code"])
    assert f"the broker redis://{place} does not answer" in problem["detail"]
    assert not [secret for secret in ("kim", "pass", "word") if secret in problem["detail"]]


def test_a_brokers_password_is_in_no_description_of_the_settings() -> None:
    assert "pass" not in repr(ServerSettings(celery_broker_url=NOBODY_LISTENS))


def test_what_is_asked_wrongly_is_refused(lonely: Served) -> None:
    for what, wrong in (
        ("rate-limit", {"rate": "often"}),
        ("revoke", {"signal": "HUP"}),
        ("ping", {"seconds": 60}),
    ):
        assert 400 == _asks(lonely, what, **wrong)[0], (what, wrong)
    assert (409, "NOTHING_TO_REVOKE") == _problem(_asks(lonely, "revoke", task_ids=[]))
    assert (404, "NOT_ON_RECORD") == _problem(_asks(lonely, "revoke", execution=new_id()))


def _problem(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["code"]


def test_of_an_execution_those_tasks_are_meant_that_have_not_ended(lonely: Served) -> None:
    execution_id, done, waiting, stand_in = new_id(), new_id(), new_id(), new_id()
    of: dict[str, Any] = {"execution_id": execution_id, "workflow": "orders", "at": NOON}
    task: dict[str, Any] = {"node": "shop.add", "node_type": "celery"}
    tell(
        lonely.database,
        events.ExecutionCreated(**of),
        events.NodeFinished(**of, **task, node_execution_id=done, status=Status.COMPLETED),
        events.NodeCreated(**of, **task, node_execution_id=waiting),
        events.NodeCreated(**of, **task, node_execution_id=stand_in, metadata={"task_id": "first"}),
    )
    with lonely.database.reading() as connection:
        found = open_tasks(connection, execution_id)
    _asks(lonely, "revoke", task_ids=["a"], execution=execution_id)

    assert [waiting, "first"] == found
    assert ("celery.revoke", f"a, {waiting}, first", 503) == _entries(lonely)[0]
