"""``sql``: real databases, SQLite and PostgreSQL."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from everyrun.nodes.base import BadParameters, NodeFailed
from everyrun.nodes.databases.connecting import Interrupted
from everyrun.nodes.parameters import build
from everyrun.nodes.sql import Sql
from everyrun.testing.node_contexts import NodeContext, node_context
from tests.support.running_nodes import failure_of, output_of, problem_with

PEOPLE = "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, born DATE, note TEXT)"
INSERT = "INSERT INTO people (id, name) VALUES (:id, :name)"


@pytest.fixture
def context(tmp_path: Path) -> NodeContext:
    return node_context(tmp_path)


@pytest.fixture
def url(empty_url: str, context: NodeContext) -> str:
    """A database with a table of people, on SQLite and on PostgreSQL."""
    output_of(Sql, context, url=empty_url, statement=PEOPLE)
    return empty_url


def _ask(context: NodeContext, url: str, statement: str | list[str], **parameters: Any) -> Any:
    return output_of(Sql, context, url=url, statement=statement, **parameters)


def _names(context: NodeContext, url: str) -> list[str]:
    rows = _ask(context, url, "SELECT name FROM people ORDER BY id")
    return [row["name"] for row in rows]


def test_rows_are_mappings(context: NodeContext, url: str) -> None:
    added = _ask(context, url, INSERT, parameters={"id": 1, "name": "홍길동"})

    assert {"changed": 1} == added
    assert [{"id": 1, "name": "홍길동", "born": None, "note": None}] == _ask(
        context, url, "SELECT * FROM people"
    )


@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_values_never_become_sql(context: NodeContext, url: str, name: str) -> None:
    value = _ask(context, url, "SELECT :name AS name", parameters={"name": name}, fetch="value")

    assert name == value


def test_signs_that_mean_something_elsewhere_are_text(context: NodeContext, url: str) -> None:
    _ask(context, url, INSERT, parameters={"id": 1, "name": "100% :sure; '--"})
    statement = (
        r"SELECT name, '12:30' AS at, '\:x' AS x FROM people WHERE name LIKE '100\% %' ESCAPE '\\'"
    )
    statement = "SELECT name, '12:30' AS at FROM people WHERE name LIKE '100% %'"

    assert [{"name": "100% :sure; '--", "at": "12:30"}] == _ask(context, url, statement)


def test_a_list_of_parameters_runs_the_statement_for_each(context: NodeContext, url: str) -> None:
    rows = [{"id": number, "name": f"n{number}"} for number in range(500)]

    assert {"changed": 500} == _ask(context, url, INSERT, parameters=rows)
    assert {"changed": 1} == _ask(context, url, INSERT, parameters=[{"id": 500, "name": "last"}])
    assert {"changed": 0} == _ask(context, url, INSERT, parameters=[])
    assert 501 == len(_names(context, url))


def test_in_takes_a_list(context: NodeContext, url: str) -> None:
    _ask(context, url, INSERT, parameters=[{"id": each, "name": f"n{each}"} for each in range(5)])
    statement = "SELECT id FROM people WHERE id in :ids ORDER BY id"

    assert [{"id": 1}, {"id": 3}] == _ask(context, url, statement, parameters={"ids": [3, 1, 9]})
    assert [] == _ask(context, url, statement, parameters={"ids": []})


def test_statements_share_one_transaction(context: NodeContext, url: str) -> None:
    statements = [INSERT, "UPDATE people SET name = :other", "SELECT name FROM people"]
    values = {"id": 1, "name": "a", "other": "b"}

    assert [{"name": "b"}] == _ask(context, url, statements, parameters=values)
    with pytest.raises(Exception, match="nowhere"):
        _ask(context, url, ["DELETE FROM people", "DELETE FROM nowhere"])
    assert ["b"] == _names(context, url)


def test_what_is_fetched_is_chosen(context: NodeContext, url: str) -> None:
    _ask(context, url, INSERT, parameters=[{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
    one = "SELECT id, name FROM people WHERE id = 1"

    assert {"id": 1, "name": "a"} == _ask(context, url, one, fetch="one")
    assert 2 == _ask(context, url, "SELECT count(*) FROM people", fetch="value")
    assert {"changed": None} == _ask(context, url, one, fetch="none")


@pytest.mark.parametrize(
    ("statement", "fetch", "sentence"),
    [
        ("SELECT id FROM people", "one", "fetch: one needs exactly one row, and there is no row"),
        ("SELECT 1 AS a UNION SELECT 2", "value", "there is several rows"),
        ("DELETE FROM people", "one", "fetch: one needs rows, and the statement gives none"),
        ("SELECT 1 AS a, 2 AS a", "all", "statement: several columns are named a"),
    ],
)
def test_rows_that_do_not_fit_are_an_error(
    context: NodeContext, url: str, statement: str, fetch: str, sentence: str
) -> None:
    failure = failure_of(Sql, context, url=url, statement=statement, fetch=fetch)

    assert sentence in str(failure)


def test_more_rows_than_are_wanted_are_an_error(context: NodeContext, url: str) -> None:
    many = "SELECT p.id FROM people p, people q, people r"
    _ask(context, url, INSERT, parameters=[{"id": each, "name": ""} for each in range(50)])
    failure = failure_of(Sql, context, url=url, statement=many, max_rows=1000)

    assert "max_rows: there are more than 1,000 rows" == str(failure)
    assert 50 == len(_ask(context, url, "SELECT id FROM people", max_rows=50))


def test_values_keep_their_type(context: NodeContext, migrated_postgresql_url: str) -> None:
    values = {
        "number": Decimal("1.10"),
        "day": date(2026, 1, 2),
        "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "id": UUID(int=7),
        "bytes": b"\x00\xff",
        "numbers": [1, 2],
        "json": {"가": [1]},
        "flag": True,
    }
    statement = (
        "SELECT :number AS number, :day AS day, :at AS at, :id AS id, :bytes AS bytes, "
        "CAST(:numbers AS int[]) AS numbers, CAST(:json AS jsonb) AS json, :flag AS flag"
    )

    assert values == _ask(
        context, migrated_postgresql_url, statement, parameters=values, fetch="one"
    )


def test_what_sqlite_has_no_type_for_is_text(context: NodeContext) -> None:
    values = {
        "a": Decimal("1.10"),
        "b": date(2026, 1, 2),
        "c": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "d": {"가": [1]},
        "e": [1, "b"],
        "f": UUID(int=7),
    }
    statement = f"SELECT {', '.join(f':{name} AS {name}' for name in values)}"

    assert {
        "a": "1.10",
        "b": "2026-01-02",
        "c": "2026-01-02 03:04:05+00:00",
        "d": '{"가":[1]}',
        "e": '[1,"b"]',
        "f": "00000000-0000-0000-0000-000000000007",
    } == _ask(context, "sqlite://", statement, parameters=values, fetch="one")


def test_relative_files_start_at_the_workflows_folder(context: NodeContext, tmp_path: Path) -> None:
    _ask(context, "sqlite:///a.db", "CREATE TABLE t (a)")

    assert (tmp_path / "a.db").exists()


def test_what_the_database_says_is_the_error(context: NodeContext, url: str) -> None:
    _ask(context, url, INSERT, parameters={"id": 1, "name": "a"})
    with pytest.raises(Exception, match=r"(?i)unique") as caught:
        _ask(context, url, INSERT, parameters={"id": 1, "name": "topsecret"})

    assert type(caught.value).__name__ in ("IntegrityError", "UniqueViolation")
    assert "INSERT INTO" not in str(caught.value)
    assert "topsecret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_password_is_in_no_error(context: NodeContext) -> None:
    with pytest.raises(Exception, match="connection") as caught:
        _ask(context, "postgresql://kim:topsecret@127.0.0.1:1/db", "SELECT 1")

    assert "OperationalError" == type(caught.value).__name__
    assert "topsecret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "statement", "parameters", "sentence"),
    [
        ("nonsense://a", "SELECT 1", {}, "url: there is no kind of database 'nonsense'"),
        ("sqlite:///gone/a.db", "SELECT 1", {}, "url: there is no folder"),
        ("mysql://a/b", "SELECT 1", {}, "url: the driver of mysql is not installed"),
        ("postgresql://a:port/x", "SELECT 1", {}, "url: it cannot be read"),
        ("sqlite://", "SELECT :a", {}, "parameters: the statement names :a, which is not given"),
        ("sqlite://", "SELECT 1", {"a": 1}, "parameters: no statement names :a"),
        ("sqlite://", "SELECT :a", [{"a": 1}, {"b": 1}], "parameters: the statement names :a"),
        ("sqlite://", "SELECT ':a'", {}, r"a colon that begins no name is written \:"),
    ],
)
def test_what_cannot_be_asked_is_an_error_that_names_the_parameter(
    context: NodeContext, url: str, statement: str, parameters: Any, sentence: str
) -> None:
    with pytest.raises((NodeFailed, BadParameters)) as caught:
        _ask(context, url, statement, parameters=parameters)

    assert sentence in str(caught.value)


LONG = {
    "sqlite": (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"
    ),
    "postgresql": "SELECT pg_sleep(1000)",
}


def _stopped(context: NodeContext, node: Sql, after: threading.Event | None = None) -> float:
    """Run a node, stop it, and answer how many seconds that took."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            node.run(context)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    threading.Event().wait(0.2)  # it works by then, and if not the stop reaches it all the same
    asked = time.monotonic()
    context.stop()
    thread.join(20)

    assert [Interrupted] == [type(failure) for failure in failures]
    return time.monotonic() - asked


