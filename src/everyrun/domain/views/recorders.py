"""The processes that recorded."""

from datetime import datetime

import msgspec


class RecorderSummary(msgspec.Struct, kw_only=True):
    """One recording process. ``gone_at`` is set once it is known to have ended."""

    id: str
    host: str
    pid: int
    program: str
    everyrun_version: str
    started_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None
    gone_reason: str | None
    dropped_events: int
