"""``everyrun pause``: start no further nodes of an execution for now."""

from everyrun.cli.messages import say
from everyrun.cli.options import By, ExecutionId, Json, Url


def pause(execution: ExecutionId, by: By = None, as_json: Json = False, url: Url = None) -> None:
    """Pause an execution: what runs goes on to its end, nothing further is started."""
    from everyrun.cli import terminal
    from everyrun.cli.finding import find
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user

    with ledger(url) as opened:
        execution_id = find(opened, execution)
        opened.controls.pause(execution_id, by=by or current_user())
    if as_json:
        terminal.write_json({"id": execution_id, "paused": True})
    else:
        terminal.write(say("paused", id=execution_id))
