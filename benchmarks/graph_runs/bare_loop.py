"""The physical limit of a run: the same node rows in the same commits, by the bare driver alone.

A run's commits are noted while it goes (:class:`CommitNotes`). Afterwards the rows that it left are
written once more, under an execution of their own, in transactions of the same shape: inserted as
they were when the nodes began, updated to what they became, one after the other, each on the disk
as far as the engine's own are. Nothing is looked up, joined, counted or run.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

import psycopg
from sqlalchemy import URL

from everyrun.domain import events
from everyrun.domain.identifiers import id_bytes, id_text, new_id
from everyrun.store.append import execution_rows, node_rows
from everyrun.store.database import Database

CHANGED = ("status", "ended_at", "output_data")
"""What the end of a node changes in its row."""
COLUMNS = node_rows.INSERTED_COLUMNS

Row = tuple[Any, ...]


class Commit(NamedTuple):
    """The node executions that one transaction began, ended, or both at once."""

    begun: tuple[str, ...]
    ended: tuple[str, ...]
    whole: tuple[str, ...]


class CommitNotes:
    """Listens to an engine and keeps what each of its commits said."""

    def __init__(self) -> None:
        self._told: list[Sequence[events.AnyEvent]] = []

    def __call__(self, committed: Sequence[events.AnyEvent]) -> None:
        self._told.append(committed)  # looked into later, off the clock

    def forget(self) -> None:
        """Begin anew."""
        self._told.clear()

    def commits(self) -> list[Commit]:
        """What each commit did to nodes, where it did anything."""
        return [commit for told in self._told if any(commit := _commit_of(told))]


def _commit_of(told: Sequence[events.AnyEvent]) -> Commit:
    begun = {each.node_execution_id for each in told if isinstance(each, events.NodeStarted)}
    ended = {each.node_execution_id for each in told if isinstance(each, events.NodeFinished)}
    whole = begun & ended
    return Commit(tuple(begun - whole), tuple(ended - whole), tuple(whole))


class Writer(Protocol):
    """A bare driver: prepared statements for whole rows and for their ends."""

    def read(self, table: str, columns: Sequence[str], of: str, execution_id: str) -> list[Row]:
        """Rows of an execution, in a form that can be written back."""
        ...

    def identifier(self, id_: str) -> Any:
        """An identifier in the driver's form."""
        ...

    def write(self, inserts: list[Row], updates: list[Row]) -> None:
        """One transaction."""
        ...

    def add_execution(self, columns: Sequence[str], row: Row) -> None:
        """An execution for the rows to belong to."""
        ...


def replay(database: Database, execution_id: str, commits: Sequence[Commit]) -> float:
    """Write what a run wrote of its nodes once more, and answer the seconds that it took."""
    with _writer(database.url) as writer:
        transactions = _transactions(writer, execution_id, commits)
        began = time.perf_counter()
        for inserts, updates in transactions:
            writer.write(inserts, updates)
        return time.perf_counter() - began


def _transactions(
    writer: Writer, execution_id: str, commits: Sequence[Commit]
) -> list[tuple[list[Row], list[Row]]]:
    """The rows of each transaction, made beforehand."""
    ours = writer.identifier(new_id())
    columns = execution_rows.INSERTED_COLUMNS
    (execution,) = writer.read("workflow_executions", columns, "id", execution_id)
    writer.add_execution(columns, (ours, *execution[1:]))
    status = COLUMNS.index("status")
    places = [COLUMNS.index(column) for column in CHANGED]
    finished: dict[str, Row] = {}
    for row in writer.read("node_executions", COLUMNS, "workflow_execution_id", execution_id):
        finished[_text(row[1])] = (ours, writer.identifier(new_id()), *row[2:])

    def running(row: Row) -> Row:
        blank = list(row)
        for place in places:
            blank[place] = None
        blank[status] = "running"
        return tuple(blank)

    return [
        (
            [running(finished[id_]) for id_ in commit.begun]
            + [finished[id_] for id_ in commit.whole],
            [
                (*(finished[id_][place] for place in places), *finished[id_][:2])
                for id_ in commit.ended
            ],
        )
        for commit in commits
    ]


def _text(id_: Any) -> str:
    return id_text(id_) if isinstance(id_, bytes) else str(id_)


@contextmanager
def _writer(url: URL) -> Iterator[Writer]:
    if url.get_backend_name() == "sqlite":
        with _closing_sqlite(url) as connection:
            yield _SqliteWriter(connection)
    else:
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as opened:
            yield _PostgresqlWriter(opened)


@contextmanager
def _closing_sqlite(url: URL) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(str(url.database), isolation_level=None)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection
    finally:
        connection.close()


def _insert(table: str, columns: Sequence[str], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"


def _update(mark: str) -> str:
    changes = ", ".join(f"{column} = {mark}" for column in CHANGED)
    return (
        f"UPDATE node_executions SET {changes} WHERE workflow_execution_id = {mark} AND id = {mark}"
    )


class _SqliteWriter:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._insert = _insert("node_executions", COLUMNS, "?")
        self._update = _update("?")

    def identifier(self, id_: str) -> bytes:
        return id_bytes(id_)

    def read(self, table: str, columns: Sequence[str], of: str, execution_id: str) -> list[Row]:
        statement = f"SELECT {', '.join(columns)} FROM {table} WHERE {of} = ?"
        return self._connection.execute(statement, (id_bytes(execution_id),)).fetchall()

    def add_execution(self, columns: Sequence[str], row: Row) -> None:
        self._connection.execute(_insert("workflow_executions", columns, "?"), row)

    def write(self, inserts: list[Row], updates: list[Row]) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        if inserts:
            connection.executemany(self._insert, inserts)
        if updates:
            connection.executemany(self._update, updates)
        connection.execute("COMMIT")


class _PostgresqlWriter:
    """Sends a whole transaction before it waits for the answers."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._insert = _insert("node_executions", COLUMNS, "%s").encode()
        self._update = _update("%s").encode()

    def identifier(self, id_: str) -> str:
        return id_

    def read(self, table: str, columns: Sequence[str], of: str, execution_id: str) -> list[Row]:
        texts = ", ".join(f"{column}::text" for column in columns)
        statement = f"SELECT {texts} FROM {table} WHERE {of} = %s".encode()
        return self._connection.execute(statement, (execution_id,)).fetchall()

    def add_execution(self, columns: Sequence[str], row: Row) -> None:
        self._connection.execute(_insert("workflow_executions", columns, "%s").encode(), row)

    def write(self, inserts: list[Row], updates: list[Row]) -> None:
        with self._connection.pipeline():
            cursor = self._connection.cursor()
            cursor.execute("BEGIN")
            if inserts:
                cursor.executemany(self._insert, inserts)
            if updates:
                cursor.executemany(self._update, updates)
            cursor.execute("COMMIT")
