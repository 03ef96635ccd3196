"""Which node executions wait for a worker, and which worker runs them.

A claim is made in the commit that made its node ready, so a node is claimed once, whoever settled
what it needs. All but :func:`renew` and :func:`note_sent` is done by whoever has locked the
execution's lease. Times are microseconds UTC.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Row, Table, delete, insert, or_, select, update

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.store.leases import WORKERS
from everyrun.store.tables import ExecutionLease, NodeClaim

_CHUNK = 400

claims = cast("Table", NodeClaim.__table__)
leases = cast("Table", ExecutionLease.__table__)

_c = claims.c


class Claim(NamedTuple):
    """One attempt of a node execution: to be sent, to be taken, or running for ``owner``."""

    execution_id: str
    node_execution_id: str
    attempt: int
    queue: str | None
    priority: int
    available_at: int
    send_at: int | None
    sends: int = 0
    owner: str | None = None
    host: str | None = None
    expires_at: int | None = None
    stop: str | None = None


def claims_of(connection: Connection, execution_id: str) -> dict[str, Claim]:
    """The claims of an execution, by node execution."""
    query = select(claims).where(_c.workflow_execution_id == execution_id)
    return {row.node_execution_id: _claim(row) for row in connection.execute(query)}


def claim_of(connection: Connection, execution_id: str, node_execution_id: str) -> Claim | None:
    """The claim on one node execution."""
    query = select(claims).where(
        _c.workflow_execution_id == execution_id, _c.node_execution_id == node_execution_id
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _claim(row)


def save_claims(
    connection: Connection, execution_id: str, changed: Mapping[str, Claim | None]
) -> None:
    """Make these claims stand as they are given; None takes one away."""
    ids = list(changed)
    for start in range(0, len(ids), _CHUNK):
        connection.execute(
            delete(claims).where(
                _c.workflow_execution_id == execution_id,
                _c.node_execution_id.in_(ids[start : start + _CHUNK]),
            )
        )
    kept = [_row(claim) for claim in changed.values() if claim is not None]
    if kept:
        connection.execute(insert(claims), kept)


def drop_claims(connection: Connection, execution_id: str) -> None:
    """Forget all claims of an execution: it has settled."""
    connection.execute(delete(claims).where(_c.workflow_execution_id == execution_id))


def to_send(connection: Connection, now: int, limit: int) -> list[Claim]:
    """What is to be sent, or sent again, the longest waiting first. Not what is paused."""
    query = (
        _waiting()
        .where(_c.send_at.is_not(None), _c.send_at <= to_datetime(now))
        .order_by(_c.send_at)
        .limit(limit)
    )
    return [_claim(row) for row in connection.execute(query)]


def to_host(connection: Connection, now: int, limit: int) -> list[Claim]:
    """What is never sent, and waits for somebody to take it, the longest waiting first."""
    query = (
        _waiting()
        .where(_c.queue.is_(None), _c.available_at <= to_datetime(now))
        .order_by(_c.available_at)
        .limit(limit)
    )
    return [_claim(row) for row in connection.execute(query)]


def note_sent(connection: Connection, claim: Claim, send_at: int) -> bool:
    """Say when a claim is to be sent again; False when somebody else has sent or taken it."""
    assert claim.send_at is not None
    noted = connection.execute(
        update(claims)
        .where(
            *_is(claim),
            _c.owner.is_(None),
            _c.attempt == claim.attempt,
            _c.send_at == to_datetime(claim.send_at),
        )
        .values(send_at=to_datetime(send_at), sends=_c.sends + 1)
    )
    return bool(noted.rowcount)


def renew(connection: Connection, owner: str, expires_at: int) -> None:
    """Keep what an owner runs for longer."""
    connection.execute(
        update(claims).where(_c.owner == owner).values(expires_at=to_datetime(expires_at))
    )


def held_by(connection: Connection, owner: str) -> dict[str, Claim]:
    """What an owner runs, by node execution."""
    query = select(claims).where(_c.owner == owner)
    return {row.node_execution_id: _claim(row) for row in connection.execute(query)}


def owners_on(connection: Connection, host: str) -> list[str]:
    """Who runs something on a host."""
    query = select(_c.owner).where(_c.owner.is_not(None), _c.host == host).distinct()
    return list(connection.execute(query).scalars())


def left_behind(
    connection: Connection, now: int, dead: Collection[str], limit: int
) -> Sequence[Claim]:
    """What runs for owners that were not heard of in time, or that are ``dead``."""
    query = (
        select(claims)
        .where(or_(_c.expires_at <= to_datetime(now), _c.owner.in_(list(dead))))
        .order_by(_c.expires_at)
        .limit(limit)
    )
    return [_claim(row) for row in connection.execute(query)]


def _waiting() -> Any:
    return (
        select(claims)
        .join(leases, leases.c.workflow_execution_id == _c.workflow_execution_id)
        .where(_c.owner.is_(None), leases.c.owner == WORKERS, leases.c.paused_at.is_(None))
    )


def _is(claim: Claim) -> tuple[Any, Any]:
    return (
        _c.workflow_execution_id == claim.execution_id,
        _c.node_execution_id == claim.node_execution_id,
    )


def _moment(at: int | None) -> Any:
    return None if at is None else to_datetime(at)


def _row(claim: Claim) -> dict[str, Any]:
    return {
        "workflow_execution_id": claim.execution_id,
        "node_execution_id": claim.node_execution_id,
        "attempt": claim.attempt,
        "queue": claim.queue,
        "priority": claim.priority,
        "available_at": to_datetime(claim.available_at),
        "send_at": _moment(claim.send_at),
        "sends": claim.sends,
        "owner": claim.owner,
        "host": claim.host,
        "expires_at": _moment(claim.expires_at),
        "stop": claim.stop,
    }


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        row.workflow_execution_id,
        row.node_execution_id,
        row.attempt,
        row.queue,
        row.priority,
        to_microseconds(row.available_at),
        None if row.send_at is None else to_microseconds(row.send_at),
        row.sends,
        row.owner,
        row.host,
        None if row.expires_at is None else to_microseconds(row.expires_at),
        row.stop,
    )
