"""Two servers on one PostgreSQL are one: whichever is asked, and whichever dies."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from everyrun.store.database import open_database
from everyrun.store.tables import ScheduleFire, WorkflowExecution
from tests.support.server_processes import ServerProcess
from tests.support.waiting import wait_until

Serve = Callable[..., ServerProcess]
pytestmark = pytest.mark.postgresql


class Pair:
    """Two servers over one ledger, and somebody who calls each."""

    def __init__(self, url: str, servers: list[ServerProcess]) -> None:
        self.url = url
        self.servers = servers
        self.clients = [server.client() for server in servers]

    def both(self, path: str, **query: Any) -> list[httpx.Response]:
        """What each of them answers."""
        return [client.get(f"/api/v1{path}", params=query) for client in self.clients]

    def make(self, name: str, **node: Any) -> None:
        """Save a graph of one node with the first one."""
        graph = {"workflow": name, "nodes": {"only": node}}
        made = self.clients[0].put(f"/api/v1/workflows/{name}", json=graph)
        assert 200 == made.status_code, made.text

    def start(self, which: int, name: str) -> str:
        """Start it with this one of them."""
        started = self.clients[which].post(f"/api/v1/workflows/{name}/executions", json={})
        assert 202 == started.status_code, started.text
        execution: str = started.json()["id"]
        return execution

    def has_status(self, which: int, execution: str, status: str) -> bool:
        """Whether this one of them tells that an execution has this status."""
        found = self.clients[which].get(f"/api/v1/executions/{execution}").json()
        return bool(found["status"] == status)


@pytest.fixture
def pair(migrated_postgresql_url: str, serve: Serve) -> Iterator[Pair]:
    """The second one runs nothing itself, so that it is known which one does."""
    url = migrated_postgresql_url
    quick = {"EVERYRUN_SCHEDULER_POLL_SECONDS": "0.1", "EVERYRUN_SCHEDULER_LEASE_SECONDS": "1"}
    with serve(url, **quick) as first, serve(url, "--at-once", "0", **quick) as second:
        both = Pair(url, [first, second])
        yield both
        for client in both.clients:
            client.close()


def test_cancelling_works_whichever_hears_of_it(pair: Pair) -> None:
    pair.make("endless", type="wait", **{"with": {"for": 600}})
    for asked in (0, 1):
        execution = pair.start(1 - asked, "endless")
        wait_until(partial(pair.has_status, 1, execution, "running"), "it runs")
        answer = pair.clients[asked].post(
            f"/api/v1/executions/{execution}/cancel", json={"reason": "no longer needed"}
        )
        assert 202 == answer.status_code, answer.text
        wait_until(partial(pair.has_status, 0, execution, "cancelled"), "it is cancelled")
        wait_until(partial(pair.has_status, 1, execution, "cancelled"), "it is seen there too")


def test_cursors_and_etags_of_one_are_good_at_the_other(pair: Pair) -> None:
    pair.make("quick", type="set", **{"with": {"values": {"n": 1}}})
    executions = [pair.start(number % 2, "quick") for number in range(6)]
    for execution in executions:
        wait_until(partial(pair.has_status, 1, execution, "completed"), "it is done")

    pages = pair.both("/executions", limit=3)
    crossed = [
        client.get("/api/v1/executions", params={"limit": 3, "cursor": page.json()["next"]})
        for client, page in zip(pair.clients, reversed(pages), strict=True)
    ]
    seen = [pair.both(f"/executions/{execution}") for execution in executions]
    again = [
        client.get(
            f"/api/v1/executions/{executions[0]}", headers={"If-None-Match": other.headers["etag"]}
        )
        for client, other in zip(pair.clients, reversed(seen[0]), strict=True)
    ]

    assert pages[0].content == pages[1].content
    assert pages[0].headers["etag"] == pages[1].headers["etag"]
    assert crossed[0].json() == crossed[1].json()
    assert set(executions) == {
        each["id"] for page in (pages[0], crossed[0]) for each in page.json()["items"]
    }
    assert all(one.headers["etag"] == other.headers["etag"] for one, other in seen)
    assert [304, 304] == [answer.status_code for answer in again]


def test_schedules_fire_once_also_while_the_leader_dies(pair: Pair) -> None:
    pair.make("tick", type="set", **{"with": {"values": {"n": 1}}})
    made = pair.clients[1].post(
        "/api/v1/schedules",
        json={
            "workflow": "tick",
            "definition": {"trigger": {"type": "interval", "every": 1}},
            "timezone": "Asia/Seoul",
        },
    )
    assert 201 == made.status_code, made.text
    with closing(open_database(pair.url)) as database:

        def fires() -> tuple[int, int, int]:
            """Due times that were decided, executions that they made, and all there are.

            A due time cannot be decided twice: it is the key. Those that nobody was there for may
            be one execution together.
            """
            made = ScheduleFire.workflow_execution_id
            with database.reading() as connection:
                decided = connection.execute(
                    select(func.count(), func.count(made.distinct())).select_from(ScheduleFire)
                ).one()
                executions = connection.execute(
                    select(func.count()).select_from(WorkflowExecution)
                ).scalar_one()
            return decided[0], decided[1], executions

        wait_until(lambda: fires()[0] >= 3, "it is due some times")
        pair.servers[0].kill()
        reached = fires()[0]
        wait_until(lambda: fires()[0] >= reached + 3, "the other one leads now", timeout=40)
        pair.servers[1].stop()
        decided, by_fires, executions = fires()
        with database.reading() as connection:
            started = connection.execute(
                select(func.count())
                .select_from(ScheduleFire)
                .where(ScheduleFire.outcome == "started")
            ).scalar_one()

    assert 6 <= decided
    assert by_fires == executions
    assert started <= by_fires
