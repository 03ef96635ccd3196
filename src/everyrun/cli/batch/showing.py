"""``everyrun batch show``: one batch, its counts, and its executions."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.batch.options import BatchId
from everyrun.cli.options import Json, Url

if TYPE_CHECKING:
    from everyrun.store.batches import BatchRecord, Member


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
    from everyrun.server.shaping.batches import batch_detail
    from everyrun.store.batches import counts_of, find_batch, members_of

    with ledger(url) as database, database.reading() as connection:
        found = find_batch(connection, batch)
        members = members_of(connection, found.id, limit)
        if found.ended_at is None:
            found = found._replace(counts=counts_of(connection, found.id))
    if as_json:
        terminal.write_json(batch_detail(found, members))
    else:
        _print(found, members)


def _print(batch: "BatchRecord", members: "list[Member]") -> None:
    from everyrun.cli import terminal, wording
    from everyrun.cli.batch.wording import counts, runner, seconds
    from everyrun.cli.execution_view import Field, moment, print_fields, title
    from everyrun.cli.moments import chosen_zone
    from everyrun.cli.terminal import styled
    from everyrun.server.shaping.moments import moment_of

    now, zone = datetime.now(UTC), chosen_zone(utc=False, local=False)
    fields: list[Field] = [
        ("k_id", styled(batch.id)),
        ("k_counts", styled(f"{wording.number(batch.total)}: {counts(batch)}")),
        ("k_by", styled(batch.started_by or "")),
        ("k_parallel", styled(str(batch.parallel))),
        ("k_created", moment(moment_of(batch.created_at), now, zone)),
        ("k_started", moment(moment_of(batch.started_at), now, zone)),
        ("k_ended", moment(moment_of(batch.ended_at), now, zone)),
        (
            "k_duration",
            styled("" if batch.started_at is None else wording.duration(seconds(batch))),
        ),
        ("k_reason", styled(batch.reason or "")),
        ("k_stop", moment(moment_of(batch.stop_asked_at), now, zone)),
        ("k_runner", styled(runner(batch), "yellow")),
    ]
    print_fields(title(batch.name, batch.status), [field for field in fields if field[1].plain])
    if members:
        terminal.write_text(styled(""))
        _print_members(members)


def _print_members(members: "list[Member]") -> None:
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
            took = (member.ended_at - member.started_at) / 1e6
        rows.append(
            [
                Cell(marks.mark(member.status), marks.style(member.status), member.status),
                Cell(member.workflow, "bold"),
                Cell(wording.duration(took), "", "" if took is None else f"{took:.3f}"),
                Cell(member.execution_id, "bright_black"),
                Cell((member.error_message or "").partition("\n")[0], "red"),
            ]
        )
    print_grid(headings, rows)
