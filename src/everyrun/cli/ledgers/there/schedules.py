"""Schedules, as a server has them. Who asks is known to it by the token."""

from typing import TYPE_CHECKING

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
    from everyrun.client import Client


class SchedulesThere:
    """Schedules of a server's ledger."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def all(self, workflow: str | None) -> SchedulePage:
        """All schedules, or those of a workflow."""
        items = list(self._client.schedules.all(workflow=workflow))
        return SchedulePage(items=items, next=None, served=self.are_served())

    def find(self, text: str) -> ScheduleSummary:
        """The schedule that ``text`` names."""
        return self._client.schedules.get(text.strip(), count=1).schedule

    def detail(self, text: str, count: int) -> ScheduleDetail:
        """A schedule with so many next and last times."""
        return self._client.schedules.get(text.strip(), count=count)

    def are_served(self) -> bool:
        """Whether a scheduler runs anywhere."""
        return self._client.schedules.page(limit=1).served

    def add(self, new: NewScheduleRequest) -> ScheduleSummary:
        """Keep a schedule."""
        added = self._client.schedules.add(
            new.workflow, new.definition, timezone=new.timezone, name=new.name
        )
        return added.schedule

    def pause(self, schedule_id: str, reason: str) -> ScheduleSummary:
        """Let nothing be due."""
        return self._client.schedules.pause(schedule_id, reason)

    def resume(self, schedule_id: str) -> ScheduleSummary:
        """Let it go on from now."""
        return self._client.schedules.resume(schedule_id)

    def delete(self, schedule_id: str) -> None:
        """Forget a schedule."""
        self._client.schedules.delete(schedule_id)

    def preview_backfill(self, schedule_id: str, asked: BackfillRequest) -> BackfillPreview:
        """What a backfill would run."""
        return self._client.schedules.preview_backfill(schedule_id, asked)

    def backfill(self, schedule_id: str, asked: BackfillRequest, *, by: str | None) -> BatchDetail:
        """Put a range of due times on record as a batch."""
        return self._client.schedules.backfill(schedule_id, asked)
