"""Asking something of executions from anywhere: cancel, pause, go on, answer, signal."""

from typing import Any

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EveryrunError
from everyrun.domain.status import SETTLED, Status
from everyrun.store import leases, requests, transitions
from everyrun.store.append import append
from everyrun.store.database import Database
from everyrun.store.history import read_execution, read_history, read_node
from everyrun.store.marks import mark_changed
from everyrun.tracking import recording
from everyrun.workflows.launching import own_info
from everyrun.workflows.running.presence import is_surely_dead


class NotTheEngines(EveryrunError):
    """This execution was recorded, not run by Everyrun: it can only be ended where it runs."""

    status_code = 409


class AlreadySettled(EveryrunError):
    """This execution has settled; there is nothing left to ask of it."""

    status_code = 409


class NotWaiting(EveryrunError):
    """This node does not wait for an answer: it has not asked yet, or it is over."""

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
    """Have an execution end.

    One that nobody runs, because it waits or its engine is gone, is cancelled here and now (answers
    True).

    Raises :class:`AlreadySettled`, :class:`NotTheEngines`, ``NotOnRecord``.
    """
    now = (clock or SystemClock()).now()
    return database.transact(
        lambda connection: cancel_within(
            connection, execution_id, now, by=by, kill=kill, reason=reason
        )
    )


def cancel_within(
    connection: Connection,
    execution_id: str,
    now: int,
    *,
    by: str | None = None,
    kill: bool = False,
    reason: str | None = None,
) -> bool:
    """:func:`cancel` inside the caller's writing transaction."""
    lease = _lease(connection, execution_id, now)
    data = None if reason is None else {"reason": reason}
    action = "kill" if kill else "cancel"
    requests.ask(connection, execution_id, action, data=data, by=by, now=now)
    if lease.owner is not None and not is_abandoned(lease, now):
        return False
    _settle_nodes(connection, execution_id, now, sentence(by, reason))
    transitions.cancel(connection, own_info(now), execution_id, now, sentence(by, reason))
    leases.release(connection, execution_id, lease.owner)
    return True


def is_abandoned(lease: leases.Lease, now: int) -> bool:
    """Whether the engine that held it is gone."""
    if lease.expires_at is not None and lease.expires_at <= now:
        return True
    home = recording.current().settings.home
    if lease.owner is None:
        return False
    return is_surely_dead(home, lease.owner, lease.host, tidy=False)


def _settle_nodes(connection: Connection, execution_id: str, now: int, reason: str) -> None:
    """What an engine that is gone left unsettled is cancelled with the execution."""
    execution = read_execution(connection, execution_id)
    told: list[events.AnyEvent] = [
        events.NodeFinished(
            execution_id=execution_id,
            workflow=execution.workflow,
            kind=execution.kind,
            at=now,
            node=row.key,
            node_execution_id=row.id,
            attempt=row.attempt,
            status=Status.CANCELLED,
            error_message=reason,
        )
        for row in read_history(connection, execution_id)
        if row.status not in SETTLED
    ]
    if told:
        batch = events.Batch(version=events.WIRE_VERSION, recorder=own_info(now), events=told)
        append(connection, batch, now)


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
    """Say yes or no to an approval. ``node`` is its key, ``key[turn]`` in a loop.

    Raises :class:`NotWaiting` for one that has not asked yet, or is over: nobody says yes to what
    they cannot have read. Raises :class:`AlreadySettled`, :class:`NotTheEngines`, ``NotOnRecord``.
    """
    data = {"approved": approved, "comment": comment}
    now = (clock or SystemClock()).now()

    def work(connection: Connection) -> None:
        _lease(connection, execution_id, now)
        # The engine's clock may be ahead of this one, but what was asked was asked before this.
        at = max(now, _asked_at(connection, execution_id, node))
        requests.ask(connection, execution_id, "answer", node=node, data=data, by=by, now=at)

    database.transact(work)


def _asked_at(connection: Connection, execution_id: str, name: str) -> int:
    """When a node began to wait for its answer, in microseconds UTC."""
    key, _, turn = name.partition("[")
    node = read_node(connection, execution_id, key, turn.removesuffix("]") or None)
    if node is None or node.started_at is None:
        raise NotWaiting(f"node {name!r} of execution {execution_id} has not asked yet")
    if node.status in SETTLED:
        raise NotWaiting(f"node {name!r} of execution {execution_id} is {node.status} already")
    return node.started_at


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
    now = (clock or SystemClock()).now()

    def work(connection: Connection) -> None:
        _lease(connection, execution_id, now)
        requests.ask(connection, execution_id, "signal", node=node, data=data, by=by, now=now)

    database.transact(work)


def _set_paused(
    database: Database, execution_id: str, action: str, by: str | None, now: int
) -> None:
    def work(connection: Connection) -> None:
        _lease(connection, execution_id, now)
        leases.set_paused(connection, execution_id, now if action == "pause" else None)
        mark_changed(connection, execution_id, now)
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
