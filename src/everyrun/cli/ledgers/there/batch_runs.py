"""A batch that a server runs, watched: a line for each execution, and how it all ended."""

from typing import TYPE_CHECKING

from everyrun.cli import terminal
from everyrun.cli.batch.ending import tell_of_end, tell_of_member
from everyrun.cli.exits import ExitCode
from everyrun.cli.following import outlasting
from everyrun.cli.ledgers.there.patience import Pace
from everyrun.cli.ledgers.there.signals import Watching
from everyrun.cli.messages import say
from everyrun.domain.errors import EveryrunError
from everyrun.domain.status import Status

if TYPE_CHECKING:
    from everyrun.client import Client
    from everyrun.domain.views.batches import BatchDetail

_TOLD = (Status.COMPLETED, Status.FAILED, Status.CANCELLED)
_CONFLICT = 409


def watch(client: "Client", batch_id: str, *, quiet: bool, as_json: bool) -> int:
    """Watch a batch to its end; answers the exit code that says how it ended.

    The first Ctrl-C stops the batch, the second kills what still runs.
    """

    def stop(kill: bool) -> None:
        terminal.aside(say("killing" if kill else "batch_stopping"))
        try:
            client.batches.stop(batch_id, kill=kill)
        except EveryrunError as error:
            if error.status_code != _CONFLICT:  # else it has just ended by itself
                raise

    told: set[str] = set()
    with Watching() as watching:
        watching.follow(stop)
        pace = Pace(watching.pause)
        settled = -1
        while True:
            batch = outlasting(lambda: client.batches.get(batch_id, limit=0), watching.pause)
            moved = batch.total - batch.left != settled
            settled = batch.total - batch.left
            if moved and not (quiet or as_json):
                _tell_of_members(client, batch, told)
            if batch.ended_at is not None:
                break
            if watching.leaves():
                terminal.aside(say("batch_goes_on", id=batch.id))
                return watching.exit_code or ExitCode.INTERRUPTED
            pace.wait(moved=moved)
        signalled = watching.exit_code
    if as_json:
        batch.members, batch.next = list(client.batches.all_members(batch_id)), None
    return tell_of_end(batch, as_json=as_json, signalled=signalled)


def _tell_of_members(client: "Client", batch: "BatchDetail", told: set[str]) -> None:
    for member in client.batches.all_members(batch.id, status=_TOLD):
        if member.id not in told:
            told.add(member.id)
            tell_of_member(client.executions.summary(member.id))
