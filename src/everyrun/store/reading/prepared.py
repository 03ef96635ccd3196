"""Statements that are asked all the time, compiled once and read past the result machinery.

What SQLAlchemy does for each execution of a statement (finding its compiled form, expanding its
parameters, describing its columns, wrapping each row) costs more than SQLite needs to answer it.
Here that is done once, and the driver asked directly unless somebody listens to what is sent;
values still go through the column types.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from everyrun.store.column_types import Processor, binder_of, reader_of

Values = tuple[Any, ...]
Description = Sequence[Sequence[Any]]


class Prepared:
    """One statement whose parameters are named ``bindparam``'s, none of them a list."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, parameters: Mapping[str, Any]) -> list[Values]:
        """All rows, as plain tuples of the columns' Python values."""
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, dialect)
        return compiled.rows(connection, parameters)

    def first(self, connection: Connection, parameters: Mapping[str, Any]) -> Values | None:
        """The first row, None when there is none."""
        rows = self.rows(connection, parameters)
        return rows[0] if rows else None


class _Compiled:
    """A statement as one driver takes it."""

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self._text = str(compiled)
        self._names = None if not compiled.positional else compiled.positiontup
        self._binders = {
            name: binder
            for name, bound in compiled.binds.items()
            if (binder := binder_of(bound.type, dialect)) is not None
        }
        self._fixed = self._bound(
            {name: value for name, value in compiled.params.items() if value is not None}
        )
        self._types = [column.type for column in statement.selected_columns]
        self._dialect = dialect
        self._readers: list[tuple[int, Processor]] | None = None

    def _bound(self, values: Mapping[str, Any]) -> dict[str, Any]:
        bound = dict(values)
        for name, bind in self._binders.items():
            value = bound.get(name)
            if value is not None:
                bound[name] = bind(value)
        return bound

    def rows(self, connection: Connection, parameters: Mapping[str, Any]) -> list[Values]:
        given = self._fixed | self._bound(parameters)
        sent: Any = given
        if self._names is not None:
            sent = tuple([given[name] for name in self._names])
        heard = connection.dispatch
        if heard.before_cursor_execute or heard.after_cursor_execute:
            found, told = self._watched(connection, sent)
        else:
            found, told = self._directly(connection, sent)
        if self._readers is None:
            self._readers = self._readers_of(told)
        if not found or not self._readers:
            return found
        columns: list[Any] = list(zip(*found, strict=True))
        for position, read in self._readers:
            values = columns[position]
            columns[position] = [None if value is None else read(value) for value in values]
        return list(zip(*columns, strict=True))

    def _watched(self, connection: Connection, sent: Any) -> tuple[list[Values], Description]:
        """Through SQLAlchemy, for whoever listens to what is sent."""
        result = connection.exec_driver_sql(self._text, sent)
        cursor: Any = result.cursor
        told, found = cursor.description, cursor.fetchall()
        result.close()
        return found, told

    def _directly(self, connection: Connection, sent: Any) -> tuple[list[Values], Description]:
        """Through the driver, whose refusals are told as SQLAlchemy tells them."""
        driver: Any = connection.connection.driver_connection
        errors: type[Exception] = self._dialect.loaded_dbapi.Error
        try:
            cursor = driver.execute(self._text, sent)
            told, found = cursor.description, cursor.fetchall()
            cursor.close()
        except errors as error:
            raise DBAPIError.instance(
                self._text, sent, error, errors, dialect=self._dialect
            ) from error
        return found, told

    def _readers_of(self, description: Description) -> list[tuple[int, Processor]]:
        """What makes Python's values of the driver's, by position; most are as they should be."""
        return [
            (position, reader)
            for position, (type_, told) in enumerate(zip(self._types, description, strict=True))
            if (reader := reader_of(type_, self._dialect, told[1])) is not None
        ]