def test_a_statement_is_interrupted(context: NodeContext, url: str) -> None:
    statements = [INSERT, LONG[url.partition(":")[0]]]
    node = build(Sql, {"url": url, "statement": statements, "parameters": {"id": 1, "name": "a"}})
    assert isinstance(node, Sql)

    assert _stopped(context, node) < 2
    assert [] == _names(node_context(context.directory), url)


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[str]:
    """An SQLite database that somebody else is writing to."""
    holder = sqlite3.connect(tmp_path / "locked.db", isolation_level=None)
    holder.execute("CREATE TABLE t (a)")
    holder.execute("BEGIN IMMEDIATE")
    yield "sqlite:///locked.db"
    holder.close()


def test_waiting_for_a_lock_is_interrupted(context: NodeContext, locked: str) -> None:
    assert _stopped(context, Sql(url=locked, statement="INSERT INTO t VALUES (1)")) < 2


def test_a_lock_is_waited_for(context: NodeContext, tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "a.db", isolation_level=None, check_same_thread=False)
    holder.execute("CREATE TABLE t (a)")
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, holder.execute, ["COMMIT"])
    release.start()
    output = _ask(context, "sqlite:///a.db", "INSERT INTO t VALUES (1)")
    release.join()
    holder.close()

    assert {"changed": 1} == output


