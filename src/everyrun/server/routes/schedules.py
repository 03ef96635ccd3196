"""Schedules: when graphs start by themselves.

A path names a schedule by its id or the beginning of it, by its name where that is the only one,
or by ``WORKFLOW/NAME``, with the slash sent as ``%2F``.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import AmbiguousId, InvalidCursor, InvalidQuery, NotOnRecord
from everyrun.domain.payloads import clean_text
from everyrun.domain.roles import Role
from everyrun.domain.views.batches import BatchDetail
from everyrun.domain.views.schedules import (
    BackfillPreview,
    BackfillRequest,
    ComingFire,
    ComingFires,
    FirePage,
    NewScheduleRequest,
    PauseRequest,
    PreviewRequest,
    ScheduleChange,
    ScheduleDetail,
    SchedulePage,
    ScheduleSummary,
)
from everyrun.scheduler import backfilling, scheduling
from everyrun.scheduler.backfilling import NothingToBackfill, Range, TooMuchToBackfill
from everyrun.scheduler.cron_times import InvalidCron
from everyrun.scheduler.leading import is_served
from everyrun.scheduler.local_times import UnknownZone
from everyrun.scheduler.scheduling import Change, NewSchedule, anchored, timetable_of
from everyrun.scheduler.triggers import (
    CALENDAR_END,
    FIRST_YEAR,
    LAST_YEAR,
    InvalidSchedule,
    Timetable,
    next_fires,
)
from everyrun.server.routing import Routes
from everyrun.server.shaping.batches import batch_detail
from everyrun.server.shaping.schedules import (
    backfill_summary,
    coming_fires,
    fire_decision,
    remark_in,
    schedule_summary,
)
from everyrun.server.visit import Visit
from everyrun.store.backfills import list_backfills
from everyrun.store.connections import Connection
from everyrun.store.reading.cursors import IdCursor, NumberCursor, page_of
from everyrun.store.schedules import (
    ScheduleExists,
    ScheduleRecord,
    find_schedule,
    list_fires,
    list_schedules,
)
from everyrun.workflows.batches.making import InvalidBatch
from everyrun.workflows.inputs import InvalidInput
from everyrun.workflows.naming import InvalidName, checked_name
from everyrun.workflows.templates import TemplateError

routes = Routes("/api/v1/schedules", tag="schedules")

SCHEDULES, FIRES = IdCursor(b"s"), NumberCursor(b"f", CALENDAR_END)
TIMES_SHOWN = 5
Limit = Annotated[int, Query(ge=1, le=500)]
Count = Annotated[int, Query(ge=1, le=1_000, description="So many times.")]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]
Found = (NotOnRecord, AmbiguousId)
Refused = (
    InvalidSchedule,
    InvalidCron,
    UnknownZone,
    InvalidInput,
    InvalidName,
    TemplateError,
    ScheduleExists,
)


@routes.get("", role=Role.VIEWER, answers=SchedulePage, polled=True, raises=(InvalidCursor,))
def schedules(
    visit: Visit,
    workflow: Annotated[str | None, Query(description="Of the workflow of this name.")] = None,
    active: Annotated[bool | None, Query(description="Without those that are paused.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> SchedulePage:
    """Schedules, by the names of their workflows and their own."""
    after = None if cursor is None else SCHEDULES.read(cursor)
    with visit.reading() as connection:
        rows = list_schedules(
            connection, workflow=workflow, active=active, limit=limit + 1, after=after
        )
        served = is_served(connection, visit.now)
    kept, following = page_of(rows, limit, lambda each: SCHEDULES.after(each.id))
    items = [schedule_summary(each) for each in kept]
    return SchedulePage(items=items, next=following, served=served)


@routes.post(
    "",
    role=Role.OPERATOR,
    body=NewScheduleRequest,
    answers=ScheduleDetail,
    status=201,
    audit="schedule.add",
    raises=(NotOnRecord, *Refused),
)
def add_schedule(visit: Visit, body: NewScheduleRequest) -> ScheduleDetail:
    """Have a graph start by itself: by a cron expression, every so often, or once.

    An interval without an anchor or a phase is counted from now on.
    """
    new = NewSchedule(
        workflow=body.workflow,
        definition=body.definition,
        timezone=body.timezone,
        name=None if body.name is None else checked_name(body.name),
    )
    return _detail(visit, scheduling.add(visit.database, new, clock=visit.server.clock))


@routes.post(
    "/preview",
    role=Role.VIEWER,
    body=PreviewRequest,
    answers=ComingFires,
    audit=None,  # nothing changes
    raises=(InvalidSchedule, InvalidCron, UnknownZone, InvalidQuery),
)
def preview_schedule(visit: Visit, body: PreviewRequest) -> ComingFires:
    """When a schedule that nobody has saved would be due, with what changed clocks do to it."""
    timetable = Timetable(anchored(body.definition, visit.now), body.timezone)
    after = visit.now if body.after is None else _moment("after", body.after)
    return ComingFires(times=_coming(visit, timetable, after, body.count))


@routes.get(
    "/{schedule}",
    role=Role.VIEWER,
    answers=ScheduleDetail,
    polled=True,
    raises=(*Found, InvalidSchedule),
)
def one_schedule(visit: Visit, schedule: str, count: Count = TIMES_SHOWN) -> ScheduleDetail:
    """One schedule: its next times, and what became of the last ones."""
    return _detail(visit, _find(visit, schedule), count)


@routes.put(
    "/{schedule}",
    role=Role.OPERATOR,
    body=ScheduleChange,
    answers=ScheduleDetail,
    audit="schedule.change",
    raises=(*Found, *Refused),
)
def change_schedule(visit: Visit, schedule: str, body: ScheduleChange) -> ScheduleDetail:
    """Change a schedule from now on; what is left out stays.

    What became of its due times so far stays on record, and what is overdue now is due no more.
    """
    wanted = Change(
        definition=body.definition,
        timezone=body.timezone,
        name=None if body.name is None else checked_name(body.name),
    )
    found = _find(visit, schedule)
    changed = scheduling.change(visit.database, found.id, wanted, clock=visit.server.clock)
    return _detail(visit, changed)


@routes.delete(
    "/{schedule}",
    role=Role.OPERATOR,
    answers=None,
    status=204,
    audit="schedule.delete",
    raises=Found,
)
def delete_schedule(visit: Visit, schedule: str) -> None:
    """Forget a schedule. What it started stays on record."""
    scheduling.delete(visit.database, _find(visit, schedule).id, clock=visit.server.clock)


@routes.post(
    "/{schedule}/pause",
    role=Role.OPERATOR,
    body=PauseRequest,
    answers=ScheduleSummary,
    audit="schedule.pause",
    raises=Found,
)
def pause_schedule(visit: Visit, schedule: str, body: PauseRequest) -> ScheduleSummary:
    """Let nothing be due until it is resumed. What would have been due is not missed."""
    why = body.reason or f"paused by {visit.by}"
    found = _find(visit, schedule)
    return schedule_summary(
        scheduling.pause(visit.database, found.id, why, clock=visit.server.clock)
    )


@routes.post(
    "/{schedule}/resume",
    role=Role.OPERATOR,
    answers=ScheduleSummary,
    audit="schedule.resume",
    raises=(*Found, InvalidSchedule),
)
def resume_schedule(visit: Visit, schedule: str) -> ScheduleSummary:
    """Let a paused schedule go on from now."""
    found = _find(visit, schedule)
    return schedule_summary(scheduling.resume(visit.database, found.id, clock=visit.server.clock))


@routes.get(
    "/{schedule}/fires",
    role=Role.VIEWER,
    answers=FirePage,
    polled=True,
    raises=(*Found, InvalidCursor),
)
def schedule_fires(
    visit: Visit, schedule: str, limit: Limit = 50, cursor: Cursor = None
) -> FirePage:
    """What became of a schedule's due times, the latest first."""
    before = None if cursor is None else FIRES.read(cursor)
    with visit.reading() as connection:
        found = find_schedule(connection, clean_text(schedule))
        rows = list_fires(connection, found.id, limit + 1, before)
    kept, following = page_of(rows, limit, lambda fire: FIRES.after(fire.due_at))
    return FirePage(items=[fire_decision(fire) for fire in kept], next=following)


