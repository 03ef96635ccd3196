"""``everyrun batch stop``: what runs is cancelled, what waits is not run."""

from typing import Annotated

import typer

from everyrun.cli.batch.options import BatchId
from everyrun.cli.messages import say
from everyrun.cli.options import By, Json, Url


def stop(
    batch: BatchId,
    kill: Annotated[
        bool, typer.Option("--kill", help="At once: what runs gets no time to end by itself.")
    ] = False,
    by: By = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Stop a batch, whoever runs it. What has not begun is counted as not run."""
    from everyrun.cli import terminal
    from everyrun.cli.batch.wording import counts
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user

    with ledger(url) as opened:
        found = opened.batches.find(batch)
        stopped = opened.batches.stop(found.id, by=by or current_user(), kill=kill)
    if as_json:
        terminal.write_json(stopped)
    else:
        said = say("batch_stop_asked", name=stopped.name, counts=counts(stopped))
        terminal.write(terminal.one_line(said))
