"""Asking something of executions from anywhere: cancel, pause, go on, answer, signal."""

from typing import Any

from sqlalchemy import Connection

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError
from everyrun.domain.status import SETTLED
from everyrun.store import leases, requests, transitions
from everyrun.store.database import Database
from everyrun.store.history import read_execution
from everyrun.workflow.launching import own_info


class NotTheEngines(EveryrunError):
    """This execution was recorded, not run by Everyrun: it can only be ended where it runs."""

    status_code = 409


class AlreadySettled(EveryrunError):
    """This execution has settled; there is nothing left to ask of it."""

    status_code = 409


def cancel(
    database: Database,
    execution_id: str,
    *,
    by: str | None = None,
    kill: bool = False,
    reason: str | None = None,
    clock: Clock | None = None,
) -> bool:
    """Have an execution end. One that still waits is cancelled here and now (answers True).

    Raises :class:`AlreadySettled`, :class:`NotTheEngines`, ``NotOnRecord``.
    """
    now = (clock or SystemClock()).now()

    def work(connection: Connection) -> bool:
        lease = _lease(connection, execution_id, now)
        data = None if reason is None else {"reason": reason}
        action = "kill" if kill else "cancel"
        requests.ask(connection, execution_id, action, data=data, by=by, now=now)
        if lease.owner is not None:
            return False
        transitions.cancel(connection, own_info(now), execution_id, now, sentence(by, reason))
        leases.release(connection, execution_id, None)
        return True

    return database.transact(work)


def sentence(by: str | None, reason: str | None) -> str:
    """Why an execution was cancelled, in words."""
    told = "cancelled" if by is None else f"cancelled by {by}"
    return told if reason is None else f"{told}: {reason}"


def pause(
    database: Database, execution_id: str, *, by: str | None = None, clock: Clock | None = None
) -> None:
    """Start no further nodes of an execution; what runs goes on to its end."""
    _set_paused(database, execution_id, "pause", by, (clock or SystemClock()).now())


def unpause(
    database: Database, execution_id: str, *, by: str | None = None, clock: Clock | None = None
) -> None:
    """Let a paused execution go on."""
    _set_paused(database, execution_id, "resume", by, (clock or SystemClock()).now())


def answer(
    database: Database,
    execution_id: str,
    node: str,
    *,
    approved: bool,
    comment: str = "",
    by: str | None = None,
    clock: Clock | None = None,
) -> None:
    """Say yes or no to an approval. ``node`` is its key, ``key[turn]`` in a loop."""
    data = {"approved": approved, "comment": comment}
    _ask(database, execution_id, "answer", node, data, by, (clock or SystemClock()).now())


def signal(
    database: Database,
    execution_id: str,
    node: str,
    data: Any = None,
    *,
    by: str | None = None,
    clock: Clock | None = None,
) -> None:
    """Send something to a node that waits for a signal. One that comes early is kept for it."""
    _ask(database, execution_id, "signal", node, data, by, (clock or SystemClock()).now())


def _ask(
    database: Database,
    execution_id: str,
    action: str,
    node: str,
    data: Any,
    by: str | None,
    now: int,
) -> None:
    def work(connection: Connection) -> None:
        _lease(connection, execution_id, now)
        requests.ask(connection, execution_id, action, node=node, data=data, by=by, now=now)

    database.transact(work)


def _set_paused(
    database: Database, execution_id: str, action: str, by: str | None, now: int
) -> None:
    def work(connection: Connection) -> None:
        _lease(connection, execution_id, now)
        leases.set_paused(connection, execution_id, now if action == "pause" else None)
        requests.ask(connection, execution_id, action, by=by, now=now)

    database.transact(work)


def _lease(connection: Connection, execution_id: str, now: int) -> leases.Lease:
    lease = leases.lease_of(connection, execution_id, lock=True)
    if lease is not None:
        return lease
    execution = read_execution(connection, execution_id)
    if execution.status in SETTLED:
        raise AlreadySettled(f"execution {execution_id} is {execution.status} already")
    raise NotTheEngines
