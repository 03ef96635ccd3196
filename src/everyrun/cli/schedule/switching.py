"""``everyrun schedule pause|resume|delete``: whether a schedule starts anything."""

from typing import Annotated

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import By, Json, Url, Yes
from everyrun.cli.schedule.options import ScheduleId


def pause(
    schedule: ScheduleId,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="TEXT", help="Why, for the record.", show_default=False),
    ] = None,
    by: By = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Let nothing be due until it is resumed. What would have been due is not missed."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger
    from everyrun.cli.schedule.finding import find
    from everyrun.cli.who import current_user
    from everyrun.scheduler import scheduling
    from everyrun.server.shaping.schedules import schedule_summary

    who = by or current_user()
    why = reason or (f"paused by {who}" if who else "paused")
    with ledger(url) as database:
        paused = scheduling.pause(database, find(database, schedule).id, why)
    if as_json:
        terminal.write_json(schedule_summary(paused))
    else:
        said = say("schedule_paused", name=paused.name, reason=why)
        terminal.write(terminal.one_line(said))


def resume(schedule: ScheduleId, as_json: Json = False, url: Url = None) -> None:
    """Let a paused schedule go on from now."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger
    from everyrun.cli.schedule.finding import find
    from everyrun.cli.wording import absolute
    from everyrun.scheduler import scheduling
    from everyrun.scheduler.local_times import zone_of
    from everyrun.server.shaping.moments import moment_of
    from everyrun.server.shaping.schedules import schedule_summary

    with ledger(url) as database:
        resumed = scheduling.resume(database, find(database, schedule).id)
    if as_json:
        terminal.write_json(schedule_summary(resumed))
        return
    at = absolute(moment_of(resumed.next_fire_at), zone_of(resumed.timezone))
    terminal.write(terminal.one_line(say("schedule_resumed", name=resumed.name, moment=at)))


def delete(schedule: ScheduleId, yes: Yes = False, as_json: Json = False, url: Url = None) -> None:
    """Forget a schedule. What it started stays on record. Asks first."""
    from everyrun.cli import terminal
    from everyrun.cli.asking import confirm
    from everyrun.cli.opening import ledger
    from everyrun.cli.schedule.finding import find
    from everyrun.scheduler import scheduling

    with ledger(url) as database:
        found = find(database, schedule)
        name, workflow = (terminal.one_line(each) for each in (found.name, found.workflow))
        confirm(say("ask_delete_schedule", name=name, workflow=workflow), yes=yes)
        scheduling.delete(database, found.id)
    if as_json:
        terminal.write_json({"deleted": found.id})
    else:
        terminal.write(say("schedule_deleted", name=name))
