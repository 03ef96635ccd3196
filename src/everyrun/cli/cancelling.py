"""``everyrun cancel``: have a running execution end, whoever runs it."""

from typing import Annotated

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import By, ExecutionId, Json, Url


def cancel(
    execution: ExecutionId,
    kill: Annotated[
        bool, typer.Option("--kill", help="At once: what runs gets no time to end by itself.")
    ] = False,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="TEXT", help="Why, for the record.", show_default=False),
    ] = None,
    by: By = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Cancel an execution. Running nodes are told to end; nothing further is started."""
    from everyrun.cli import terminal
    from everyrun.cli.finding import find
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user

    with ledger(url) as opened:
        execution_id = find(opened, execution)
        over = opened.controls.cancel(
            execution_id, by=by or current_user(), kill=kill, reason=reason
        )
    if as_json:
        terminal.write_json({"id": execution_id, "cancelled": over, "asked": not over})
    else:
        terminal.write(say("cancelled_now" if over else "cancel_asked", id=execution_id))
