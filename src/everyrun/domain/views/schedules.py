"""Schedules: when workflows start by themselves, and what became of every due time."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from everyrun.domain.schedule import Aware, ScheduleDefinition


class ScheduleSummary(msgspec.Struct, kw_only=True):
    """One schedule. ``state`` is active, paused, over, or off (its workflow is)."""

    id: str
    workflow: str
    name: str
    state: str
    paused_reason: str | None
    timezone: str
    definition: dict[str, Any]
    next_at: datetime | None
    last_at: datetime | None


class SchedulePage(msgspec.Struct, kw_only=True):
    """Schedules by the names of their workflows and their own; ``next`` is the cursor.

    ``served`` says whether a scheduler runs anywhere: without one nothing starts.
    """

    items: list[ScheduleSummary]
    next: str | None
    served: bool


class ComingFire(msgspec.Struct, kw_only=True):
    """One due time. ``local`` is in the schedule's zone.

    ``oddity`` is ``skipped`` or ``repeated`` where changed clocks matter; then ``meant`` is the
    local time that never comes or comes twice, and ``remark`` says so in words.
    """

    at: datetime
    local: datetime
    oddity: str | None
    meant: str | None
    remark: str | None = None


class ComingFires(msgspec.Struct, kw_only=True):
    """Due times to come, the earliest first; fewer than asked for when there are no more."""

    times: list[ComingFire]


class FireDecision(msgspec.Struct, kw_only=True):
    """What became of one due time: started, skipped, missed, coalesced or backfilled."""

    due_at: datetime
    outcome: str
    decided_at: datetime
    execution_id: str | None
    reason: str | None


class FirePage(msgspec.Struct, kw_only=True):
    """What became of due times, the latest first. ``next`` is the cursor to earlier ones."""

    items: list[FireDecision]
    next: str | None


class BackfillSummary(msgspec.Struct, kw_only=True):
    """A range that was run after the fact, from ``since`` on and before ``until``."""

    batch_id: str
    since: datetime
    until: datetime
    asked_by: str | None
    asked_at: datetime


class ScheduleDetail(msgspec.Struct, kw_only=True):
    """A schedule with its next times, the last ones, and what was backfilled."""

    schedule: ScheduleSummary
    next: list[ComingFire]
    last: list[FireDecision]
    backfills: list[BackfillSummary]


class BackfillPreview(msgspec.Struct, kw_only=True):
    """What a backfill would run: due times, and how many were run already."""

    due: list[ComingFire]
    done: int


class NewScheduleRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A schedule to add. Without a ``name`` it is called by its times."""

    workflow: str
    definition: ScheduleDefinition
    timezone: str = "UTC"
    name: str | None = None


class ScheduleChangeRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A schedule as it is to be from now on; what is None stays."""

    definition: ScheduleDefinition | None = None
    timezone: str | None = None
    name: str | None = None


class PauseRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Why nothing is to be due, for the record."""

    reason: str | None = None


class PreviewRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A schedule that nobody has saved. ``after`` None is now."""

    definition: ScheduleDefinition
    timezone: str = "UTC"
    after: Aware | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 10


class BackfillRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Run the due times from ``since`` on and before ``until`` (None: now) after the fact.

    ``again`` takes those that were run, too.
    """

    since: Aware
    until: Aware | None = None
    parallel: int = 1
    again: bool = False
