"""Polls by ETag, where the server remembers for a moment how things stood."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from everyrun.domain.roles import Role
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database
from tests.support.facts import NOON, SECOND, Facts, tell
from tests.support.served import Served, serve
from tests.support.waiting import wait_until


@contextmanager
def remembering(database: Database, seconds: float) -> Iterator[Served]:
    with serve(database, ServerSettings(remembered_seconds=seconds)) as served:
        yield served


def ask(client: httpx.Client, path: str, etag: str) -> int:
    return client.get(path, headers={"If-None-Match": etag}).status_code


def etag_of(client: httpx.Client, path: str) -> str:
    return client.get(path).headers["etag"]


def test_a_change_made_elsewhere_is_told_once_the_moment_is_over(database: Database) -> None:
    facts = Facts()
    tell(database, facts.started())
    with remembering(database, 0.1) as served:
        client, path = served.client(Role.VIEWER), f"/api/v1/executions/{facts.execution_id}"
        etag = etag_of(client, path)
        assert 304 == ask(client, path, etag)

        tell(database, facts.finished(NOON + SECOND))

        wait_until(lambda: ask(client, path, etag) == 200, "the change is told")


def test_a_change_made_here_is_told_at_once(database: Database) -> None:
    facts = Facts("nightly")
    tell(database, facts.started(), facts.finished(NOON + SECOND))
    with remembering(database, 60) as served:
        client, path = served.client(Role.ADMIN), "/api/v1/executions"
        etag = etag_of(client, path)
        assert 304 == ask(client, path, etag)

        assert 200 == client.delete(f"/api/v1/executions/{facts.execution_id}").status_code

        assert 200 == ask(client, path, etag)


def test_another_question_on_the_same_path_is_no_state_of_this_one(database: Database) -> None:
    first, second = Facts("first"), Facts("second")
    tell(database, first.started(), second.started())
    with remembering(database, 60) as served:
        client, path = served.client(Role.VIEWER), "/api/v1/executions"
        etag = etag_of(client, f"{path}?workflow=first")

        assert 304 == ask(client, f"{path}?workflow=first", etag)
        assert 200 == ask(client, f"{path}?workflow=second", etag)


@pytest.mark.parametrize("etag", ['"other"', ""])
def test_who_has_another_state_gets_the_answer(database: Database, etag: str) -> None:
    facts = Facts()
    tell(database, facts.started())
    with remembering(database, 60) as served:
        client, path = served.client(Role.VIEWER), f"/api/v1/executions/{facts.execution_id}"
        etag_of(client, path)

        assert 200 == ask(client, path, etag)


def test_who_may_not_see_it_is_not_told_how_it_stands(database: Database) -> None:
    facts = Facts()
    tell(database, facts.started())
    with remembering(database, 60) as served:
        path = f"/api/v1/executions/{facts.execution_id}"
        etag = etag_of(served.client(Role.VIEWER), path)

        assert 403 == ask(served.client(Role.INGEST), path, etag)
        assert 401 == ask(served.client(), path, etag)


@pytest.mark.parametrize("rest", ["", "/progress", "/nodes", "/nodes/load", "/logs"])
def test_what_an_execution_shows_is_known_by_its_mark(database: Database, rest: str) -> None:
    facts = Facts()
    tell(database, facts.started(), facts.node_started(), facts.line())
    with remembering(database, 0.05) as served:
        client, path = served.client(Role.VIEWER), f"/api/v1/executions/{facts.execution_id}{rest}"
        etag = etag_of(client, path)

        assert 304 == ask(client, path, etag)
        tell(database, facts.finished(NOON + SECOND))
        wait_until(lambda: ask(client, path, etag) == 200, "the change is told")
        assert 304 == ask(client, path, etag_of(client, path))


@pytest.mark.parametrize("rest", ["", "/progress", "/nodes", "/nodes/load", "/logs"])
def test_what_was_answered_is_answered_again_until_something_changes(
    database: Database, rest: str
) -> None:
    facts = Facts()
    tell(database, facts.started(), facts.node_started(), facts.line())
    with remembering(database, 60) as served:
        client, path = served.client(Role.VIEWER), f"/api/v1/executions/{facts.execution_id}{rest}"
        answers = [client.get(path) for _ in range(3)]
        tell(database, facts.finished(NOON + SECOND))
        served.server.forget_what_was()
        changed = client.get(path)

    assert 1 == len({(each.content, each.headers["etag"]) for each in answers})
    assert 1 == len({each.headers["content-type"] for each in [*answers, changed]})
    assert {200} == {each.status_code for each in [*answers, changed]}
    assert changed.headers["etag"] != answers[0].headers["etag"]


@pytest.mark.parametrize("rest", ["", "/nodes", "/nodes/load", "/logs"])
@pytest.mark.parametrize("has_state", [True, False])
def test_no_answer_is_older_than_one_that_was_given(
    database: Database, rest: str, has_state: bool
) -> None:
    """Who hears of an execution's end by its progress reads that end everywhere else."""
    facts = Facts()
    tell(database, facts.started(), facts.node_started(), facts.line())
    with remembering(database, 60) as served:
        client, path = served.client(Role.VIEWER), f"/api/v1/executions/{facts.execution_id}"
        etag = [etag_of(client, f"{path}{rest}") for _ in range(2)][-1]

        tell(database, facts.finished(NOON + SECOND))

        assert client.get(f"{path}/progress").json()["done"]
        if has_state:
            assert 200 == ask(client, f"{path}{rest}", etag)
        else:
            assert etag != etag_of(client, f"{path}{rest}")


def test_who_is_told_of_a_change_finds_it_in_every_list(database: Database) -> None:
    first, second = Facts("first"), Facts("second")
    tell(database, first.started())
    with remembering(database, 60) as served:
        client, path = served.client(Role.VIEWER), "/api/v1/executions"
        before = client.get("/api/v1/changes").json()["next"]
        etag = etag_of(client, path)
        tell(database, second.started())
        served.server.newest.forget()

        told = client.get("/api/v1/changes", params={"after": before}).json()

        assert second.execution_id in {item.get("execution_id") for item in told["items"]}
        assert 200 == ask(client, path, etag)


def test_what_is_gone_is_not_answered_again(database: Database) -> None:
    facts = Facts()
    tell(database, facts.started(), facts.finished(NOON + SECOND))
    with remembering(database, 60) as served:
        client, path = served.client(Role.ADMIN), f"/api/v1/executions/{facts.execution_id}"
        assert [200, 200] == [client.get(path).status_code for _ in range(2)]

        assert 200 == client.delete(path).status_code

        assert 404 == client.get(path).status_code


def test_chosen_fields_are_answered_again_as_they_were_chosen(database: Database) -> None:
    facts = Facts()
    tell(database, facts.started())
    with remembering(database, 60) as served:
        client, path = served.client(Role.VIEWER), f"/api/v1/executions/{facts.execution_id}"
        chosen = [client.get(f"{path}?fields=id,status") for _ in range(3)]
        whole = client.get(path)

    assert [{"id", "status"}] * 3 == [set(each.json()) for each in chosen]
    assert 1 == len({each.headers["content-type"] for each in chosen})
    assert "workflow" in whole.json()
