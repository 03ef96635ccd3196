"""``everyrun schedule show``: one schedule, its next times, and what became of the last ones."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url
from everyrun.cli.schedule.options import ScheduleId

if TYPE_CHECKING:
    from everyrun.domain.views.schedules import (
        BackfillSummary,
        ComingFire,
        FireDecision,
        ScheduleSummary,
    )
    from everyrun.scheduler.triggers import Timetable

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
    from everyrun.scheduler.scheduling import timetable_of

    now = datetime.now(UTC)
    with ledger(url) as opened:
        detail = opened.schedules.detail(schedule, count)
        is_served = opened.schedules.are_served()
    if as_json:
        terminal.write_json(detail)
        return
    timetable = timetable_of(detail.schedule)
    _print_fields(detail.schedule, now, timetable)
    if detail.next:
        _print_next(timetable, detail.next, now)
    if detail.last:
        _print_last(timetable, detail.last, now)
    if detail.backfills:
        _print_backfills(timetable, detail.backfills)
    if not is_served:
        terminal.aside(say("nobody_leads"))


def _print_fields(schedule: "ScheduleSummary", now: datetime, timetable: "Timetable") -> None:
    from everyrun.cli.execution_view import Field, moment, payload, print_fields
    from everyrun.cli.schedule import wording
    from everyrun.cli.terminal import styled
    from everyrun.scheduler.scheduling import definition_of

    definition = definition_of(schedule)
    state = schedule.state
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
        ("k_next", moment(schedule.next_at, now, timetable.zone)),
        ("k_tags", styled(", ".join(definition.tags))),
        ("k_input", payload(definition.input)),
    ]
    print_fields(title, [field for field in fields if field[1].plain])


def _print_next(timetable: "Timetable", coming: "list[ComingFire]", now: datetime) -> None:
    from everyrun.cli.grid import print_grid
    from everyrun.cli.schedule import wording

    _print_heading("next_times")
    print_grid(wording.fire_headings(), list(wording.fire_rows(coming, timetable.zone, now)))


def _print_last(timetable: "Timetable", last: "list[FireDecision]", now: datetime) -> None:
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
        due = fire.due_at
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


def _print_backfills(timetable: "Timetable", backfills: "list[BackfillSummary]") -> None:
    from everyrun.cli.grid import Cell, Heading, print_grid
    from everyrun.cli.wording import absolute

    _print_heading("backfills")
    headings = [Heading("h_batch"), Heading("h_who"), Heading("h_due")]
    rows = []
    for each in backfills:
        since, until = (absolute(at, timetable.zone) for at in (each.since, each.until))
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
