"""Polling for changes over HTTP (R0.9, R0.11): told once, in order, only once it is stored."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from everyrun.server.settings import ServerSettings
from everyrun.store import batches
from everyrun.store.changes.pruning import Kept, prune_changes
from everyrun.store.database import Database, open_database
from tests.integration.reading.runs import Run, tell_runs
from tests.support.facts import NOON, SECOND
from tests.support.served import Served, serve

CHANGES = "/api/v1/changes"
WEEK = 7 * 24 * 3_600 * SECOND


@pytest.fixture
def viewer(served: Served) -> httpx.Client:
    return served.client(Role.VIEWER)


@pytest.fixture
def other(database_url: str) -> Iterator[Served]:
    """Another server over the same ledger."""
    database = open_database(database_url)
    with serve(database) as running:
        yield running
    database.close()


def _ask(client: httpx.Client, after: str | None = None, **more: Any) -> dict[str, Any]:
    asked = {} if after is None else {"after": after}
    answer = client.get(CHANGES, params={**asked, **more})
    assert 200 == answer.status_code, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _await(client: httpx.Client, after: str, count: int) -> list[dict[str, Any]]:
    """So many changes, polled for as a page does."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        page = _ask(client, after)
        assert not page["reset"]
        found += page["items"]
        after = page["next"]
    return found


def _tell(served: Served, *runs: Run) -> None:
    tell_runs(served.database, list(runs))


def _types(items: list[dict[str, Any]]) -> list[str]:
    return [item["type"] for item in items]


def test_r0_9_a_run_that_ends_is_told_with_its_script(served: Served, viewer: httpx.Client) -> None:
    after = _ask(viewer)["next"]
    _tell(served, Run("good").finished(), Run("bad").finished(Status.FAILED))
    found = [item["logs_updated"] for item in _await(viewer, after, 4) if "logs_updated" in item]

    assert [
        ("workflowExecutionCompleted", "good"),
        ("workflowExecutionFailed", "bad"),
    ] == [(each["type"], each["scriptName"]) for each in found]
    assert all(each["scriptId"] for each in found)


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.FAILED, Status.CANCELLED])
def test_r0_9_running_all_tells_of_its_end_only_and_whatever_it_is(
    served: Served, viewer: httpx.Client, status: Status
) -> None:
    after, batch_id = _ask(viewer)["next"], new_id()
    database = served.database
    database.transact(
        lambda c: batches.make_batch(c, batch_id, "all", total=3, parallel=1, by="me", now=NOON)
    )
    outcomes = [Status.COMPLETED, Status.FAILED, Status.SKIPPED]
    _tell(served, *(Run("a", batch_id=batch_id).finished(each) for each in outcomes))
    database.transact(lambda c: batches.count_members(c, batch_id))
    database.transact(lambda c: batches.end_batch(c, batch_id, status, NOON))
    found = _await(viewer, after, 6)

    assert [
        {
            "type": "allScriptsExecutionCompleted",
            "successCount": 1,
            "failCount": 1,
            "totalCount": 3,
        }
    ] == [item["logs_updated"] for item in found if "logs_updated" in item]
    assert status.value == found[-1]["batch"]["status"]


def test_r0_10_what_is_told_of_can_be_read_at_once(served: Served, viewer: httpx.Client) -> None:
    after, run = _ask(viewer)["next"], Run("a").started().finished()
    _tell(served, run)
    item = _await(viewer, after, 2)[-1]
    found = viewer.get(f"/api/v1/executions/{item['execution_id']}").json()

    assert run.id == item["execution_id"]
    assert "completed" in str(found)


def test_an_idle_poll_is_answered_by_304(served: Served, viewer: httpx.Client) -> None:
    after = _ask(viewer)["next"]
    first = viewer.get(CHANGES, params={"after": after})
    etag = first.headers["etag"]
    again = viewer.get(CHANGES, params={"after": after}, headers={"If-None-Match": etag})
    _tell(served, Run("a"))
    _await(viewer, after, 2)
    moved = viewer.get(CHANGES, params={"after": after}, headers={"If-None-Match": etag})

    assert ([], 304, b"") == (first.json()["items"], again.status_code, again.content)
    assert 200 == moved.status_code


def test_pages_are_followed_without_a_pause(served: Served, viewer: httpx.Client) -> None:
    after = _ask(viewer)["next"]
    _tell(served, *(Run("a") for _ in range(4)))
    _await(viewer, after, 5)
    first = _ask(viewer, after, limit=3)
    second = _ask(viewer, first["next"], limit=3)

    assert (3, True, 0) == (len(first["items"]), first["more"], first["poll_after_ms"])
    assert (2, False) == (len(second["items"]), second["more"])
    assert 0 < second["poll_after_ms"]


def test_who_asks_with_a_cursor_too_old_begins_anew(served: Served, viewer: httpx.Client) -> None:
    after = _ask(viewer)["next"]
    _tell(served, Run("a"))
    _await(viewer, after, 2)
    served.database.transact(lambda c: prune_changes(c, NOON + WEEK + 1, Kept()))
    page = _ask(viewer, after)

    assert ([], True) == (page["items"], page["reset"])
    assert not _ask(viewer, page["next"])["reset"]


@pytest.mark.parametrize("after", ["x", "AWUB", "~~~", "x" * 201])
def test_what_is_no_cursor_is_refused(viewer: httpx.Client, after: str) -> None:
    assert 400 <= viewer.get(CHANGES, params={"after": after}).status_code < 500


def test_two_servers_agree_on_cursors_and_etags(
    served: Served, viewer: httpx.Client, other: Served
) -> None:
    elsewhere = other.client(Role.VIEWER)
    after = _ask(viewer)["next"]
    _tell(served, Run("a").finished(), Run("b"))
    mine, theirs = _await(viewer, after, 4), _await(elsewhere, after, 4)
    cursor = _ask(viewer, after)["next"]
    here = viewer.get(CHANGES, params={"after": cursor})
    there = elsewhere.get(
        CHANGES, params={"after": cursor}, headers={"If-None-Match": here.headers["etag"]}
    )

    assert mine == theirs
    assert 304 == there.status_code
    assert here.headers["etag"] == there.headers["etag"]


def test_who_is_behind_on_another_server_is_told_no_older_things(
    served: Served, viewer: httpx.Client, other: Served
) -> None:
    """A server that has not looked for a moment takes a cursor that is newer than it knows."""
    elsewhere = other.client(Role.VIEWER)
    after = _ask(elsewhere)["next"]
    _tell(served, Run("a"))
    cursor = ""
    while cursor in {"", after}:
        cursor = _ask(viewer, after)["next"]
    page = _ask(elsewhere, cursor)

    assert ([], cursor, False) == (page["items"], page["next"], page["reset"])


def test_many_panels_cost_hardly_a_query(database: Database) -> None:
    with serve(database, ServerSettings(remembered_seconds=60)) as served:
        viewer = served.client(Role.VIEWER)
        after, asked = _ask(viewer)["next"], _Questions(database)
        for _ in range(50):
            _ask(viewer, after)

    assert asked.of("changes") <= 1


class _Questions:
    """The statements that a ledger is asked."""

    def __init__(self, database: Database) -> None:
        from sqlalchemy import event

        self._statements: list[str] = []
        event.listen(
            database.engine,
            "before_cursor_execute",
            lambda _c, _cursor, statement, *_more: self._statements.append(statement),
        )

    def of(self, table: str) -> int:
        """How many name a table."""
        return sum(table in statement for statement in self._statements)
