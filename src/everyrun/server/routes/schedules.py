"""Schedules: when graphs start by themselves; added, changed, paused, forgotten."""

from typing import Annotated

from fastapi import Query

from everyrun.domain.errors import InvalidCursor, NotOnRecord
from everyrun.domain.roles import Role
from everyrun.domain.views.schedules import (
    NewScheduleRequest,
    PauseRequest,
    ScheduleChangeRequest,
    ScheduleDetail,
    SchedulePage,
    ScheduleSummary,
)
from everyrun.scheduler import scheduling
from everyrun.scheduler.leading import is_served
from everyrun.scheduler.scheduling import Change, NewSchedule
from everyrun.scheduler.triggers import InvalidSchedule
from everyrun.server.named_schedules import (
    FOUND,
    SCHEDULE_REFUSED,
    TIMES_SHOWN,
    Count,
    detail_of,
    find,
)
from everyrun.server.routing import Routes
from everyrun.server.shaping.schedules import schedule_summary
from everyrun.server.visit import Visit
from everyrun.store.reading.cursors import IdCursor, page_of
from everyrun.store.schedules import list_schedules
from everyrun.workflows.naming import checked_name

routes = Routes("/api/v1/schedules", tag="schedules")

SCHEDULES = IdCursor(b"s")
Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(description="`next` of the page before.")]


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
    raises=(NotOnRecord, *SCHEDULE_REFUSED),
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
    return detail_of(visit, scheduling.add(visit.database, new, clock=visit.server.clock))


@routes.get(
    "/{schedule}",
    role=Role.VIEWER,
    answers=ScheduleDetail,
    polled=True,
    raises=(*FOUND, InvalidSchedule),
)
def one_schedule(visit: Visit, schedule: str, count: Count = TIMES_SHOWN) -> ScheduleDetail:
    """One schedule: its next times, and what became of the last ones."""
    return detail_of(visit, find(visit, schedule), count)


@routes.put(
    "/{schedule}",
    role=Role.OPERATOR,
    body=ScheduleChangeRequest,
    answers=ScheduleDetail,
    audit="schedule.change",
    raises=(*FOUND, *SCHEDULE_REFUSED),
)
def change_schedule(visit: Visit, schedule: str, body: ScheduleChangeRequest) -> ScheduleDetail:
    """Change a schedule from now on; what is left out stays.

    What became of its due times so far stays on record, and what is overdue now is due no more.
    """
    wanted = Change(
        definition=body.definition,
        timezone=body.timezone,
        name=None if body.name is None else checked_name(body.name),
    )
    found = find(visit, schedule)
    changed = scheduling.change(visit.database, found.id, wanted, clock=visit.server.clock)
    return detail_of(visit, changed)


@routes.delete(
    "/{schedule}",
    role=Role.OPERATOR,
    answers=None,
    status=204,
    audit="schedule.delete",
    raises=FOUND,
)
def delete_schedule(visit: Visit, schedule: str) -> None:
    """Forget a schedule. What it started stays on record."""
    scheduling.delete(visit.database, find(visit, schedule).id, clock=visit.server.clock)


@routes.post(
    "/{schedule}/pause",
    role=Role.OPERATOR,
    body=PauseRequest,
    answers=ScheduleSummary,
    audit="schedule.pause",
    raises=FOUND,
)
def pause_schedule(visit: Visit, schedule: str, body: PauseRequest) -> ScheduleSummary:
    """Let nothing be due until it is resumed. What would have been due is not missed."""
    why = body.reason or f"paused by {visit.by}"
    found = find(visit, schedule)
    return schedule_summary(
        scheduling.pause(visit.database, found.id, why, clock=visit.server.clock)
    )


@routes.post(
    "/{schedule}/resume",
    role=Role.OPERATOR,
    answers=ScheduleSummary,
    audit="schedule.resume",
    raises=(*FOUND, InvalidSchedule),
)
def resume_schedule(visit: Visit, schedule: str) -> ScheduleSummary:
    """Let a paused schedule go on from now."""
    found = find(visit, schedule)
    return schedule_summary(scheduling.resume(visit.database, found.id, clock=visit.server.clock))
