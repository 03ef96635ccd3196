"""Bulk rows on PostgreSQL: new rows by binary COPY, changes by pipelined statements.

The binary form is written here because the bulk values are nearly it already (16 bytes are a
``uuid``, microseconds are a ``timestamptz`` less thirty years), which costs a third of what the
driver's general adapters do. Source of the format: PostgreSQL documentation, COPY, "Binary Format".
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from everyrun.domain.clock import to_datetime
from everyrun.store.append.rows import Row, column_kinds
from everyrun.store.database import RaceLost

_MICROSECONDS_1970_TO_2000 = 946_684_800_000_000
_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_length = struct.Struct(">i").pack
_int2 = struct.Struct(">ih").pack
_int4 = struct.Struct(">ii").pack
_int8 = struct.Struct(">iq").pack
_float8 = struct.Struct(">id").pack
_COUNTED_ELSEWHERE = frozenset({"23505", "23503"})

Encoder = Callable[[Any], bytes]


def _encode_text(value: str) -> bytes:
    raw = value.encode()
    return _length(len(raw)) + raw


def _encode_payload(value: str) -> bytes:
    raw = value.encode()
    return _length(len(raw) + 1) + b"\x01" + raw


_ENCODERS: dict[str, Encoder] = {
    "Identifier": lambda value: b"\0\0\0\x10" + value,
    "Moment": lambda value: _int8(8, value - _MICROSECONDS_1970_TO_2000),
    "Payload": _encode_payload,
    "Text": _encode_text,
    "String": _encode_text,
    "SmallInteger": lambda value: _int2(2, value),
    "Integer": lambda value: _int4(4, value),
    "BigInteger": lambda value: _int8(8, value),
    "Double": lambda value: _float8(8, value),
    "Float": lambda value: _float8(8, value),
}


def _identity(value: Any) -> Any:
    return value


_PARAMETERS: dict[str, Callable[[Any], Any]] = {
    "Identifier": lambda value: value.hex(),
    "Moment": to_datetime,
}

_READERS: dict[str, str] = {
    "Identifier": "uuid_send({})",
    "Moment": "(extract(epoch FROM {}) * 1000000)::bigint",
    "Payload": "{}::text",
}


@cache
def _encoders(table: str, columns: tuple[str, ...]) -> tuple[Encoder, ...]:
    kinds = column_kinds(table)
    return tuple(_ENCODERS[kinds[column]] for column in columns)


@cache
def _converters(table: str, columns: tuple[str, ...]) -> tuple[Callable[[Any], Any], ...]:
    kinds = column_kinds(table)
    return tuple(_PARAMETERS.get(kinds[column], _identity) for column in columns)


@cache
def _read(table: str, columns: tuple[str, ...]) -> str:
    kinds = column_kinds(table)
    return ", ".join(
        _READERS.get(kinds[column], "{}").format(f"found.{column}") for column in columns
    )


def binary_rows(table: str, columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """The rows as one binary COPY stream."""
    encoders = _encoders(table, tuple(columns))
    count = struct.pack(">h", len(encoders))
    pieces = [_SIGNATURE]
    for row in rows:
        pieces.append(count)
        pieces.extend(
            _NULL if value is None else encode(value)
            for encode, value in zip(encoders, row, strict=True)
        )
    pieces.append(_TRAILER)
    return b"".join(pieces)


@contextmanager
def _as_one_family_of_errors() -> Iterator[None]:
    """The driver's errors as SQLAlchemy's; a row that another writer made first as a lost race."""
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate in _COUNTED_ELSEWHERE:
            raise RaceLost(str(error)) from error
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, connection_invalidated=error.sqlstate is None
        ) from error


class PostgresqlRows:
    """Bulk statements through psycopg's own cursor on the connection."""

    def __init__(self, connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        self._cursor = driver.cursor()

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if not rows:
            return
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
        with _as_one_family_of_errors(), self._cursor.copy(statement) as copy:
            copy.write(binary_rows(table, columns, rows))

    def update(
        self, table: str, keys: Sequence[str], columns: Sequence[str], rows: Sequence[Row]
    ) -> None:
        if not rows:
            return
        changes = ", ".join(f"{column} = %s" for column in columns)
        where = " AND ".join(f"{key} = %s" for key in keys)
        converters = _converters(table, (*columns, *keys))
        with _as_one_family_of_errors():
            self._cursor.executemany(
                f"UPDATE {table} SET {changes} WHERE {where}",  # noqa: S608 - own names
                [
                    [
                        None if value is None else convert(value)
                        for convert, value in zip(converters, row, strict=True)
                    ]
                    for row in rows
                ],
            )

    def select(
        self, table: str, keys: Sequence[str], columns: Sequence[str], wanted: Sequence[Row]
    ) -> list[Row]:
        if not wanted:
            return []
        kinds = column_kinds(table)
        arrays = ", ".join(
            "%s::uuid[]" if kinds[key] == "Identifier" else "%s::bigint[]" for key in keys
        )
        match = " AND ".join(f"found.{key} = wanted.{key}" for key in keys)
        order = ", ".join(f"found.{key}" for key in keys)
        converters = _converters(table, tuple(keys))
        parameters = [
            [convert(row[i]) for row in sorted(wanted)] for i, convert in enumerate(converters)
        ]
        return self._fetch(
            f"SELECT {_read(table, tuple(columns))} "  # noqa: S608 - own names
            f"FROM unnest({arrays}) AS wanted ({', '.join(keys)}) JOIN {table} AS found ON {match} "
            f"ORDER BY {order} FOR UPDATE OF found",
            parameters,
        )

    def select_where(
        self, table: str, columns: Sequence[str], condition: str, parameters: Row
    ) -> list[Row]:
        statement = (
            f"SELECT {_read(table, tuple(columns))} FROM {table} AS found "  # noqa: S608
            f"WHERE {condition.replace('?', '%s')} FOR UPDATE OF found"
        )
        return self._fetch(statement, [_parameter(value) for value in parameters])

    def execute(self, statement: str, rows: Sequence[Row]) -> None:
        if rows:
            with _as_one_family_of_errors():
                self._cursor.executemany(
                    statement.replace("?", "%s"),
                    [[_parameter(value) for value in row] for row in rows],
                )

    def _fetch(self, statement: str, parameters: Sequence[Any]) -> list[Row]:
        with _as_one_family_of_errors():
            return self._cursor.execute(statement, parameters).fetchall()


def _parameter(value: Any) -> Any:
    """A parameter of unknown column: 16 bytes are an identifier here, never anything else."""
    return value.hex() if isinstance(value, bytes) else value
