"""Putting invented rows into a migrated, empty ledger as quickly as each database can.

Secondary indexes are taken away first and made again, from their own definitions, in the end.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import numpy as np
import psycopg
from psycopg import sql
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex

from benchmarks.history.columns import CopyText, Table, for_sqlite
from benchmarks.history.plan import DAY, Ids
from everyrun.domain.clock import to_datetime
from everyrun.store.database import Database
from everyrun.store.partitions import ensure_months
from everyrun.store.tables import Base

BIG_TABLES = (
    "workflow_executions",
    "node_executions",
    "node_attempts",
    "execution_logs",
    "execution_tags",
    "external_ids",
)
_CACHE_KIB = 512 * 1024
Tell = Callable[[str], None]


class Loader(Protocol):
    """Takes rows of a table, in any number of pieces."""

    def load(self, name: str, table: Table) -> None: ...


class _SqliteLoader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def load(self, name: str, table: Table) -> None:
        places = ", ".join("?" * len(table))
        self._connection.executemany(
            f"INSERT INTO {name} ({', '.join(table)}) VALUES ({places})",
            zip(*map(for_sqlite, table.values()), strict=True),
        )


class _PostgresLoader:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._text = CopyText()

    def load(self, name: str, table: Table) -> None:
        if not len(next(iter(table.values()))):
            return
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, table))
        )
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(self._text.lines(table))


def _remake(
    definitions: Iterable[tuple[str, str]], run: Callable[[str], object], tell: Tell
) -> None:
    for name, definition in definitions:
        tell(f"index {name}")
        run(definition)


@contextmanager
def _loading_sqlite(database: Database, tell: Tell) -> Iterator[Loader]:
    database.close()
    connection = sqlite3.connect(str(database.url.database), isolation_level=None)
    try:
        for pragma in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
            "temp_store = MEMORY",
            f"cache_size = -{_CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        marks = ", ".join("?" * len(BIG_TABLES))
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
            f"AND tbl_name IN ({marks}) ORDER BY rowid",
            BIG_TABLES,
        ).fetchall()
        connection.execute("BEGIN")
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        yield _SqliteLoader(connection)
        _remake(indexes, connection.execute, tell)
        connection.execute("COMMIT")
        tell("analyze")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
    finally:
        connection.close()


def _postgresql_indexes(dialect: Dialect) -> list[tuple[str, str]]:
    """Names and definitions of the big tables' secondary indexes.

    From the code and not from the catalogue, which spells a partial index's condition anew.
    """
    return [
        (str(index.name), str(CreateIndex(index).compile(dialect=dialect)))
        for name in BIG_TABLES
        for index in sorted(Base.metadata.tables[name].indexes, key=lambda index: str(index.name))
    ]


@contextmanager
def _loading_postgresql(database: Database, tell: Tell) -> Iterator[Loader]:
    url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '1GB'")
        indexes = _postgresql_indexes(database.engine.dialect)
        for name, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        yield _PostgresLoader(connection)
        _remake(indexes, lambda definition: connection.execute(definition.encode()), tell)
        connection.commit()
        connection.autocommit = True
        tell("vacuum and analyze")
        connection.execute("VACUUM (ANALYZE)")


def _make_partitions(database: Database, execution_ids: Ids) -> None:
    days = np.unique((execution_ids[:, 0] >> np.uint64(16)) // np.uint64(DAY // 1000))
    moments = [to_datetime(day * DAY) for day in days.tolist()]
    with database.writing() as connection:
        ensure_months(connection, {moment.year * 12 + moment.month - 1 for moment in moments})


def loading(database: Database, execution_ids: Ids, tell: Tell) -> AbstractContextManager[Loader]:
    """A loader into ``database``, which must be migrated and empty, for these executions."""
    _make_partitions(database, execution_ids)
    if database.dialect == "sqlite":
        return _loading_sqlite(database, tell)
    return _loading_postgresql(database, tell)