@routes.get(
    "/{schedule}/next",
    role=Role.VIEWER,
    answers=ComingFires,
    polled=True,
    raises=(*Found, InvalidSchedule, InvalidQuery),
)
def schedule_next(
    visit: Visit,
    schedule: str,
    count: Count = 10,
    after: Annotated[datetime | None, Query(description="With its zone; default: now.")] = None,
) -> ComingFires:
    """When a schedule is due next, with what changed clocks do to it; whether paused or not."""
    timetable = timetable_of(_find(visit, schedule))
    since = visit.now if after is None else _moment("after", after)
    return ComingFires(times=_coming(visit, timetable, since, count))


@routes.post(
    "/{schedule}/backfill",
    role=Role.OPERATOR,
    body=BackfillRequest,
    answers=BatchDetail,
    status=202,
    audit="schedule.backfill",
    raises=(
        *Found,
        NothingToBackfill,
        TooMuchToBackfill,
        InvalidBatch,
        TemplateError,
        InvalidQuery,
    ),
)
def backfill_schedule(visit: Visit, schedule: str, body: BackfillRequest) -> BatchDetail:
    """Run the due times of a range as a batch, the earliest first, each with its own due time."""
    batch = backfilling.backfill(
        visit.database,
        _find(visit, schedule),
        _range(visit, body),
        parallel=body.parallel,
        by=visit.by,
        clock=visit.server.clock,
    )
    return batch_detail(batch)