def test_one_that_was_to_stop_before_it_began_changes_nothing(
    context: NodeContext, url: str
) -> None:
    context.stop()
    with pytest.raises(Interrupted):
        Sql(url=url, statement=INSERT, parameters={"id": 1, "name": "a"}).run(context)

    assert [] == _names(node_context(context.directory), url)


def test_connections_are_closed(context: NodeContext, postgresql_url: str) -> None:
    for _ in range(3):
        _ask(context, postgresql_url, "SELECT 1 AS a")
    engine = create_engine(postgresql_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        others = connection.execute(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        ).scalar_one()
    engine.dispose()

    assert 0 == others


def test_only_what_reads_may_be_repeated() -> None:
    def repeatable(*statements: str) -> bool:
        return Sql(url="sqlite://", statement=list(statements)).repeatable()

    assert repeatable("select 1", " VALUES (1)")
    assert not repeatable("SELECT 1", "DELETE FROM a")
    assert not repeatable("WITH a AS (DELETE FROM b RETURNING *) SELECT * FROM a")


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"statement": "SELECT 1"}, "parameter 'url' is missing"),
        ({"url": "a.db", "statement": "SELECT 1"}, "parameter 'url' must begin like sqlite://"),
        ({"url": "sqlite://"}, "parameter 'statement' is missing"),
        ({"statement": " "}, "parameter 'statement' is empty"),
        ({"statement": []}, "parameter 'statement' is empty"),
        ({"statement": ["SELECT 1", ""]}, "parameter 'statement' is empty"),
        (
            {"statement": "SELECT * FROM a WHERE b = '{{ inputs.b }}'"},
            "parameter 'statement' cannot hold a template: give the value in 'parameters'",
        ),
        ({"statement": "SELECT 1", "parameters": 3}, "parameter 'parameters' must be"),
        (
            {"statement": ["SELECT 1", "SELECT 2"], "parameters": []},
            "parameter 'parameters': a list of mappings goes with one statement",
        ),
        ({"statement": "SELECT 1", "fetch": "some"}, "parameter 'fetch' cannot be 'some'"),
        ({"statement": "SELECT 1", "max_rows": 0}, "parameter 'max_rows' must be"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, Any], sentence: str) -> None:
    given = parameters if "missing" in sentence else {"url": "sqlite://", **parameters}

    assert sentence in problem_with(Sql, given)
