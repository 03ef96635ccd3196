"""One execution as a bundle: all that is on record of it, line by line, a page at a time.

``docs/reference/bundle.md`` describes the format. Each page is a transaction of its own, so that a
slow reader holds nothing open; whether the execution changed meanwhile is told at the end.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, Table, select, tuple_

from everyrun.domain.clock import to_datetime
from everyrun.domain.version import VERSION
from everyrun.store.database import Database
from everyrun.store.marks import find_marked
from everyrun.store.reading.known_ids import one_of
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.schema import REVISIONS
from everyrun.store.tables import (
    ExecutionLog,
    ExecutionRequest,
    Node,
    NodeAttempt,
    NodeExecution,
    Recorder,
    ReusedNode,
    Workflow,
    WorkflowExecution,
    WorkflowVersion,
)

FORMAT = "everyrun-bundle"
FORMAT_VERSION = 1
MEDIA_TYPE = "application/x-ndjson"

_FEW = 20
"""Rows a page where each may have payloads of megabytes."""
_MANY = 500

_encode = msgspec.json.Encoder().encode
Page = list[dict[str, Any]]


def _table(model: Any) -> Table:
    return cast("Table", model.__table__)


executions = _table(WorkflowExecution)
_PARTS: tuple[tuple[Table, tuple[str, ...], int], ...] = (
    (_table(NodeExecution), ("id",), _FEW),
    (_table(NodeAttempt), ("node_execution_id", "attempt"), _FEW),
    (_table(ExecutionLog), ("position",), _MANY),
    (_table(ExecutionRequest), ("id",), _MANY),
    (_table(ReusedNode), ("node_execution_id",), _MANY),
)
"""What belongs to an execution, parents first: table, the keys that order it, rows a page."""

_REFERRED_TO = ((_table(Node), "node_id"), (_table(Recorder), "recorder_id"))
"""What rows refer to: told before the first row that does."""


def bundle(database: Database, execution_id: str, now: int) -> Iterator[bytes]:
    """The lines of an execution's bundle, each with its line break, told as they are read.

    What names the execution is read at once. Raises :class:`NotOnRecord`.
    """
    teller = _Bundle(database, execution_id)
    first = teller.beginning(now)
    return teller.lines(first)


class _Bundle:
    """One execution on its way out."""

    def __init__(self, database: Database, execution_id: str) -> None:
        self._database = database
        self._given = execution_id
        self._id = ""
        self._mark = 0
        self._told: Counter[str] = Counter()
        self._known: dict[str, set[str]] = {table.name: set() for table, _ in _REFERRED_TO}

    def beginning(self, now: int) -> list[bytes]:
        """The header, and what the execution's own row refers to, and the row."""
        with self._database.reading() as connection:
            self._id, self._mark = find_marked(connection, self._given)
            head = {
                "record": "bundle",
                "format": FORMAT,
                "version": FORMAT_VERSION,
                "schema": REVISIONS[-1],
                "everyrun": VERSION,
                "exported_at": to_datetime(now),
                "execution_id": self._id,
            }
            rows = _page(connection, select(executions).where(executions.c.id == self._id))
            told = [self._line(head)]
            for row in rows:
                told += self._of(connection, _table(Workflow), [row["workflow_id"]])
                if row["workflow_version_id"] is not None:
                    version = [row["workflow_version_id"]]
                    told += self._of(connection, _table(WorkflowVersion), version)
            told += self._rows(connection, executions, rows)
        return told

    def lines(self, first: Iterable[bytes]) -> Iterator[bytes]:
        """All lines."""
        yield from first
        for table, keys, size in _PARTS:
            yield from self._part(table, keys, size)
        with self._database.reading() as connection:
            changed = find_marked(connection, self._id).updated_at != self._mark
        yield self._line({"record": "end", "rows": dict(self._told), "changed": changed})

    def _part(self, table: Table, keys: Sequence[str], size: int) -> Iterator[bytes]:
        of = table.c.workflow_execution_id
        columns = [table.c[name] for name in keys]
        after: ColumnElement[bool] | None = None
        while True:
            statement = select(table).where(of == self._id).order_by(of, *columns).limit(size)
            if after is not None:
                statement = statement.where(after)
            with self._database.reading() as connection, kept_to_indexes(connection):
                rows = _page(connection, statement)
                told = list(self._rows(connection, table, rows))
            yield from told
            if len(rows) < size:
                return
            last = tuple_(*(rows[-1][name] for name in keys), types=[c.type for c in columns])
            after = tuple_(*columns) > last

    def _rows(self, connection: Connection, table: Table, rows: Page) -> Iterator[bytes]:
        for referred, name in _REFERRED_TO:
            known = self._known[referred.name]
            unseen = {row[name] for row in rows if row.get(name) is not None} - known
            if unseen:
                known |= unseen
                yield from self._of(connection, referred, sorted(unseen))
        for row in rows:
            yield self._row(table, row)

    def _of(self, connection: Connection, table: Table, ids: Sequence[str]) -> Iterator[bytes]:
        statement = select(table).where(one_of(connection, table.c.id, ids))
        for row in _page(connection, statement.order_by(table.c.id)):
            yield self._row(table, row)

    def _row(self, table: Table, row: dict[str, Any]) -> bytes:
        name = str(table.name)
        self._told[name] += 1
        return self._line({"record": name, **row})

    @staticmethod
    def _line(record: dict[str, Any]) -> bytes:
        return _encode(record) + b"\n"


def _page(connection: Connection, statement: Select[*tuple[Any, ...]]) -> Page:
    rows = connection.execute(statement)
    names = [str(name) for name in rows.keys()]  # noqa: SIM118 - a result is no dictionary
    return [dict(zip(names, row, strict=True)) for row in rows]
