"""``everyrun batch show``: one batch, its counts, and its executions."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.batch.options import BatchId
from everyrun.cli.options import Json, Url

if TYPE_CHECKING:
    from everyrun.domain.views.batches import BatchDetail, BatchMember


def show(
    batch: BatchId,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=10_000, help="So many of its executions.")
    ] = 100,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Show a batch: how it stands, how many ended how, and its executions in their order."""
    from everyrun.cli import terminal
    from everyrun.cli.opening import ledger

    with ledger(url) as opened:
        found = opened.batches.detail(batch, limit)
    if as_json:
        terminal.write_json(found)
    else:
        _print(found)


def _print(batch: "BatchDetail") -> None:
    from everyrun.cli import terminal, wording
    from everyrun.cli.batch.wording import counts, runner, seconds
    from everyrun.cli.execution_view import Field, moment, print_fields, title
    from everyrun.cli.moments import chosen_zone
    from everyrun.cli.terminal import styled

    now, zone = datetime.now(UTC), chosen_zone(utc=False, local=False)
    fields: list[Field] = [
        ("k_id", styled(batch.id)),
        ("k_counts", styled(f"{wording.number(batch.total)}: {counts(batch)}")),
        ("k_by", styled(batch.started_by or "")),
        ("k_parallel", styled(str(batch.parallel))),
        ("k_created", moment(batch.created_at, now, zone)),
        ("k_started", moment(batch.started_at, now, zone)),
        ("k_ended", moment(batch.ended_at, now, zone)),
        (
            "k_duration",
            styled("" if batch.started_at is None else wording.duration(seconds(batch))),
        ),
        ("k_reason", styled(batch.reason or "")),
        ("k_stop", moment(batch.stop_asked_at, now, zone)),
        ("k_runner", styled(runner(batch), "yellow")),
    ]
    print_fields(title(batch.name, batch.status), [field for field in fields if field[1].plain])
    if batch.members:
        terminal.write_text(styled(""))
        _print_members(batch.members)


def _print_members(members: "list[BatchMember]") -> None:
    from everyrun.cli import marks, wording
    from everyrun.cli.grid import Cell, Heading, print_grid

    headings = [
        Heading("h_status"),
        Heading("h_workflow", least=14),
        Heading("h_duration", right=True, expendable=1),
        Heading("h_id", expendable=2),
        Heading("h_error", least=30, expendable=3),
    ]
    rows = []
    for member in members:
        took = None
        if member.started_at is not None and member.ended_at is not None:
            took = (member.ended_at - member.started_at).total_seconds()
        rows.append(
            [
                Cell(marks.mark(member.status), marks.style(member.status), member.status),
                Cell(member.workflow, "bold"),
                Cell(wording.duration(took), "", "" if took is None else f"{took:.3f}"),
                Cell(member.id, "bright_black"),
                Cell((member.reason or "").partition("\n")[0], "red"),
            ]
        )
    print_grid(headings, rows)
