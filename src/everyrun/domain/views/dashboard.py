"""The dashboard's figures."""

from datetime import date, datetime

import msgspec


class DashboardFigures(msgspec.Struct, kw_only=True):
    """The day so far, and all days, at ``counted_at``. Workflows without the deleted ones.

    ``today_executions`` started (or, still waiting, were asked for) on ``day`` in ``timezone``;
    the ``failed`` ones count workflows that failed, not failures. ``all_executions`` and
    ``all_failed_workflows`` are the same for the whole record (the seeds' ``all_executions`` and
    ``all_failed_scripts``). ``from_cache``: they were counted for an earlier question, and nothing
    has changed since.
    """

    day: date
    timezone: str
    total_workflows: int
    inactive_workflows: int
    today_executions: int
    today_failed_workflows: int
    all_executions: int
    all_failed_workflows: int
    counted_at: datetime
    from_cache: bool
