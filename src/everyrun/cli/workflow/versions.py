"""``everyrun workflow versions``: what was saved of a workflow, when and by whom."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from everyrun.cli.options import Json, Url, WorkflowName


def versions(
    name: WorkflowName,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=1000, help="At most so many.")
    ] = 20,
    before: Annotated[
        int | None,
        typer.Option("--before", metavar="N", help="Older than version N.", show_default=False),
    ] = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """List the versions of a workflow, newest first."""
    from everyrun.cli import terminal, wording
    from everyrun.cli.grid import Cell, Heading, print_grid
    from everyrun.cli.moments import chosen_zone
    from everyrun.cli.opening import ledger

    with ledger(url) as opened:
        listed = opened.workflows.versions(name, limit, before)
    if as_json:
        terminal.write_json({"workflow": name, "versions": listed})
        return
    now, zone = datetime.now(UTC), chosen_zone(utc=False, local=False)
    headings = [
        Heading("h_version", right=True),
        Heading("h_saved"),
        Heading("h_by", least=8),
        Heading("h_digest", expendable=1),
    ]
    rows = [
        [
            Cell(str(each.version), "bold"),
            Cell(wording.ago(each.created_at, now, zone), "", each.created_at.isoformat()),
            Cell(each.created_by or ""),
            Cell(each.digest[:12], "bright_black", each.digest),
        ]
        for each in listed
    ]
    print_grid(headings, rows)
