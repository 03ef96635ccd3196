"""``everyrun workflow list``: the graphs that are saved, in the order in which they run."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from everyrun.cli.errors import LedgerMissing
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url

if TYPE_CHECKING:
    from everyrun.domain.views.executions import ExecutionSummary


class ListedWorkflow(msgspec.Struct, kw_only=True):
    """One workflow in the list."""

    name: str
    active: bool
    deleted: bool
    order: int
    version: int | None
    description: str | None
    updated_at: datetime
    last_run: "ExecutionSummary | None"


def list_command(
    active: Annotated[
        bool, typer.Option("--active", help="Only those that are switched on.")
    ] = False,
    deleted: Annotated[bool, typer.Option("--deleted", help="Deleted ones, too.")] = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """List saved workflows in execution order, each with its newest version and last run."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger

    try:
        with ledger(url) as opened:
            listed = opened.workflows.all(active=active, deleted=deleted)
    except LedgerMissing:
        listed = []
    if as_json:
        terminal.write_json({"workflows": listed})
    elif not listed:
        terminal.aside(say("no_workflows"))
    else:
        _print(listed)


def _print(listed: list[ListedWorkflow]) -> None:
    from everyrun.cli import marks, wording
    from everyrun.cli.grid import Cell, Heading, print_grid
    from everyrun.cli.moments import chosen_zone

    now, zone = datetime.now(UTC), chosen_zone(utc=False, local=False)
    headings = [
        Heading("h_order", right=True, expendable=3),
        Heading("h_workflow", least=14),
        Heading("h_active"),
        Heading("h_version", right=True),
        Heading("h_changed", expendable=2),
        Heading("h_last_run"),
        Heading("h_when", expendable=1),
        Heading("h_description", least=10, expendable=4),
    ]
    rows = []
    for each in listed:
        run = each.last_run
        status = "" if run is None else run.status
        began = None if run is None else run.started_at or run.created_at
        state = "deleted" if each.deleted else ("on" if each.active else "off")
        rows.append(
            [
                Cell(str(each.order), "bright_black"),
                Cell(each.name, "bold"),
                Cell(say(f"switched_{state}"), _STYLES[state]),
                Cell(str(each.version or "")),
                Cell(wording.ago(each.updated_at, now, zone), "", each.updated_at.isoformat()),
                Cell(
                    marks.mark(status) if status else wording.NOTHING, marks.style(status), status
                ),
                Cell(wording.ago(began, now, zone), "", began.isoformat() if began else ""),
                Cell((each.description or "").partition("\n")[0], "bright_black"),
            ]
        )
    print_grid(headings, rows)


_STYLES = {"on": "green", "off": "yellow", "deleted": "red"}
