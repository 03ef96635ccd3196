"""Due times of schedules: those to come, what became of the others, and running them late."""

from typing import Annotated

from fastapi import Query

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import InvalidCursor, InvalidQuery
from everyrun.domain.payloads import clean_text
from everyrun.domain.roles import Role
from everyrun.domain.views.batches import BatchDetail
from everyrun.domain.views.schedules import (
    BackfillPreview,
    BackfillRequest,
    ComingFires,
    FirePage,
    PreviewRequest,
)
from everyrun.scheduler import backfilling
from everyrun.scheduler.backfilling import NothingToBackfill, Range, TooMuchToBackfill
from everyrun.scheduler.cron_times import InvalidCron
from everyrun.scheduler.local_times import UnknownZone
from everyrun.scheduler.scheduling import anchored, timetable_of
from everyrun.scheduler.triggers import CALENDAR_END, InvalidSchedule, Timetable
from everyrun.server.moments import Moment
from everyrun.server.named_schedules import FOUND, Count, coming_after, find, moment_in
from everyrun.server.routing import Routes
from everyrun.server.shaping.batches import batch_detail
from everyrun.server.shaping.schedules import coming_fires, fire_decision, remark_in
from everyrun.server.visit import Visit
from everyrun.store.reading.cursors import NumberCursor, page_of
from everyrun.store.schedules import find_schedule, list_fires
from everyrun.workflows.batches.making import InvalidBatch
from everyrun.workflows.templates import TemplateError

routes = Routes("/api/v1/schedules", tag="schedules")

FIRES = NumberCursor(b"f", CALENDAR_END)
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]


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
    after = visit.now if body.after is None else moment_in("after", body.after)
    return ComingFires(times=coming_after(visit, timetable, after, body.count))


@routes.get(
    "/{schedule}/next",
    role=Role.VIEWER,
    answers=ComingFires,
    polled=True,
    raises=(*FOUND, InvalidSchedule, InvalidQuery),
)
def schedule_next(
    visit: Visit,
    schedule: str,
    count: Count = 10,
    after: Annotated[Moment | None, Query(description="With its zone; default: now.")] = None,
) -> ComingFires:
    """When a schedule is due next, with what changed clocks do to it; whether paused or not."""
    timetable = timetable_of(find(visit, schedule))
    since = visit.now if after is None else moment_in("after", after)
    return ComingFires(times=coming_after(visit, timetable, since, count))


@routes.get(
    "/{schedule}/fires",
    role=Role.VIEWER,
    answers=FirePage,
    polled=True,
    raises=(*FOUND, InvalidCursor),
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


@routes.post(
    "/{schedule}/backfill/preview",
    role=Role.VIEWER,
    body=BackfillRequest,
    answers=BackfillPreview,
    audit=None,  # nothing changes
    raises=(*FOUND, TooMuchToBackfill, InvalidQuery),
)
def preview_backfill(visit: Visit, schedule: str, body: BackfillRequest) -> BackfillPreview:
    """What a backfill of this range would run."""
    found = find(visit, schedule)
    coming = backfilling.preview(
        visit.database, found, _range(visit, body), clock=visit.server.clock
    )
    due = coming_fires(timetable_of(found), coming.due, remark_in(visit.language))
    return BackfillPreview(due=due, done=len(coming.done))


@routes.post(
    "/{schedule}/backfill",
    role=Role.OPERATOR,
    body=BackfillRequest,
    answers=BatchDetail,
    status=202,
    audit="schedule.backfill",
    raises=(
        *FOUND,
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
        find(visit, schedule),
        _range(visit, body),
        parallel=body.parallel,
        by=visit.by,
        clock=visit.server.clock,
    )
    return batch_detail(batch)


def _range(visit: Visit, body: BackfillRequest) -> Range:
    until = to_datetime(visit.now) if body.until is None else body.until
    return Range(moment_in("since", body.since), moment_in("until", until), body.again)
