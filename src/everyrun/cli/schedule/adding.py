"""``everyrun schedule add``: have a workflow start by itself."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from everyrun.cli.messages import say
from everyrun.cli.options import InputFile, Inputs, Json, Url, WorkflowName
from everyrun.cli.schedule.options import AtMoment, Cron, Every, Zone
from everyrun.domain.schedule import CatchUp

if TYPE_CHECKING:
    from everyrun.domain.views.schedules import ComingFire, ScheduleSummary

TIMES_SHOWN = 3


class AddedSchedule(msgspec.Struct, kw_only=True):
    """What ``everyrun schedule add --json`` prints."""

    id: str
    workflow: str
    name: str
    timezone: str
    definition: dict[str, Any]
    next: "list[ComingFire]"


def add(
    workflow: WorkflowName,
    cron: Cron = None,
    every: Every = None,
    at: AtMoment = None,
    zone: Zone = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name",
            metavar="NAME",
            help="What to call it. Default: its times.",
            show_default=False,
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--start", metavar="WHEN", help="Not due before this moment.", show_default=False
        ),
    ] = None,
    end: Annotated[
        str | None,
        typer.Option(
            "--end", metavar="WHEN", help="Not due from this moment on.", show_default=False
        ),
    ] = None,
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor",
            metavar="WHEN",
            help="What --every counts from. Default: --start, else now.",
            show_default=False,
        ),
    ] = None,
    phase: Annotated[
        str | None,
        typer.Option(
            "--phase",
            metavar="SPAN",
            help="So long after each round moment of --every (in UTC), or after --anchor.",
            show_default=False,
        ),
    ] = None,
    grace: Annotated[
        str, typer.Option("--grace", metavar="SPAN", help="How late a due time may be run.")
    ] = "60s",
    coalesce: Annotated[
        bool,
        typer.Option(
            "--coalesce/--no-coalesce",
            help="Of several due times within their grace, run the latest for all; or run each.",
        ),
    ] = True,
    catch_up: Annotated[
        CatchUp,
        typer.Option(
            "--catch-up", help="What to run of those whose grace is over: none, latest or all."
        ),
    ] = CatchUp.NONE,
    inputs: Inputs = None,
    input_file: InputFile = None,
    tag: Annotated[
        list[str] | None,
        typer.Option("--tag", "-t", help="Tag its executions; repeatable.", show_default=False),
    ] = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Start a workflow by itself: --cron, --every or --at. Inputs may use {{ due.date }}."""
    from everyrun.cli.input_values import gathered_inputs
    from everyrun.cli.moments import local_zone_name
    from everyrun.cli.opening import ledger
    from everyrun.cli.schedule.finding import bound, seconds_of, trigger_from
    from everyrun.domain.graph import from_plain
    from everyrun.domain.schedule import Interval, ScheduleDefinition
    from everyrun.domain.views.schedules import NewScheduleRequest
    from everyrun.scheduler.local_times import zone_of

    zone = zone or local_zone_name()
    local = zone_of(zone)
    trigger = trigger_from(cron, every, at)
    if isinstance(trigger, Interval):
        trigger = msgspec.structs.replace(
            trigger,
            anchor=bound(anchor, local),
            phase=seconds_of(phase) if phase else 0.0,
        )
    with ledger(url) as opened:
        declared = from_plain(opened.workflows.version(workflow).definition).inputs
        definition = ScheduleDefinition(
            trigger=trigger,
            start=bound(start, local),
            end=bound(end, local),
            misfire_grace=seconds_of(grace),
            coalesce=coalesce,
            catch_up=catch_up,
            input=gathered_inputs(inputs or (), input_file, declared),
            tags=tag or [],
        )
        added = opened.schedules.add(
            NewScheduleRequest(workflow=workflow, definition=definition, timezone=zone, name=name)
        )
        is_served = opened.schedules.are_served()
    _report(added, is_served=is_served, as_json=as_json)


def _report(schedule: "ScheduleSummary", *, is_served: bool, as_json: bool) -> None:
    from everyrun.cli import terminal
    from everyrun.cli.grid import print_grid
    from everyrun.cli.schedule import wording
    from everyrun.domain.clock import to_microseconds
    from everyrun.scheduler.scheduling import timetable_of
    from everyrun.scheduler.triggers import next_fires

    now = datetime.now(UTC)
    timetable = timetable_of(schedule)
    coming = wording.shown(timetable, next_fires(timetable, to_microseconds(now), TIMES_SHOWN))
    if as_json:
        terminal.write_json(
            AddedSchedule(
                id=schedule.id,
                workflow=schedule.workflow,
                name=schedule.name,
                timezone=schedule.timezone,
                definition=schedule.definition,
                next=coming,
            )
        )
        return
    said = {"workflow": schedule.workflow, "name": schedule.name, "zone": schedule.timezone}
    when = wording.when_of(schedule)
    terminal.aside(terminal.one_line(say("schedule_added", when=when, **said)))
    print_grid(wording.fire_headings(), list(wording.fire_rows(coming, timetable.zone, now)))
    if not is_served:
        terminal.aside(say("nobody_leads"))
