"""Schedules in words: when, how late they may be, and what changed clocks do to them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

import msgspec

from everyrun.cli import wording
from everyrun.cli.messages import language, say
from everyrun.domain.schedule import At, CatchUp, Cron, ScheduleDefinition, from_plain

if TYPE_CHECKING:
    from everyrun.domain.views.schedules import ComingFire
    from everyrun.scheduler.scheduling import Kept
    from everyrun.scheduler.triggers import Timetable

STATE_STYLES = {"active": "green", "paused": "yellow", "over": "bright_black", "off": "yellow"}
FIRE_STYLES = {
    "started": "green",
    "skipped": "yellow",
    "missed": "bold red",
    "coalesced": "bright_black",
    "backfilled": "cyan",
}


def when(definition: ScheduleDefinition) -> str:
    """When a schedule is due, in a few words."""
    from everyrun.domain.spans import format_span

    trigger = definition.trigger
    if isinstance(trigger, Cron):
        return trigger.expression
    if isinstance(trigger, At):
        return say("once_at", moment=trigger.moment.isoformat(sep=" ", timespec="minutes"))
    return say("every", span=format_span(trigger.every))


def when_of(schedule: "Kept") -> str:
    """:func:`when` of a schedule, also of one that cannot be read."""
    try:
        return when(from_plain(schedule.definition))
    except msgspec.ValidationError:
        return wording.NOTHING


def lateness(definition: ScheduleDefinition) -> str:
    """How late it may be, and what is done then."""
    parts = [say("late_grace", span=wording.duration(definition.misfire_grace))]
    parts.append(say("late_coalesce" if definition.coalesce else "late_apart"))
    if definition.catch_up is not CatchUp.NONE:
        parts.append(say("late_catch_up", choice=definition.catch_up.value))
    return ", ".join(parts)


def shown(timetable: "Timetable", fires: Sequence[int]) -> "list[ComingFire]":
    """Due times, with what changed clocks do to them in the reader's language."""
    from everyrun.server.shaping.schedules import coming_fires, remark_in

    return coming_fires(timetable, fires, remark_in(language()))


def fire_rows(coming: "Sequence[ComingFire]", zone: tzinfo, now: datetime) -> Iterator[list[Any]]:
    """Due times as rows of a table: weekday and local time, how far away, and a remark."""
    from everyrun.cli.grid import Cell

    for fire in coming:
        day = f"{fire.local:%a} {wording.absolute(fire.at, zone)}"
        yield [
            Cell(day, "", fire.local.isoformat()),
            Cell(wording.ago(fire.at, now, zone), "bright_black", fire.at.isoformat()),
            Cell(fire.remark or "", "yellow"),
        ]


def fire_headings() -> list[Any]:
    """The headings of :func:`fire_rows`."""
    from everyrun.cli.grid import Heading

    return [Heading("h_due"), Heading("h_when", expendable=1), Heading("h_remark")]