@routes.post(
    "/{schedule}/backfill/preview",
    role=Role.VIEWER,
    body=BackfillRequest,
    answers=BackfillPreview,
    audit=None,  # nothing changes
    raises=(*Found, TooMuchToBackfill, InvalidQuery),
)
def preview_backfill(visit: Visit, schedule: str, body: BackfillRequest) -> BackfillPreview:
    """What a backfill of this range would run."""
    found = _find(visit, schedule)
    coming = backfilling.preview(
        visit.database, found, _range(visit, body), clock=visit.server.clock
    )
    due = coming_fires(timetable_of(found), coming.due, remark_in(visit.language))
    return BackfillPreview(due=due, done=len(coming.done))


def _find(visit: Visit, target: str) -> ScheduleRecord:
    with visit.reading() as connection:
        return find_schedule(connection, clean_text(target))


def _detail(visit: Visit, found: ScheduleRecord, count: int = TIMES_SHOWN) -> ScheduleDetail:
    coming = _coming(visit, timetable_of(found), visit.now, count) if found.active else []
    with visit.reading() as connection:
        return _with_past(connection, found, coming, count)


def _with_past(
    connection: Connection, found: ScheduleRecord, coming: list[ComingFire], count: int
) -> ScheduleDetail:
    return ScheduleDetail(
        schedule=schedule_summary(found),
        next=coming,
        last=[fire_decision(fire) for fire in list_fires(connection, found.id, count)],
        backfills=[backfill_summary(each) for each in list_backfills(connection, found.id, count)],
    )


def _coming(visit: Visit, timetable: Timetable, after: int, count: int) -> list[ComingFire]:
    return coming_fires(timetable, next_fires(timetable, after, count), remark_in(visit.language))


def _range(visit: Visit, body: BackfillRequest) -> Range:
    until = to_datetime(visit.now) if body.until is None else body.until
    return Range(_moment("since", body.since), _moment("until", until), body.again)


def _moment(name: str, given: datetime) -> int:
    """Microseconds UTC. Raises :class:`InvalidQuery` for one without a zone, or of another age."""
    if given.tzinfo is None:
        raise InvalidQuery(f"{name}: a moment has a zone, such as 2026-11-01T09:30+09:00")
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise InvalidQuery(f"{name}: a moment lies in the years {FIRST_YEAR} to {LAST_YEAR}")
    return to_microseconds(given)
