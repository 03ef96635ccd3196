"""``everyrun schedule next``: when it is due, with what changed clocks do to it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url
from everyrun.cli.schedule.options import AtMoment, Count, Cron, Every, Zone

if TYPE_CHECKING:
    from everyrun.scheduler.triggers import Timetable

TIMES_SHOWN = 10


def next_command(
    schedule: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCHEDULE]",
            help="A schedule's name or id. Default: what --cron, --every or --at says.",
            show_default=False,
        ),
    ] = None,
    cron: Cron = None,
    every: Every = None,
    at: AtMoment = None,
    zone: Zone = None,
    after: Annotated[
        str | None,
        typer.Option(
            "--after",
            metavar="WHEN",
            help="After this moment, such as 2026-10-24. Default: now.",
            show_default=False,
        ),
    ] = None,
    count: Count = TIMES_SHOWN,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Show the next times of a schedule, or of one that might be added."""
    from everyrun.cli import terminal
    from everyrun.cli.grid import print_grid
    from everyrun.cli.schedule import wording
    from everyrun.cli.schedule.finding import bound
    from everyrun.domain.clock import to_microseconds
    from everyrun.scheduler.triggers import next_fires

    if (schedule is None) == (cron is None and every is None and at is None):
        raise BadInput(say("something_needed", what="SCHEDULE / --cron / --every / --at"))
    if schedule is not None:
        timetable = _of_schedule(schedule, url)
    else:
        timetable = _of_options(cron, every, at, zone)
    now = datetime.now(UTC)
    begin = bound(after, timetable.zone) or now
    coming = wording.shown(timetable, next_fires(timetable, to_microseconds(begin), count))
    if as_json:
        terminal.write_json({"times": coming})
    elif not coming:
        terminal.aside(say("never_due"))
    else:
        print_grid(wording.fire_headings(), list(wording.fire_rows(coming, timetable.zone, now)))


def _of_schedule(schedule: str, url: str | None) -> "Timetable":
    from everyrun.cli.opening import ledger
    from everyrun.scheduler.scheduling import timetable_of

    with ledger(url) as opened:
        return timetable_of(opened.schedules.find(schedule))


def _of_options(
    cron: str | None, every: str | None, at: str | None, zone: str | None
) -> "Timetable":
    from everyrun.cli.moments import local_zone_name
    from everyrun.cli.schedule.finding import trigger_from
    from everyrun.domain.clock import SystemClock
    from everyrun.domain.schedule import ScheduleDefinition
    from everyrun.scheduler.scheduling import anchored
    from everyrun.scheduler.triggers import Timetable

    definition = ScheduleDefinition(trigger=trigger_from(cron, every, at))
    return Timetable(anchored(definition, SystemClock().now()), zone or local_zone_name())
