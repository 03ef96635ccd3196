"""Rows in bulk, in the one form that both databases' writers take.

A bulk value is a Python primitive: an identifier is 16 bytes, a moment whole microseconds UTC, a
payload its JSON text; the rest is itself. Column types come from the tables.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Protocol

from sqlalchemy import Connection

from everyrun.store.tables import Base

Row = tuple[Any, ...]


class BulkRows(Protocol):
    """Bulk statements on one connection, inside its transaction."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Insert new rows; a row that exists already raises the driver's integrity error."""
        ...

    def update(
        self, table: str, keys: Sequence[str], columns: Sequence[str], rows: Sequence[Row]
    ) -> None:
        """Set ``columns`` where ``keys`` match; each row holds the columns, then the keys."""
        ...

    def select(
        self, table: str, keys: Sequence[str], columns: Sequence[str], wanted: Sequence[Row]
    ) -> list[Row]:
        """Rows by key tuples, locked until the transaction ends, in the order of their keys."""
        ...

    def select_where(
        self, table: str, columns: Sequence[str], condition: str, parameters: Row
    ) -> list[Row]:
        """Rows that meet a condition written with ``?`` parameters."""
        ...

    def execute(self, statement: str, rows: Sequence[Row]) -> None:
        """Run a statement written with ``?`` parameters once for each row."""
        ...


@cache
def column_kinds(table: str) -> dict[str, str]:
    """Column -> the name of its type: ``Identifier``, ``Moment``, ``Payload``, ``Text`` …"""
    return {
        column.name: type(column.type).__name__ for column in Base.metadata.tables[table].columns
    }


def bulk_rows(connection: Connection) -> BulkRows:
    """The bulk writer for a connection's database."""
    if connection.dialect.name == "postgresql":
        from everyrun.store.append.postgresql_rows import PostgresqlRows

        return PostgresqlRows(connection)
    from everyrun.store.append.sqlite_rows import SqliteRows

    return SqliteRows(connection)


def in_chunks(rows: Sequence[Row], size: int) -> Iterable[Sequence[Row]]:
    """``rows`` in pieces of at most ``size``."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


class RowUpdates:
    """Rows to update, gathered by the columns that changed.

    Naming only those spares the database the indexes of the others.
    """

    def __init__(self, table: str, keys: Sequence[str], columns: Sequence[str]) -> None:
        self._table = table
        self._keys = keys
        self._columns = columns
        self._gathered: dict[tuple[str, ...], list[Row]] = {}

    def add(self, key: Row, before: Row, after: Row, *more: tuple[str, Any]) -> bool:
        """Take one row's change; answers whether there is one.

        ``before`` and ``after`` hold the columns' values; ``more`` are columns that are written
        without a look at what they held.
        """
        changed = [i for i, old in enumerate(before) if old != after[i]]
        names = (*[self._columns[i] for i in changed], *[name for name, _value in more])
        if not names:
            return False
        values = (*[after[i] for i in changed], *[value for _name, value in more])
        self._gathered.setdefault(names, []).append((*values, *key))
        return True

    def write(self, rows: BulkRows) -> None:
        """Write all that was taken."""
        for columns, changed in self._gathered.items():
            rows.update(self._table, self._keys, columns, changed)
