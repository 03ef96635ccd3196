"""Log lines as pages show them."""

from datetime import datetime
from typing import Any

import msgspec


class LogLine(msgspec.Struct, kw_only=True):
    """One line. ``position`` counts an execution's lines as they arrived, from 1; ``node`` is the
    key of the node whose execution it belongs to. ``timestamp`` is aware UTC.
    """

    id: str
    position: int
    level: str
    timestamp: datetime
    message: str
    node_execution_id: str | None
    node: str | None
    attempt: int
    logger: str | None
    data: Any


class FoundLine(LogLine, kw_only=True):
    """A line with the execution and the workflow it belongs to."""

    execution_id: str
    workflow: str
    kind: str


class LogPage(msgspec.Struct, kw_only=True):
    """Lines in the order they arrived. ``next`` is the cursor for the next call.

    ``done``: the execution has settled and there is nothing after ``next``. ``poll_after_ms`` is
    how long to wait before asking again: 0 when there is more to read at once, or when done.
    """

    lines: list[LogLine]
    next: int
    done: bool
    poll_after_ms: int


class LogSearchPage(msgspec.Struct, kw_only=True):
    """Lines, newest first. ``next`` is the cursor to what follows, None at the end.

    ``searched_to`` is set when the search stopped before the page was full: every line since then
    has been looked at, and ``next`` goes on from there.
    """

    lines: list[FoundLine]
    next: str | None
    searched_to: datetime | None = None
