"""Schedules in words: when, how late they may be, and what changed clocks do to them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from everyrun.cli import wording
from everyrun.cli.messages import language, say
from everyrun.domain.clock import to_datetime
from everyrun.domain.schedule import At, CatchUp, Cron, ScheduleDefinition, from_plain

if TYPE_CHECKING:
    from everyrun.domain.views.schedules import ComingFire
    from everyrun.scheduler.triggers import Fire, Timetable
    from everyrun.store.schedules import ScheduleRecord

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


def when_of(schedule: "ScheduleRecord") -> str:
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


def remark(fire: "Fire") -> str:
    """What changed clocks do to a due time; empty when nothing."""
    from everyrun.server.shaping.schedules import remark_in

    return remark_in(language())(fire)


def shown(timetable: "Timetable", fires: Sequence[int]) -> "list[ComingFire]":
    """Due times for a document."""
    from everyrun.server.shaping.schedules import coming_fires

    return coming_fires(timetable, fires, remark)


def fire_rows(timetable: "Timetable", fires: Sequence[int], now: datetime) -> Iterator[list[Any]]:
    """Due times as rows of a table: weekday and local time, how far away, and a remark."""
    from everyrun.cli.grid import Cell

    for at in fires:
        fire = timetable.describe(at)
        moment = to_datetime(at)
        local = moment.astimezone(timetable.zone)
        yield [
            Cell(f"{local:%a} {wording.absolute(moment, timetable.zone)}", "", local.isoformat()),
            Cell(wording.ago(moment, now, timetable.zone), "bright_black", moment.isoformat()),
            Cell(remark(fire), "yellow"),
        ]


def fire_headings() -> list[Any]:
    """The headings of :func:`fire_rows`."""
    from everyrun.cli.grid import Heading

    return [Heading("h_due"), Heading("h_when", expendable=1), Heading("h_remark")]
