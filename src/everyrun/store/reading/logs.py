"""One execution's log, read by cursor: what `--follow`, a page and curl poll (R3.5, R3.6).

The cursor is a line's position, which counts lines as they arrive: a line that comes late comes
after the cursor, not before it. Completion is the execution's status, never a text match.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from everyrun.domain.errors import InvalidQuery
from everyrun.domain.views.logs import LogLine, LogPage
from everyrun.store.marks import LogMark
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.lines import MOST_LINES
from everyrun.store.reading.log_search import search
from everyrun.store.reading.one_log import POLL_MS, SLOWEST_POLL_MS, OneLog, poll_after
from everyrun.store.reading.planning import kept_to_indexes

__all__ = ["POLL_MS", "SLOWEST_POLL_MS", "last_lines", "poll_after", "search", "tail"]

LINES_PER_LOOK = 10_000
LAST_POSITION = 2**62
_LOOKS_BACK = 10


def tail(
    connection: Connection,
    execution: str | LogMark,
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
    log = OneLog(connection, execution, levels, node_execution_id, now)
    last = after + LINES_PER_LOOK if log.narrowed else None
    with kept_to_indexes(connection, plan_once=True):
        lines = log.forward(after, last, limit)
    newest = lines[-1].position if lines else after
    if len(lines) == limit:
        return log.page(lines, newest, more=newest < log.end)
    if last is not None and last < log.end:
        return log.page(lines, last, more=True)
    return log.page(lines, max(newest, log.end), more=False)


def last_lines(
    connection: Connection,
    execution: str | LogMark,
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
    log = OneLog(connection, execution, levels, node_execution_id, now)
    lines = _latest(connection, log, log.end + 1, count)
    return log.page(lines, log.end, more=False)


def lines_before(
    connection: Connection,
    execution: str | LogMark,
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
    log = OneLog(connection, execution, levels, node_execution_id, now)
    before = min(before, log.end + 1)
    lines = _latest(connection, log, before, limit)
    next_ = max(0, before - 1)
    return log.page(lines, next_, more=next_ < log.end)


def _latest(connection: Connection, log: OneLog, before: int, count: int) -> list[LogLine]:
    """The latest lines before a position, the latest last, by bounded work."""
    latest: list[LogLine] = []
    with kept_to_indexes(connection, plan_once=True):
        for _ in range(_LOOKS_BACK):
            first = max(0, before - LINES_PER_LOOK)
            latest += log.backward(before, first, count - len(latest))
            before = first
            if before == 0 or len(latest) == count:
                break
    return latest[::-1]
