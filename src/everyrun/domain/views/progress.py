"""How far an execution is: little enough to ask for often."""

from datetime import datetime

import msgspec


class ExecutionProgress(msgspec.Struct, kw_only=True):
    """How far one execution is. ``done``: it has settled. ``log_lines`` are on record so far.

    ``poll_after_ms`` is how long to wait before asking again, 0 when done.
    """

    id: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    nodes_planned: int | None
    nodes_total: int
    nodes_completed: int
    nodes_failed: int
    nodes_cancelled: int
    nodes_skipped: int
    progress_current: float | None
    progress_total: float | None
    progress_message: str | None
    log_lines: int
    done: bool
    poll_after_ms: int
