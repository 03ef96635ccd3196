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
    from everyrun.cli.who import current_user

    who = by or current_user()
    why = reason or (f"paused by {who}" if who else "paused")
    with ledger(url) as opened:
        paused = opened.schedules.pause(opened.schedules.find(schedule).id, why)
    if as_json:
        terminal.write_json(paused)
    else:
        said = say("schedule_paused", name=paused.name, reason=why)
        terminal.write(terminal.one_line(said))


def resume(schedule: ScheduleId, as_json: Json = False, url: Url = None) -> None:
    """Let a paused schedule go on from now."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger
    from everyrun.cli.wording import absolute
    from everyrun.scheduler.local_times import zone_of

    with ledger(url) as opened:
        resumed = opened.schedules.resume(opened.schedules.find(schedule).id)
    if as_json:
        terminal.write_json(resumed)
        return
    at = absolute(resumed.next_at, zone_of(resumed.timezone))
    terminal.write(terminal.one_line(say("schedule_resumed", name=resumed.name, moment=at)))


def delete(schedule: ScheduleId, yes: Yes = False, as_json: Json = False, url: Url = None) -> None:
    """Forget a schedule. What it started stays on record. Asks first."""
    from everyrun.cli import terminal
    from everyrun.cli.asking import confirm
    from everyrun.cli.opening import ledger

    with ledger(url) as opened:
        found = opened.schedules.find(schedule)
        name, workflow = (terminal.one_line(each) for each in (found.name, found.workflow))
        confirm(say("ask_delete_schedule", name=name, workflow=workflow), yes=yes)
        opened.schedules.delete(found.id)
    if as_json:
        terminal.write_json({"deleted": found.id})
    else:
        terminal.write(say("schedule_deleted", name=name))
