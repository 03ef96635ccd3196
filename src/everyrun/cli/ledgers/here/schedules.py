"""Schedules, read from the database and changed in it."""

from typing import TYPE_CHECKING

from everyrun.domain.clock import SystemClock, to_microseconds
from everyrun.domain.views.batches import BatchDetail
from everyrun.domain.views.schedules import (
    BackfillPreview,
    BackfillRequest,
    NewScheduleRequest,
    ScheduleDetail,
    SchedulePage,
    ScheduleSummary,
)

if TYPE_CHECKING:
    from everyrun.scheduler.backfilling import Range
    from everyrun.store.database import Database
    from everyrun.store.schedules import ScheduleRecord


class SchedulesHere:
    """Schedules of an open database."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    def all(self, workflow: str | None) -> SchedulePage:
        """All schedules, or those of a workflow."""
        from everyrun.server.shaping.schedules import schedule_summary
        from everyrun.store.schedules import list_schedules

        with self._database.reading() as connection:
            found = list_schedules(connection, workflow=workflow)
        items = [schedule_summary(schedule) for schedule in found]
        return SchedulePage(items=items, next=None, served=self.are_served())

    def find(self, text: str) -> ScheduleSummary:
        """The schedule that ``text`` names."""
        from everyrun.server.shaping.schedules import schedule_summary

        return schedule_summary(self._record(text))

    def detail(self, text: str, count: int) -> ScheduleDetail:
        """A schedule with so many next and last times."""
        from everyrun.cli.schedule.wording import shown
        from everyrun.scheduler.scheduling import timetable_of
        from everyrun.scheduler.triggers import next_fires
        from everyrun.server.shaping.schedules import (
            backfill_summary,
            fire_decision,
            schedule_summary,
        )
        from everyrun.store.backfills import list_backfills
        from everyrun.store.schedules import list_fires

        found = self._record(text)
        with self._database.reading() as connection:
            last = list_fires(connection, found.id, count)
            backfills = list_backfills(connection, found.id, count)
        timetable = timetable_of(found)
        coming = next_fires(timetable, SystemClock().now(), count) if found.active else []
        return ScheduleDetail(
            schedule=schedule_summary(found),
            next=shown(timetable, coming),
            last=[fire_decision(fire) for fire in last],
            backfills=[backfill_summary(backfill) for backfill in backfills],
        )

    def are_served(self) -> bool:
        """Whether a scheduler runs anywhere."""
        from everyrun.scheduler.leading import is_served

        with self._database.reading() as connection:
            return is_served(connection, SystemClock().now())

    def add(self, new: NewScheduleRequest) -> ScheduleSummary:
        """Keep a schedule."""
        from everyrun.scheduler.scheduling import NewSchedule, add
        from everyrun.server.shaping.schedules import schedule_summary

        asked = NewSchedule(
            workflow=new.workflow,
            definition=new.definition,
            timezone=new.timezone,
            name=new.name,
        )
        return schedule_summary(add(self._database, asked))

    def pause(self, schedule_id: str, reason: str) -> ScheduleSummary:
        """Let nothing be due."""
        from everyrun.scheduler.scheduling import pause
        from everyrun.server.shaping.schedules import schedule_summary

        return schedule_summary(pause(self._database, schedule_id, reason))

    def resume(self, schedule_id: str) -> ScheduleSummary:
        """Let it go on from now."""
        from everyrun.scheduler.scheduling import resume
        from everyrun.server.shaping.schedules import schedule_summary

        return schedule_summary(resume(self._database, schedule_id))

    def delete(self, schedule_id: str) -> None:
        """Forget a schedule."""
        from everyrun.scheduler.scheduling import delete

        delete(self._database, schedule_id)

    def preview_backfill(self, schedule_id: str, asked: BackfillRequest) -> BackfillPreview:
        """What a backfill would run."""
        from everyrun.cli.schedule.wording import shown
        from everyrun.scheduler import backfilling
        from everyrun.scheduler.scheduling import timetable_of

        found = self._record(schedule_id)
        coming = backfilling.preview(self._database, found, _range(asked))
        due = shown(timetable_of(found), coming.due)
        return BackfillPreview(due=due, done=len(coming.done))

    def backfill(self, schedule_id: str, asked: BackfillRequest, *, by: str | None) -> BatchDetail:
        """Put a range of due times on record as a batch."""
        from everyrun.scheduler import backfilling
        from everyrun.server.shaping.batches import batch_detail

        made = backfilling.backfill(
            self._database,
            self._record(schedule_id),
            _range(asked),
            parallel=asked.parallel,
            by=by,
        )
        return batch_detail(made)

    def _record(self, text: str) -> "ScheduleRecord":
        from everyrun.store.schedules import find_schedule

        with self._database.reading() as connection:
            return find_schedule(connection, text.strip())


def _range(asked: BackfillRequest) -> "Range":
    from everyrun.scheduler.backfilling import Range

    until = SystemClock().now() if asked.until is None else to_microseconds(asked.until)
    return Range(to_microseconds(asked.since), until, asked.again)
