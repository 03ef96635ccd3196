"""The lines of one execution between two positions, and what a page of them says besides."""

from collections.abc import Sequence
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, bindparam, select

from everyrun.domain.status import SETTLED
from everyrun.domain.views.logs import LogLine, LogPage
from everyrun.store.column_types import Identifier
from everyrun.store.marks import LogMark, find_marked_log
from everyrun.store.reading.known_ids import record_id
from everyrun.store.reading.lines import checked_levels, execution_logs, line_columns
from everyrun.store.reading.prepared import Prepared, Values

POLL_MS = 2_000
SLOWEST_POLL_MS = 10_000
_LAST_POSITION = 2**62
_l = execution_logs.c


def poll_after(quiet: int) -> int:
    """Milliseconds to wait before asking again, when nothing has moved for ``quiet`` µs."""
    return max(POLL_MS, min(SLOWEST_POLL_MS, quiet // 30_000))


class _Way(Enum):
    """In which order lines are read."""

    FORWARD = "forward"
    BACKWARD = "backward"


_execution = bindparam("execution", type_=Identifier)


@cache
def _lines(way: _Way, of_node: bool, levels: int) -> Prepared:
    """Lines of an execution between two positions, of one node or of some levels where asked."""
    statement = select(*line_columns(_execution)).where(
        _l.workflow_execution_id == _execution,
        _l.position > bindparam("after", type_=BigInteger),
        _l.position <= bindparam("last", type_=BigInteger),
    )
    if of_node:
        statement = statement.where(_l.node_execution_id == bindparam("node", type_=Identifier))
    if levels:
        named = [bindparam(f"level_{n}", type_=_l.level.type) for n in range(levels)]
        statement = statement.where(_l.level.in_(named))
    # All columns of the index, in their order: then one plan does for every execution.
    index = [_l.workflow_execution_id, *([_l.node_execution_id] if of_node else []), _l.position]
    order = index if way is _Way.FORWARD else [column.desc() for column in index]
    return Prepared(statement.order_by(*order).limit(bindparam("count", type_=Integer)))


def _line(row: Values) -> LogLine:
    id_, position, level, timestamp, message, node_execution_id, node, attempt, logger, data = row
    return LogLine(
        id=id_,
        position=position,
        level=level,
        timestamp=timestamp,
        message=message,
        node_execution_id=node_execution_id,
        node=node,
        attempt=attempt,
        logger=logger,
        data=data,
    )


class OneLog:
    """One execution's log, narrowed to some levels or one node execution.

    Of an execution whose mark is known already, it need not be read again.
    """

    def __init__(
        self,
        connection: Connection,
        execution: str | LogMark,
        levels: Sequence[str],
        node_execution_id: str | None,
        now: int | None,
    ) -> None:
        if isinstance(execution, str):
            execution = find_marked_log(connection, record_id(execution))
        self._mark = execution
        self.id = execution.execution_id
        self._connection = connection
        self._levels = checked_levels(levels)
        self._node = None if node_execution_id is None else record_id(node_execution_id)
        self._now = now
        self.end = execution.log_position
        """The last position on record when this read began."""

    @property
    def narrowed(self) -> bool:
        """Whether lines in between are left out."""
        return bool(self._levels) or self._node is not None

    def forward(self, after: int, last: int | None, limit: int) -> list[LogLine]:
        """Lines after a position, up to ``last`` where one is given."""
        return self._lines(_Way.FORWARD, after, _LAST_POSITION if last is None else last, limit)

    def backward(self, before: int, first: int, limit: int) -> list[LogLine]:
        """Lines before a position, down to ``first``, the latest first."""
        return self._lines(_Way.BACKWARD, first - 1, before - 1, limit)

    def _lines(self, way: _Way, after: int, last: int, limit: int) -> list[LogLine]:
        asked: dict[str, Any] = {
            "execution": self.id,
            "after": after,
            "last": last,
            "count": limit,
            **{f"level_{n}": level for n, level in enumerate(self._levels)},
        }
        if self._node is not None:
            asked["node"] = self._node
        statement = _lines(way, self._node is not None, len(self._levels))
        return [_line(row) for row in statement.rows(self._connection, asked)]

    def page(self, lines: list[LogLine], next_: int, more: bool) -> LogPage:
        """What the caller gets, who has read up to ``next_``."""
        done = not more and self._mark.status in SETTLED and next_ >= self.end
        wait = 0 if done or more else self._poll_after_ms()
        return LogPage(lines=lines, next=next_, done=done, poll_after_ms=wait)

    def _poll_after_ms(self) -> int:
        """Two seconds while things move (R3.6); after a minute of quiet ever less often."""
        if self._now is None:
            return POLL_MS
        moved = max(self._mark.updated_at, self._mark.seen_at or 0)
        return poll_after(self._now - moved)
