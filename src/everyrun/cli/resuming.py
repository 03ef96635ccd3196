"""``everyrun resume``: let a paused execution go on, or go on here with one that was left."""

from typing import TYPE_CHECKING

import typer

from everyrun.cli.errors import RunsElsewhere
from everyrun.cli.messages import say
from everyrun.cli.options import By, ExecutionId, Json, Quiet, Url

if TYPE_CHECKING:
    from everyrun.store.database import Database


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
    from everyrun.cli.live.here import Here
    from everyrun.cli.opening import ledger
    from everyrun.cli.who import current_user

    by = by or current_user()
    with ledger(url) as database:
        execution_id = find(database, execution)
        if unpaused_elsewhere(database, execution_id, by):
            if as_json:
                terminal.write_json({"id": execution_id, "paused": False})
            else:
                terminal.write(say("unpaused", id=execution_id))
            return
        with Here(database, by=by, quiet=quiet, as_json=as_json) as here:
            code = here.go_on(execution_id)
    raise typer.Exit(code)


def unpaused_elsewhere(database: "Database", execution_id: str, by: str | None) -> bool:
    """Unpause an execution; answers whether somebody has it, who goes on with it then.

    Raises :class:`RunsElsewhere` when somebody has it and it was not paused, ``AlreadySettled``
    and ``NotTheEngines``.
    """
    from everyrun.domain.clock import SystemClock
    from everyrun.store.leases import lease_of
    from everyrun.workflows import controlling

    with database.reading() as connection:
        lease = lease_of(connection, execution_id)
    paused = lease is not None and lease.paused_at is not None
    if lease is None or paused:
        controlling.unpause(database, execution_id, by=by)
    if lease is None or lease.owner is None:
        return False
    if controlling.is_abandoned(lease, SystemClock().now()):
        return False
    if not paused:
        raise RunsElsewhere(say("runs_elsewhere", id=execution_id, host=lease.host))
    return True
