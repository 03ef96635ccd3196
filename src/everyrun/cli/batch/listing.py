"""``everyrun batch list``: batches, newest first."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.errors import LedgerMissing
from everyrun.cli.messages import say
from everyrun.cli.options import Json, Url

if TYPE_CHECKING:
    from everyrun.domain.views.batches import BatchDetail


def list_command(
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=1000, help="At most so many.")
    ] = 20,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """List batches, newest first."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger

    try:
        with ledger(url) as opened:
            found = opened.batches.latest(limit)
    except LedgerMissing:
        found = []
    if as_json:
        terminal.write_json({"batches": found})
    elif not found:
        terminal.aside(say("no_batches"))
    else:
        _print(found)


def _print(found: "list[BatchDetail]") -> None:
    from everyrun.cli import marks, wording
    from everyrun.cli.batch.wording import COUNTED, seconds
    from everyrun.cli.grid import Cell, Heading, print_grid
    from everyrun.cli.moments import chosen_zone
    from everyrun.cli.short_ids import short_ids

    now, zone = datetime.now(UTC), chosen_zone(utc=False, local=False)
    shortened = short_ids([batch.id for batch in found])
    headings = [
        Heading("h_status"),
        Heading("h_id"),
        Heading("h_batch", least=14),
        Heading("h_created", expendable=1),
        Heading("h_duration", right=True, expendable=2),
        Heading("h_total", right=True),
        Heading("h_completed", right=True),
        Heading("h_failed", right=True),
        Heading("h_cancelled", right=True),
        Heading("h_not_run", right=True),
        Heading("h_who", least=8, expendable=3),
    ]
    rows = []
    for batch in found:
        took = seconds(batch)
        counts = [getattr(batch, name) for name in COUNTED]
        rows.append(
            [
                Cell(marks.mark(batch.status), marks.style(batch.status), batch.status),
                Cell(shortened[batch.id], "bright_black", batch.id),
                Cell(batch.name, "bold"),
                Cell(wording.ago(batch.created_at, now, zone), "", batch.created_at.isoformat()),
                Cell(wording.duration(took), "", "" if took is None else f"{took:.3f}"),
                Cell(str(batch.total)),
                *(Cell(str(count), "" if count else "bright_black") for count in counts),
                Cell(batch.started_by or ""),
            ]
        )
    print_grid(headings, rows)
