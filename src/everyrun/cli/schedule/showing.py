"""``everyrun schedule show``: one schedule, its next times, and what became of the last ones."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url
from everyrun.cli.schedule.options import ScheduleId
from everyrun.domain.clock import to_datetime

if TYPE_CHECKING:
    from everyrun.scheduler.triggers import Timetable
    from everyrun.store.backfills import BackfillRecord
    from everyrun.store.schedules import FireRecord, ScheduleRecord

TIMES_SHOWN = 5


def show(
    schedule: ScheduleId,
    count: Annotated[
        int,
        typer.Option("--count", "-n", min=1, max=1000, help="So many next and last times."),
    ] = TIMES_SHOWN,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Show a schedule: its rules, its next times, and what became of the last ones."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger
    from everyrun.cli.schedule import wording
    from everyrun.cli.schedule.finding import find, somebody_leads
    from everyrun.domain.clock import to_microseconds
    from everyrun.domain.views.schedules import ScheduleDetail
    from everyrun.scheduler.scheduling import timetable_of
    from everyrun.scheduler.triggers import next_fires
    from everyrun.server.shaping.schedules import (
        backfill_summary,
        fire_decision,
        schedule_summary,
    )
    from everyrun.store.backfills import list_backfills
    from everyrun.store.schedules import list_fires

    now = datetime.now(UTC)
    with ledger(url) as database:
        found = find(database, schedule)
        with database.reading() as connection:
            last = list_fires(connection, found.id, count)
            backfills = list_backfills(connection, found.id, count)
        is_served = somebody_leads(database)
    timetable = timetable_of(found)
    coming = next_fires(timetable, to_microseconds(now), count) if found.active else []
    if as_json:
        terminal.write_json(
            ScheduleDetail(
                schedule=schedule_summary(found),
                next=wording.shown(timetable, coming),
                last=[fire_decision(fire) for fire in last],
                backfills=[backfill_summary(each) for each in backfills],
            )
        )
        return
    _print_fields(found, now, timetable)
    if coming:
        _print_next(timetable, coming, now)
    if last:
        _print_last(timetable, last, now)
    if backfills:
        _print_backfills(timetable, backfills)
    if not is_served:
        terminal.aside(say("nobody_leads"))


def _print_fields(schedule: "ScheduleRecord", now: datetime, timetable: "Timetable") -> None:
    from everyrun.cli.execution_view import Field, moment, payload, print_fields
    from everyrun.cli.schedule import wording
    from everyrun.cli.terminal import styled
    from everyrun.scheduler.scheduling import definition_of
    from everyrun.server.shaping.moments import moment_of
    from everyrun.server.shaping.schedules import state_of

    definition = definition_of(schedule)
    state = state_of(schedule)
    title = styled(f"{schedule.workflow}/{schedule.name}", "bold")
    title.append(f"  {say(f'state_{state}')}", wording.STATE_STYLES[state])
    fields: list[Field] = [
        ("k_id", styled(schedule.id)),
        ("k_when", styled(wording.when(definition))),
        ("k_zone", styled(schedule.timezone)),
        ("k_from", moment(definition.start, now, timetable.zone)),
        ("k_until", moment(definition.end, now, timetable.zone)),
        ("k_late", styled(wording.lateness(definition))),
        ("k_paused_for", styled(schedule.paused_reason or "", "yellow")),
        ("k_next", moment(moment_of(schedule.next_fire_at), now, timetable.zone)),
        ("k_tags", styled(", ".join(definition.tags))),
        ("k_input", payload(definition.input)),
    ]
    print_fields(title, [field for field in fields if field[1].plain])


def _print_next(timetable: "Timetable", coming: list[int], now: datetime) -> None:
    from everyrun.cli.grid import print_grid
    from everyrun.cli.schedule import wording

    _print_heading("next_times")
    print_grid(wording.fire_headings(), list(wording.fire_rows(timetable, coming, now)))


def _print_last(timetable: "Timetable", last: "list[FireRecord]", now: datetime) -> None:
    from everyrun.cli.grid import Cell, Heading, print_grid
    from everyrun.cli.schedule import wording
    from everyrun.cli.wording import absolute, ago

    _print_heading("last_times")
    headings = [
        Heading("h_due"),
        Heading("h_when", expendable=2),
        Heading("h_outcome"),
        Heading("h_execution", expendable=1),
        Heading("h_remark", least=10, expendable=3),
    ]
    rows = []
    for fire in last:
        due = to_datetime(fire.due_at)
        rows.append(
            [
                Cell(absolute(due, timetable.zone), "", due.isoformat()),
                Cell(ago(due, now, timetable.zone), "bright_black"),
                Cell(
                    say(f"fire_{fire.outcome}"),
                    wording.FIRE_STYLES.get(fire.outcome, ""),
                    fire.outcome,
                ),
                Cell(fire.execution_id or "", "bright_black"),
                Cell(fire.reason or "", "yellow"),
            ]
        )
    print_grid(headings, rows)


def _print_backfills(timetable: "Timetable", backfills: "list[BackfillRecord]") -> None:
    from everyrun.cli.grid import Cell, Heading, print_grid
    from everyrun.cli.wording import absolute

    _print_heading("backfills")
    headings = [Heading("h_batch"), Heading("h_who"), Heading("h_due")]
    rows = []
    for each in backfills:
        since, until = (
            absolute(to_datetime(at), timetable.zone) for at in (each.since, each.until)
        )
        rows.append(
            [
                Cell(each.batch_id, "bright_black"),
                Cell(each.asked_by or ""),
                Cell(f"{since} – {until}"),
            ]
        )
    print_grid(headings, rows)


def _print_heading(key: str) -> None:
    from everyrun.cli import terminal
    from everyrun.cli.terminal import styled

    terminal.write_text(styled(""))
    terminal.write_text(styled(say(key), "bold"))
