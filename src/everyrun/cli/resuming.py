"""``everyrun resume``: let a paused execution go on, or go on here with one that was left."""

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import By, ExecutionId, Json, Quiet, Url


def resume(
    execution: ExecutionId,
    by: By = None,
    quiet: Quiet = False,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Let a paused execution go on where it runs; or run here what was left or still waits.

    Nodes that have settled are never run again.
    """
    from everyrun.cli import terminal
    from everyrun.cli.finding import find
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user

    by = by or current_user()
    with ledger(url) as opened:
        execution_id = find(opened, execution)
        if opened.controls.unpause(execution_id, by=by):
            if as_json:
                terminal.write_json({"id": execution_id, "paused": False})
            else:
                terminal.write(say("unpaused", id=execution_id))
            return
        with opened.runs(by=by, quiet=quiet, as_json=as_json) as runs:
            code = runs.go_on(execution_id)
    raise typer.Exit(code)
