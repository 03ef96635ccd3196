"""A server over a ledger that another version of Everyrun has written."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text

from everyrun.store.checking import check_counters, check_integrity
from everyrun.store.database import open_database
from everyrun.store.schema import REVISIONS
from tests.support.facts import SECOND, Facts, tell
from tests.support.server_processes import ServerProcess

Serve = Callable[..., ServerProcess]
BEFORE = REVISIONS[-2]
NEWER = "9999"


class Written:
    """What the version before this one has put on record."""

    def __init__(self, url: str) -> None:
        self.settled, self.running = Facts("settlement"), Facts("import", kind="script")
        with closing(open_database(url)) as database:
            tell(
                database,
                self.settled.started(tags=["month-end"]),
                self.settled.node_started(input={"rows": [1, 2]}),
                self.settled.line("정산을 시작합니다"),
                self.settled.node_line("half way"),
                self.settled.node_finished(output={"sum": 3}),
                self.settled.finished(output={"sum": 3}),
                self.running.started(external_id="job_1", input={"file": "a.csv"}),
                self.running.line("reading a.csv"),
            )
            database.downgrade(BEFORE)  # leaves what there was before as it was


def read_all(server: ServerProcess, written: Written) -> dict[str, Any]:
    """What the server says of it."""
    with server.client() as client:

        def get(path: str, **query: Any) -> Any:
            answer = client.get(f"/api/v1{path}", params=query)
            assert 200 == answer.status_code, answer.text
            return answer.json()

        settled = get(f"/executions/{written.settled.execution_id}")
        return {
            "list": [each["workflow"] for each in get("/executions")["items"]],
            "tagged": [each["id"] for each in get("/executions", tag="month-end")["items"]],
            "settled": (settled["status"], settled["output"], settled["duration_seconds"]),
            "nodes": [(each["node"], each["status"]) for each in settled["nodes"]],
            "lines": [
                each["message"]
                for each in get(f"/executions/{written.settled.execution_id}/logs")["lines"]
            ],
            "by external id": get("/executions/job_1")["status"],
        }


def assert_whole(url: str, server: ServerProcess, written: Written) -> None:
    """All is as it was written, and what comes new joins it."""
    assert {
        "list": ["import", "settlement"],
        "tagged": [written.settled.execution_id],
        "settled": ("completed", {"sum": 3}, 1.0),
        "nodes": [("load", "completed")],
        "lines": ["정산을 시작합니다", "half way"],
        "by external id": "running",
    } == read_all(server, written)
    with closing(open_database(url)) as database:
        tell(database, written.running.finished(at=written.running.started().at + 5 * SECOND))
        with server.client() as client:
            ended = client.get(f"/api/v1/executions/{written.running.execution_id}").json()
        with database.reading() as connection:
            assert [] == check_counters(connection)
            assert [] == check_integrity(connection)
    assert ("completed", 5.0) == (ended["status"], ended["duration_seconds"])


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_older_sqlite_ledger_is_migrated_and_reads_right(
    migrated_sqlite_url: str, serve: Serve, workers: str
) -> None:
    written = Written(migrated_sqlite_url)
    with serve(migrated_sqlite_url, "--workers", workers) as server:
        assert_whole(migrated_sqlite_url, server, written)
        assert 0 == server.stop()


@pytest.mark.postgresql
def test_an_older_postgresql_ledger_is_left_alone_until_somebody_says_so(
    migrated_postgresql_url: str, serve: Serve
) -> None:
    url = migrated_postgresql_url
    written = Written(url)
    refused = serve(url)
    refused.begin()
    assert 5 == refused.wait()
    assert "everyrun db upgrade" in refused.complaints()
    with closing(open_database(url)) as database, database.reading() as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    assert BEFORE == revision

    with serve(url, "--no-open", command="up") as server:
        assert_whole(url, server, written)
        assert 0 == server.stop()


@pytest.mark.parametrize("command", ["serve", "up"])
def test_a_newer_ledger_is_refused(database_url: str, serve: Serve, command: str) -> None:
    with closing(open_database(database_url)) as database, database.writing() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{NEWER}'"))
    refused = serve(database_url, *(["--no-open"] if command == "up" else []), command=command)
    refused.begin()

    assert 5 == refused.wait()
    assert "newer Everyrun" in refused.complaints()
    assert "Traceback" not in refused.complaints()


def test_a_ledger_that_becomes_newer_makes_the_server_unready(
    database_url: str, serve: Serve
) -> None:
    """Somebody migrates the ledger for the next version while this one still runs."""
    with serve(database_url) as server:
        with closing(open_database(database_url)) as database, database.writing() as connection:
            connection.execute(text(f"UPDATE alembic_version SET version_num = '{NEWER}'"))
        with server.client() as client:
            alive, ready = client.get("/healthz"), client.get("/readyz")

    assert 200 == alive.status_code
    assert (503, "NOT_READY") == (ready.status_code, ready.json()["code"])
