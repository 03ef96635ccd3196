"""One execution's log, read by cursor: what `--follow`, a page and curl poll (R3.5, R3.6).

The cursor is a line's position, which counts lines as they arrive: a line that comes late comes
after the cursor, not before it. Completion is the execution's status, never a text match.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from everyrun.domain.clock import to_microseconds
from everyrun.domain.errors import InvalidQuery, NotOnRecord
from everyrun.domain.status import SETTLED
from everyrun.domain.views.logs import LogLine, LogPage
from everyrun.store.reading.known_ids import record_id
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.lines import MOST_LINES, checked_levels, execution_logs, line_columns
from everyrun.store.reading.log_search import search
from everyrun.store.reading.planning import kept_to_indexes

__all__ = ["last_lines", "search", "tail"]

POLL_MS = 2_000
SLOWEST_POLL_MS = 10_000
LINES_PER_LOOK = 10_000
_LOOKS_BACK = 10
LAST_POSITION = 2**62
_l = execution_logs.c


class _Log:
    """One execution's log, narrowed to some levels or one node execution."""

    def __init__(
        self,
        connection: Connection,
        execution_id: str,
        levels: Sequence[str],
        node_execution_id: str | None,
        now: int | None,
    ) -> None:
        self.id = record_id(execution_id)
        self._connection = connection
        self._levels = checked_levels(levels)
        self._node = None if node_execution_id is None else record_id(node_execution_id)
        self._now = now
        self._state = self._read_state()
        self.end: int = self._state.log_position
        """The last position on record when this read began."""

    @property
    def narrowed(self) -> bool:
        """Whether lines in between are left out."""
        return bool(self._levels) or self._node is not None

    def _read_state(self) -> Row[*tuple[Any, ...]]:
        e = executions.c
        statement = select(e.status, e.log_position, e.updated_at, e.seen_at)
        row = self._connection.execute(statement.where(e.id == self.id)).one_or_none()
        if row is None:
            raise NotOnRecord(f"no execution on record has the id {self.id!r}")
        return row

    def _narrow(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        statement = statement.where(_l.workflow_execution_id == self.id)
        if self._node is not None:
            statement = statement.where(_l.node_execution_id == self._node)
        if self._levels:
            statement = statement.where(_l.level.in_(self._levels))
        return statement

    def forward(self, after: int, last: int | None, limit: int) -> list[LogLine]:
        """Lines after a position, up to ``last`` where one is given."""
        statement = self._narrow(select(*line_columns(self.id))).where(_l.position > after)
        if last is not None:
            statement = statement.where(_l.position <= last)
        return self._lines(statement.order_by(_l.position).limit(limit))

    def backward(self, before: int, first: int, limit: int) -> list[LogLine]:
        """Lines before a position, down to ``first``, the latest first."""
        statement = self._narrow(select(*line_columns(self.id)))
        statement = statement.where(_l.position < before, _l.position >= first)
        return self._lines(statement.order_by(_l.position.desc()).limit(limit))

    def _lines(self, statement: Select[*tuple[Any, ...]]) -> list[LogLine]:
        return [LogLine(**row) for row in self._connection.execute(statement).mappings().all()]

    def page(self, lines: list[LogLine], next_: int, more: bool) -> LogPage:
        """What the caller gets, who has read up to ``next_``."""
        done = not more and self._state.status in SETTLED and next_ >= self.end
        wait = 0 if done or more else self._poll_after_ms()
        return LogPage(lines=lines, next=next_, done=done, poll_after_ms=wait)

    def _poll_after_ms(self) -> int:
        """Two seconds while things move (R3.6); after a minute of quiet ever less often."""
        if self._now is None:
            return POLL_MS
        moved = max(filter(None, (self._state.updated_at, self._state.seen_at)))
        return poll_after(self._now - to_microseconds(moved))


def poll_after(quiet: int) -> int:
    """Milliseconds to wait before asking again, when nothing has moved for ``quiet`` µs."""
    return max(POLL_MS, min(SLOWEST_POLL_MS, quiet // 30_000))


def tail(
    connection: Connection,
    execution_id: str,
    *,
    after: int = 0,
    limit: int = 500,
    levels: Sequence[str] = (),
    node_execution_id: str | None = None,
    now: int | None = None,
) -> LogPage:
    """The lines after a cursor, 1 to 1,000 at a time; 0 begins at the first line.

    With ``levels`` or ``node_execution_id`` a call looks at 10,000 positions at most; it may answer
    fewer lines than there are, none even, and ``next`` goes on. ``now`` (µs UTC) lets the pace
    follow how long nothing has moved. Raises :class:`NotOnRecord` and :class:`InvalidQuery`.
    """
    checked_limit(limit, MOST_LINES)
    if not 0 <= after <= LAST_POSITION:
        raise InvalidQuery(f"a log's cursor counts from 0, and is not {after}")
    log = _Log(connection, execution_id, levels, node_execution_id, now)
    last = after + LINES_PER_LOOK if log.narrowed else None
    with kept_to_indexes(connection):
        lines = log.forward(after, last, limit)
    newest = lines[-1].position if lines else after
    if len(lines) == limit:
        return log.page(lines, newest, more=newest < log.end)
    if last is not None and last < log.end:
        return log.page(lines, last, more=True)
    return log.page(lines, max(newest, log.end), more=False)


def last_lines(
    connection: Connection,
    execution_id: str,
    count: int,
    *,
    levels: Sequence[str] = (),
    node_execution_id: str | None = None,
    now: int | None = None,
) -> LogPage:
    """The latest ``count`` lines, 1 to 1,000, in the order they arrived; ``next`` follows on.

    With ``levels`` or ``node_execution_id`` it looks at the latest 100,000 lines at most. Raises
    :class:`NotOnRecord` and :class:`InvalidQuery`.
    """
    checked_limit(count, MOST_LINES)
    log = _Log(connection, execution_id, levels, node_execution_id, now)
    lines = _latest(connection, log, log.end + 1, count)
    return log.page(lines, log.end, more=False)


def lines_before(
    connection: Connection,
    execution_id: str,
    before: int,
    *,
    limit: int = 500,
    levels: Sequence[str] = (),
    node_execution_id: str | None = None,
    now: int | None = None,
) -> LogPage:
    """The latest lines before a position, 1 to 1,000, in the order they arrived.

    To page back, ask for those before the first line's position. Bounded as :func:`last_lines` is.
    Raises :class:`NotOnRecord` and :class:`InvalidQuery`.
    """
    checked_limit(limit, MOST_LINES)
    if not 0 <= before <= LAST_POSITION:
        raise InvalidQuery(f"a log's cursor counts from 0, and is not {before}")
    log = _Log(connection, execution_id, levels, node_execution_id, now)
    before = min(before, log.end + 1)
    lines = _latest(connection, log, before, limit)
    next_ = max(0, before - 1)
    return log.page(lines, next_, more=next_ < log.end)


def _latest(connection: Connection, log: _Log, before: int, count: int) -> list[LogLine]:
    """The latest lines before a position, the latest last, by bounded work."""
    latest: list[LogLine] = []
    with kept_to_indexes(connection):
        for _ in range(_LOOKS_BACK):
            first = max(0, before - LINES_PER_LOOK)
            latest += log.backward(before, first, count - len(latest))
            before = first
            if before == 0 or len(latest) == count:
                break
    return latest[::-1]
