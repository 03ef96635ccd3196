"""The schedule that a path names, when it is due, and what may be wrong with one.

A path names a schedule by its id or the beginning of it, by its name where that is the only one,
or by ``WORKFLOW/NAME``, with the slash sent as ``%2F``.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from everyrun.domain.clock import to_microseconds
from everyrun.domain.errors import AmbiguousId, InvalidQuery, NotOnRecord
from everyrun.domain.payloads import clean_text
from everyrun.domain.views.schedules import ComingFire, ScheduleDetail
from everyrun.scheduler.cron_times import InvalidCron
from everyrun.scheduler.local_times import UnknownZone
from everyrun.scheduler.scheduling import timetable_of
from everyrun.scheduler.triggers import (
    FIRST_YEAR,
    LAST_YEAR,
    InvalidSchedule,
    Timetable,
    next_fires,
)
from everyrun.server.shaping.schedules import (
    backfill_summary,
    coming_fires,
    fire_decision,
    remark_in,
    schedule_summary,
)
from everyrun.server.visit import Visit
from everyrun.store.backfills import list_backfills
from everyrun.store.schedules import ScheduleExists, ScheduleRecord, find_schedule, list_fires
from everyrun.workflows.inputs import InvalidInput
from everyrun.workflows.naming import InvalidName
from everyrun.workflows.templates import TemplateError

TIMES_SHOWN = 5
Count = Annotated[int, Query(ge=1, le=1_000, description="So many times.")]
FOUND = (NotOnRecord, AmbiguousId)
SCHEDULE_REFUSED = (
    InvalidSchedule,
    InvalidCron,
    UnknownZone,
    InvalidInput,
    InvalidName,
    TemplateError,
    ScheduleExists,
)


def find(visit: Visit, target: str) -> ScheduleRecord:
    """The schedule. Raises :class:`NotOnRecord` and :class:`AmbiguousId`."""
    with visit.reading() as connection:
        return find_schedule(connection, clean_text(target))


def detail_of(visit: Visit, found: ScheduleRecord, count: int = TIMES_SHOWN) -> ScheduleDetail:
    """A schedule with so many next and last times."""
    coming = coming_after(visit, timetable_of(found), visit.now, count) if found.active else []
    with visit.reading() as connection:
        last = list_fires(connection, found.id, count)
        backfills = list_backfills(connection, found.id, count)
    return ScheduleDetail(
        schedule=schedule_summary(found),
        next=coming,
        last=[fire_decision(fire) for fire in last],
        backfills=[backfill_summary(each) for each in backfills],
    )


def coming_after(visit: Visit, timetable: Timetable, after: int, count: int) -> list[ComingFire]:
    """So many due times after a moment, in the caller's language."""
    return coming_fires(timetable, next_fires(timetable, after, count), remark_in(visit.language))


def moment_in(name: str, given: datetime) -> int:
    """Microseconds UTC. Raises :class:`InvalidQuery` for one without a zone, or of another age."""
    if given.tzinfo is None:
        raise InvalidQuery(f"{name}: a moment has a zone, such as 2026-11-01T09:30+09:00")
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise InvalidQuery(f"{name}: a moment lies in the years {FIRST_YEAR} to {LAST_YEAR}")
    return to_microseconds(given)
