"""Bulk rows on SQLite, whose stored values are the bulk values."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from everyrun.store.append.rows import Row, in_chunks

_CHUNK_SIZES = (1, 8, 64, 500)


@cache
def _insert_statement(table: str, columns: tuple[str, ...]) -> str:
    marks = ", ".join("?" for _ in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - own names


@cache
def _update_statement(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{column} = ?" for column in columns)
    where = " AND ".join(f"{key} = ?" for key in keys)
    return f"UPDATE {table} SET {changes} WHERE {where}"  # noqa: S608 - own names


@cache
def _select_statement(
    table: str, keys: tuple[str, ...], columns: tuple[str, ...], count: int
) -> str:
    """A join with the wanted keys: a row-value ``IN`` would scan the table (measured)."""
    marks = f"({', '.join('?' for _ in keys)})"
    values = ", ".join(marks for _ in range(count))
    match = " AND ".join(f"found.{key} = wanted.{key}" for key in keys)
    found = ", ".join(f"found.{column}" for column in columns)
    return (
        f"WITH wanted ({', '.join(keys)}) AS (VALUES {values}) "  # noqa: S608 - own names
        f"SELECT {found} FROM wanted CROSS JOIN {table} AS found ON {match}"
    )


@contextmanager
def _as_one_family_of_errors() -> Iterator[None]:
    """The driver's errors as SQLAlchemy's."""
    try:
        yield
    except sqlite3.Error as error:
        raise DBAPIError.instance(None, None, error, sqlite3.Error) from error


class SqliteRows:
    """Bulk statements through the driver's own cursor, for a small batch is mostly its overhead.

    The transaction holds the write lock already.
    """

    def __init__(self, connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        self._cursor = driver.cursor()

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if rows:
            self.execute(_insert_statement(table, tuple(columns)), rows)

    def update(
        self, table: str, keys: Sequence[str], columns: Sequence[str], rows: Sequence[Row]
    ) -> None:
        if rows:
            self.execute(_update_statement(table, tuple(keys), tuple(columns)), rows)

    def select(
        self, table: str, keys: Sequence[str], columns: Sequence[str], wanted: Sequence[Row]
    ) -> list[Row]:
        nothing = (None,) * len(keys)
        found: list[Row] = []
        for chunk in in_chunks(wanted, _CHUNK_SIZES[-1]):
            size = next(size for size in _CHUNK_SIZES if size >= len(chunk))
            padded = [*chunk, *([nothing] * (size - len(chunk)))]
            statement = _select_statement(table, tuple(keys), tuple(columns), size)
            found += self._fetch(statement, tuple(value for row in padded for value in row))
        return found

    def select_where(
        self, table: str, columns: Sequence[str], condition: str, parameters: Row
    ) -> list[Row]:
        statement = f"SELECT {', '.join(columns)} FROM {table} WHERE {condition}"  # noqa: S608
        return self._fetch(statement, parameters)

    def execute(self, statement: str, rows: Sequence[Row]) -> None:
        if rows:
            with _as_one_family_of_errors():
                self._cursor.executemany(statement, rows)

    def _fetch(self, statement: str, parameters: Row) -> list[Row]:
        with _as_one_family_of_errors():
            return self._cursor.execute(statement, parameters).fetchall()
