"""``everyrun schedule list``: all schedules, and when each is due next."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.errors import LedgerMissing
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url

if TYPE_CHECKING:
    from everyrun.domain.views.schedules import ScheduleSummary


def list_command(
    workflow: Annotated[
        str | None, typer.Option("--workflow", "-w", help="Of this workflow.", show_default=False)
    ] = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """List schedules, by workflow."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger

    try:
        with ledger(url) as opened:
            page = opened.schedules.all(workflow)
            found, is_served = page.items, page.served
    except LedgerMissing:
        found, is_served = [], False
    if as_json:
        terminal.write_json({"schedules": found})
    elif not found:
        terminal.aside(say("no_schedules"))
    else:
        _print(found)
        if not is_served:
            terminal.aside(say("nobody_leads"))


def _print(found: "list[ScheduleSummary]") -> None:
    from everyrun.cli.grid import Cell, Heading, print_grid
    from everyrun.cli.moments import chosen_zone
    from everyrun.cli.schedule import wording
    from everyrun.cli.wording import ago

    now, zone = datetime.now(UTC), chosen_zone(utc=False, local=False)
    headings = [
        Heading("h_workflow", least=14),
        Heading("h_schedule", least=10),
        Heading("h_when", least=9),
        Heading("h_zone", expendable=2),
        Heading("h_state"),
        Heading("h_next"),
        Heading("h_last", expendable=1),
        Heading("h_remark", least=10, expendable=3),
    ]
    rows = []
    for schedule in found:
        state, due, last = schedule.state, schedule.next_at, schedule.last_at
        rows.append(
            [
                Cell(schedule.workflow, "bold"),
                Cell(schedule.name),
                Cell(wording.when_of(schedule)),
                Cell(schedule.timezone, "bright_black"),
                Cell(say(f"state_{state}"), wording.STATE_STYLES[state], state),
                Cell(ago(due, now, zone), "", due.isoformat() if due else ""),
                Cell(ago(last, now, zone), "bright_black", last.isoformat() if last else ""),
                Cell(schedule.paused_reason or "", "yellow"),
            ]
        )
    print_grid(headings, rows)
