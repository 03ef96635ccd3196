"""``everyrun batch run-all|run|resume``: batches that run here, or wait for a scheduler."""

from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.batch.options import BatchId, BatchName, Detach, Parallel
from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.options import By, Inputs, Json, Quiet, Url, WorkflowName

if TYPE_CHECKING:
    from everyrun.store.batches import BatchRecord
    from everyrun.store.database import Database


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
    from everyrun.workflows.batches.making import make_run_all

    by = by or current_user()
    with ledger(url) as database:
        batch = make_run_all(database, name or "run all", parallel=parallel, by=by)
        code = run_here(database, batch, by, detach=detach, quiet=quiet, as_json=as_json)
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
    from everyrun.store.versions import find_version
    from everyrun.workflows.batches.making import make_over_inputs

    by = by or current_user()
    with ledger(url) as database:
        with database.reading() as connection:
            declared = from_plain(find_version(connection, workflow).definition).inputs
        common = gathered_inputs(inputs or (), None, declared)
        rows = [{**common, **row} for row in read_inputs(file, declared)]
        if not rows:
            raise BadInput(say("something_needed", what="--inputs FILE"))
        batch = make_over_inputs(database, workflow, rows, name, parallel=parallel, by=by)
        code = run_here(database, batch, by, detach=detach, quiet=quiet, as_json=as_json)
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
    from everyrun.store.batches import find_batch
    from everyrun.workflows.batches.stopping import BatchEnded

    with ledger(url) as database:
        with database.reading() as connection:
            found = find_batch(connection, batch)
        if found.ended_at is not None:
            raise BatchEnded(f"batch {found.id} is {found.status} already")
        code = run_here(database, found, by or current_user(), quiet=quiet, as_json=as_json)
    raise typer.Exit(code)


def run_here(
    database: "Database",
    batch: "BatchRecord",
    by: str | None,
    *,
    detach: bool = False,
    quiet: bool = False,
    as_json: bool = False,
) -> int:
    """Run a batch in this process, or leave it to a scheduler; answers the exit code."""
    from everyrun.cli.batch.here import BatchHere, leave_to_scheduler

    if detach:
        leave_to_scheduler(batch, as_json=as_json)
        return 0
    return BatchHere(database, by=by, quiet=quiet, as_json=as_json).run(batch)
