"""``everyrun batch run-all|run|resume``: batches that run here, or wait for a scheduler."""

from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.batch.options import BatchId, BatchName, Detach, Parallel
from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.options import By, Inputs, Json, Quiet, Url, WorkflowName

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.domain.views.batches import BatchSummary


def run_all(
    parallel: Parallel = 1,
    name: BatchName = None,
    by: By = None,
    detach: Detach = False,
    quiet: Quiet = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Run every workflow that is switched on, in their order, one after the other."""
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user

    by = by or current_user()
    with ledger(url) as opened:
        batch = opened.batches.run_all(name or "run all", parallel=parallel, by=by)
        code = run_or_leave(opened, batch, by, detach=detach, quiet=quiet, as_json=as_json)
    raise typer.Exit(code)


def run(
    workflow: WorkflowName,
    file: Annotated[
        str,
        typer.Option(
            "--inputs",
            metavar="FILE",
            help="One execution for each: a JSON array of objects, an object a line, or CSV with a "
            "heading line. - is standard input.",
            show_default=False,
        ),
    ],
    inputs: Inputs = None,
    parallel: Parallel = 1,
    name: BatchName = None,
    by: By = None,
    detach: Detach = False,
    quiet: Quiet = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Run one workflow over many inputs. --input gives each of them what FILE does not."""
    from everyrun.cli.batch.input_lists import read_inputs
    from everyrun.cli.input_values import gathered_inputs
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user
    from everyrun.domain.graph import from_plain

    by = by or current_user()
    with ledger(url) as opened:
        declared = from_plain(opened.workflows.version(workflow).definition).inputs
        common = gathered_inputs(inputs or (), None, declared)
        rows = [{**common, **row} for row in read_inputs(file, declared)]
        if not rows:
            raise BadInput(say("something_needed", what="--inputs FILE"))
        batch = opened.batches.over_inputs(workflow, rows, name, parallel=parallel, by=by)
        code = run_or_leave(opened, batch, by, detach=detach, quiet=quiet, as_json=as_json)
    raise typer.Exit(code)


def resume(
    batch: BatchId,
    by: By = None,
    quiet: Quiet = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Run a batch here that nobody runs, or go on with one whose runner is gone."""
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user
    from everyrun.workflows.batches.stopping import BatchEnded

    with ledger(url) as opened:
        found = opened.batches.find(batch)
        if found.ended_at is not None:
            raise BatchEnded(f"batch {found.id} is {found.status} already")
        code = run_or_leave(opened, found, by or current_user(), quiet=quiet, as_json=as_json)
    raise typer.Exit(code)


def run_or_leave(
    ledger: "Ledger",
    batch: "BatchSummary",
    by: str | None,
    *,
    detach: bool = False,
    quiet: bool = False,
    as_json: bool = False,
) -> int:
    """Run a batch and watch it, or leave it to a scheduler; answers the exit code."""
    if not detach:
        return ledger.batches.run(batch, by=by, quiet=quiet, as_json=as_json)
    from everyrun.cli import terminal

    if as_json:
        terminal.write_json(batch)
    else:
        terminal.write(terminal.one_line(say("batch_waits", name=batch.name, id=batch.id)))
    return 0
