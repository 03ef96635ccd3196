"""The ways through the node executions of the whole ledger, each down one index, with a cursor."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, literal, select, tuple_

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.identifiers import id_bytes, id_text
from everyrun.store.column_types import Identifier
from everyrun.store.reading.cursors import make_cursor, read_cursor
from everyrun.store.reading.lanes import FIRST_ID, LAST_ID, Lane, Span, executions, latest_rows
from everyrun.store.reading.moments import BEGINNING, END
from everyrun.store.reading.nodes import node_executions
from everyrun.store.tables.executions import TROUBLED_ROWS

EXECUTIONS_PER_LOOK = 200

_n = node_executions.c


class Entry(NamedTuple):
    """One entry on the way: enough to filter by."""

    execution_id: str
    id: str
    node_id: str
    started_at: datetime | None
    status: str


_ENTRY = select(_n.workflow_execution_id, _n.id, _n.node_id, _n.started_at, _n.status)
Look = Callable[["Entry | None", int], list[Entry]]


class Path:
    """A way through the node executions, with cursors of its own."""

    kind: bytes

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def look(self, after: Entry | None, count: int) -> list[Entry]:
        """The next entries, fewer than ``count`` only at the end."""
        raise NotImplementedError

    def after(self, entry: Entry) -> str:
        """A cursor that goes on after an entry."""
        return make_cursor(self.kind, id_bytes(entry.execution_id), id_bytes(entry.id))

    def read(self, cursor: str) -> Entry:
        """The entry that a cursor goes on after. Raises :class:`InvalidCursor`."""
        raw = read_cursor(cursor, self.kind, 32)
        return Entry(id_text(raw[:16]), id_text(raw[16:]), "", None, "")

    def _entries(self, query: Select[*tuple[Any, ...]]) -> list[Entry]:
        return [Entry(*row) for row in self.connection.execute(query)]


class OfExecutions(Path):
    """The nodes of some executions, as they were begun."""

    kind = b"x"

    def __init__(self, connection: Connection, ids: Sequence[str]) -> None:
        super().__init__(connection)
        self._ids = sorted(ids)

    def look(self, after: Entry | None, count: int) -> list[Entry]:
        found: list[Entry] = []
        for id_ in self._ids:
            if after is not None and id_ < after.execution_id:
                continue
            first = after.id if after is not None and id_ == after.execution_id else FIRST_ID
            query = _ENTRY.where(_n.workflow_execution_id == id_, _n.id > first)
            query = query.order_by(_n.workflow_execution_id, _n.id).limit(count - len(found))
            found += self._entries(query)
            if len(found) == count:
                break
        return found


class ByExecution(Path):
    """Execution by execution, the newest first: of all, or of one workflow."""

    kind = b"y"

    def __init__(self, connection: Connection, workflow_id: str | None) -> None:
        super().__init__(connection)
        self._workflow_id = workflow_id

    def look(self, after: Entry | None, count: int) -> list[Entry]:
        if self._workflow_id is None:
            return self._down(after, count)
        found = [] if after is None else self._within(after.execution_id, after.id, count)
        newest = LAST_ID if after is None else after.execution_id
        while len(found) < count:
            lane = Lane((("workflow_id", self._workflow_id),))
            e = executions.c
            block = latest_rows(
                self.connection,
                (e.id, e.nodes_total),
                lane,
                Span(newest=newest),
                EXECUTIONS_PER_LOOK,
            )
            for row in block:
                newest = row.id
                if row.nodes_total:
                    found += self._within(row.id, LAST_ID, count - len(found))
                if len(found) == count:
                    break
            if len(block) < EXECUTIONS_PER_LOOK:
                break
        return found

    def _down(self, after: Entry | None, count: int) -> list[Entry]:
        newest, before = (LAST_ID, LAST_ID) if after is None else after[:2]
        place = tuple_(literal(newest, Identifier), literal(before, Identifier))
        query = _ENTRY.where(
            tuple_(_n.workflow_execution_id, _n.id) < place, _n.workflow_execution_id <= newest
        ).order_by(_n.workflow_execution_id.desc(), _n.id.desc())
        return self._entries(query.limit(count))

    def _within(self, execution_id: str, before: str, count: int) -> list[Entry]:
        if count <= 0:
            return []
        query = _ENTRY.where(_n.workflow_execution_id == execution_id, _n.id < before)
        query = query.order_by(_n.workflow_execution_id.desc(), _n.id.desc()).limit(count)
        return self._entries(query)


class ByStart(Path):
    """Through an index that ends in the start, the latest first: several of its lanes merged."""

    kind = b"z"

    def __init__(self, connection: Connection, column: Any, values: Sequence[str]) -> None:
        super().__init__(connection)
        self._column = column
        self._values = values

    def look(self, after: Entry | None, count: int) -> list[Entry]:
        found: list[Entry] = []
        for value in self._values:
            found += self._lane(value, after, count)
        found.sort(key=_latest_first, reverse=True)
        return found[:count]

    def _lane(self, value: str, after: Entry | None, count: int) -> list[Entry]:
        """Those of one lane. Several may begin at one moment, in no order: it is read whole."""
        latest = END if after is None else after.started_at
        assert latest is not None
        asked = 2 * count
        while True:
            entries = self._entries(self._down(value, latest).limit(asked))
            is_end = len(entries) < asked
            cut = None if is_end else entries[-1].started_at
            whole = [each for each in entries if each.started_at != cut]
            new = [each for each in whole if after is None or _is_later(after, each)]
            if is_end or len(new) >= count:
                return sorted(new, key=_latest_first, reverse=True)[:count]
            asked *= 2

    def _down(self, value: str, latest: datetime) -> Select[*tuple[Any, ...]]:
        keys = tuple_(self._column, _n.started_at)
        fixed = literal(value, self._column.type)
        query = _ENTRY.where(
            keys <= tuple_(fixed, literal(latest, _n.started_at.type)),
            keys >= tuple_(fixed, literal(BEGINNING, _n.started_at.type)),
        ).order_by(self._column.desc(), _n.started_at.desc())
        if self._column is _n.status:
            # Word for word what the index says of itself, or SQLite does not take it.
            query = query.where(TROUBLED_ROWS)
        return query

    def after(self, entry: Entry) -> str:
        assert entry.started_at is not None
        at = to_microseconds(entry.started_at).to_bytes(8, "big")
        return make_cursor(self.kind, at, id_bytes(entry.id))

    def read(self, cursor: str) -> Entry:
        raw = read_cursor(cursor, self.kind, 24)
        at = int.from_bytes(raw[:8], "big")
        moment = min(at, to_microseconds(END))
        return Entry("", id_text(raw[8:]), "", to_datetime(moment), "")


def _latest_first(entry: Entry) -> tuple[datetime, str]:
    assert entry.started_at is not None
    return entry.started_at, entry.id


def _is_later(after: Entry, entry: Entry) -> bool:
    return _latest_first(entry) < _latest_first(after)
