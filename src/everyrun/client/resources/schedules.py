"""Schedules: when workflows start by themselves."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from everyrun.client.resources.paging import every
from everyrun.client.transport import API, Transport, part
from everyrun.domain.schedule import ScheduleDefinition
from everyrun.domain.views.batches import BatchDetail
from everyrun.domain.views.schedules import (
    BackfillPreview,
    BackfillRequest,
    ComingFires,
    FirePage,
    NewScheduleRequest,
    PauseRequest,
    PreviewRequest,
    ScheduleChangeRequest,
    ScheduleDetail,
    SchedulePage,
    ScheduleSummary,
)

_PATH = f"{API}/schedules"


class Schedules:
    """``client.schedules``. A schedule is named by its id or the beginning of it, by its name
    where that is the only one, or by ``WORKFLOW/NAME``.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(
        self,
        *,
        workflow: str | None = None,
        active: bool | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> SchedulePage:
        """A page of schedules by the names of their workflows and their own."""
        return self._transport.get(
            _PATH, SchedulePage, workflow=workflow, active=active, limit=limit, cursor=cursor
        )

    def all(self, **filters: Any) -> Iterator[ScheduleSummary]:
        """All of them; the filters of :meth:`page`."""
        return every(lambda cursor: self.page(**{"limit": 500, **filters, "cursor": cursor}))

    def get(self, schedule: str, *, count: int = 5) -> ScheduleDetail:
        """One schedule with so many next times and what became of the last ones.

        Raises ``NotOnRecord`` and ``AmbiguousId``.
        """
        return self._transport.get(f"{_PATH}/{part(schedule)}", ScheduleDetail, count=count)

    def add(
        self,
        workflow: str,
        definition: ScheduleDefinition,
        *,
        timezone: str = "UTC",
        name: str | None = None,
    ) -> ScheduleDetail:
        """Have a graph start by itself."""
        body = NewScheduleRequest(
            workflow=workflow, definition=definition, timezone=timezone, name=name
        )
        return self._transport.send("POST", _PATH, ScheduleDetail, body)

    def change(
        self,
        schedule: str,
        *,
        definition: ScheduleDefinition | None = None,
        timezone: str | None = None,
        name: str | None = None,
    ) -> ScheduleDetail:
        """Change a schedule from now on; what is None stays."""
        body = ScheduleChangeRequest(definition=definition, timezone=timezone, name=name)
        return self._transport.send("PUT", f"{_PATH}/{part(schedule)}", ScheduleDetail, body)

    def pause(self, schedule: str, reason: str | None = None) -> ScheduleSummary:
        """Let nothing be due until it is resumed."""
        path = f"{_PATH}/{part(schedule)}/pause"
        return self._transport.send("POST", path, ScheduleSummary, PauseRequest(reason=reason))

    def resume(self, schedule: str) -> ScheduleSummary:
        """Let a paused schedule go on from now."""
        return self._transport.send("POST", f"{_PATH}/{part(schedule)}/resume", ScheduleSummary)

    def delete(self, schedule: str) -> None:
        """Forget a schedule; what it started stays on record."""
        self._transport.tell("DELETE", f"{_PATH}/{part(schedule)}")

    def next(self, schedule: str, *, count: int = 10, after: datetime | None = None) -> ComingFires:
        """When a schedule is due next, whether paused or not."""
        path = f"{_PATH}/{part(schedule)}/next"
        return self._transport.get(path, ComingFires, count=count, after=after)

    def preview(
        self,
        definition: ScheduleDefinition,
        *,
        timezone: str = "UTC",
        after: datetime | None = None,
        count: int = 10,
    ) -> ComingFires:
        """When a schedule that nobody has saved would be due."""
        body = PreviewRequest(definition=definition, timezone=timezone, after=after, count=count)
        return self._transport.send("POST", f"{_PATH}/preview", ComingFires, body)

    def fires(self, schedule: str, *, limit: int = 50, cursor: str | None = None) -> FirePage:
        """What became of a schedule's due times, the latest first."""
        path = f"{_PATH}/{part(schedule)}/fires"
        return self._transport.get(path, FirePage, limit=limit, cursor=cursor)

    def preview_backfill(self, schedule: str, wanted: BackfillRequest) -> BackfillPreview:
        """What a backfill of a range would run."""
        path = f"{_PATH}/{part(schedule)}/backfill/preview"
        return self._transport.send("POST", path, BackfillPreview, wanted)

    def backfill(self, schedule: str, wanted: BackfillRequest) -> BatchDetail:
        """Run the due times of a range as a batch, the earliest first."""
        path = f"{_PATH}/{part(schedule)}/backfill"
        return self._transport.send("POST", path, BatchDetail, wanted)
