"""Who runs which execution of a graph, and which executions wait for somebody.

Whoever holds an execution's lease commits its outcomes; nobody else does, for the journal looks at
the lease in each of its transactions. Times are microseconds UTC.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Connection,
    Row,
    Table,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import LeaseLost
from everyrun.store.column_types import Moment
from everyrun.store.tables import ConcurrencySlot, ExecutionLease, Workflow

MOST_LEASES = 10_000
_CHUNK = 400

leases = cast("Table", ExecutionLease.__table__)
slots = cast("Table", ConcurrencySlot.__table__)
workflows = cast("Table", Workflow.__table__)

_l = leases.c

WORKERS = "00000000-0000-7000-8000-000000ce1e77"
"""The owner of what no engine holds, but workers run together: whoever locks the row decides."""
WORKERS_HOST = "celery"
NEVER = 253_370_764_800_000_000
"""The year 9999, in microseconds UTC."""


class Lease(NamedTuple):
    """An unsettled execution: waiting without an ``owner``, else held until ``expires_at``."""

    execution_id: str
    workflow_id: str
    batch_id: str | None
    priority: int
    available_at: int
    at_most: int | None
    owner: str | None
    host: str | None
    epoch: int
    expires_at: int | None
    paused_at: int | None


class Member(NamedTuple):
    """An execution of a batch; ``at_most`` of its workflow may be held at once."""

    execution_id: str
    workflow_id: str
    at_most: int | None = None


def lock_workflow(connection: Connection, workflow_id: str) -> None:
    """Make those who count a workflow's executions take turns, until the transaction ends."""
    connection.execute(
        select(workflows.c.id).where(workflows.c.id == workflow_id).with_for_update(key_share=True)
    )


def enqueue(
    connection: Connection,
    execution_id: str,
    workflow_id: str,
    *,
    batch_id: str | None = None,
    priority: int = 0,
    available_at: int,
    at_most: int | None = None,
    owner: str | None = None,
    host: str | None = None,
    expires_at: int | None = None,
) -> None:
    """Put an execution into the queue, or straight into the hands of ``owner``."""
    connection.execute(
        insert(leases),
        {
            "workflow_execution_id": execution_id,
            "workflow_id": workflow_id,
            "batch_id": batch_id,
            "priority": priority,
            "available_at": to_datetime(available_at),
            "at_most": at_most,
            "owner": owner,
            "host": host,
            "epoch": 0 if owner is None else 1,
            "expires_at": _moment(expires_at),
        },
    )


def enqueue_members(
    connection: Connection, batch_id: str, members: Sequence[Member], available_at: int
) -> None:
    """Put the executions of a batch into its own queue, which goes by their ids alone."""
    if not members:
        return
    connection.execute(
        insert(leases),
        [
            {
                "workflow_execution_id": member.execution_id,
                "workflow_id": member.workflow_id,
                "batch_id": batch_id,
                "available_at": to_datetime(available_at),
                "at_most": member.at_most,
            }
            for member in members
        ],
    )


def take(
    connection: Connection,
    execution_id: str,
    owner: str,
    host: str,
    now: int,
    expires_at: int,
    *,
    dead_owner: str | None = None,
) -> bool:
    """Take one execution that is free or whose lease has expired, whatever else waits.

    So is one of ``dead_owner``, of whom it is known that its process has ended. Answers whether it
    was there to take. The concurrency slots of a former owner are freed.
    """
    free = or_(_l.owner.is_(None), _l.expires_at <= to_datetime(now), _l.owner == dead_owner)
    taken = connection.execute(
        update(leases)
        .where(_l.workflow_execution_id == execution_id, free)
        .values(owner=owner, host=host, epoch=_l.epoch + 1, expires_at=to_datetime(expires_at))
    )
    if not taken.rowcount:
        return False
    _free_slots(connection, execution_id)
    return True


def take_in_turn(
    connection: Connection,
    execution_id: str,
    owner: str,
    host: str,
    now: int,
    expires_at: int,
    *,
    dead_owner: str | None = None,
) -> bool:
    """:func:`take`, when no more of its workflow are held than ``at_most`` and none is before it.

    One that was begun by an owner who is gone has had its turn.
    """
    lease = lease_of(connection, execution_id)
    if lease is None:
        return False
    if lease.owner is None and lease.epoch == 0 and lease.at_most is not None:
        lock_workflow(connection, lease.workflow_id)
        others = held_or_waiting(connection, lease.workflow_id)
        held = sum(1 for other in others if other.owner is not None)
        first = min(
            (other for other in others if other.owner is None),
            key=lambda other: (-other.priority, other.execution_id),
        )
        if held >= lease.at_most or first.execution_id != execution_id:
            return False
    return take(connection, execution_id, owner, host, now, expires_at, dead_owner=dead_owner)


def take_next(
    connection: Connection,
    owner: str,
    host: str,
    now: int,
    expires_at: int,
    batch_id: str | None = None,
) -> str | None:
    """Take the execution whose turn it is, None when none may start now.

    By priority, then by age; of ``batch_id`` alone, or of no batch. Passed over are paused ones,
    and those of a workflow of which ``at_most`` are held. Takers pass over each other's choice.
    """
    full: list[str] = []
    while True:
        found = connection.execute(_next_waiting(now, batch_id, full)).one_or_none()
        if found is None:
            return None
        if found.at_most is not None:
            lock_workflow(connection, found.workflow_id)
            # Counted again: another may have taken one of this workflow before the lock was ours.
            held = connection.execute(_held(found.workflow_id)).scalar_one()
            if held >= found.at_most:
                full.append(found.workflow_id)
                continue
        taken: str = found.workflow_execution_id
        connection.execute(
            update(leases)
            .where(_l.workflow_execution_id == taken)
            .values(owner=owner, host=host, epoch=_l.epoch + 1, expires_at=to_datetime(expires_at))
        )
        return taken


def _next_waiting(now: int, batch_id: str | None, full: Sequence[str]) -> Any:
    others = leases.alias("others")
    held = (
        select(func.count())
        .where(others.c.workflow_id == _l.workflow_id, others.c.owner.is_not(None))
        .scalar_subquery()
    )
    return (
        select(_l.workflow_execution_id, _l.workflow_id, _l.at_most)
        .where(
            _l.owner.is_(None),
            _l.paused_at.is_(None),
            _l.available_at <= to_datetime(now),
            _l.batch_id.is_not_distinct_from(batch_id),
            or_(_l.at_most.is_(None), _l.at_most > held),
            _l.workflow_id.not_in(full),
        )
        .order_by(_l.priority.desc(), _l.workflow_execution_id)
        .limit(1)
        .with_for_update(of=leases, skip_locked=True)
    )


def _held(workflow_id: str) -> Any:
    return select(func.count()).where(_l.workflow_id == workflow_id, _l.owner.is_not(None))


def renew(
    connection: Connection, owner: str, execution_ids: Collection[str], expires_at: int
) -> set[str]:
    """Keep those of these executions for longer that ``owner`` holds; answers which they are.

    One whose lease has run out and that nobody took meanwhile is kept too.
    """
    kept: set[str] = set()
    ids = list(execution_ids)
    for start in range(0, len(ids), _CHUNK):
        renewed = connection.execute(
            update(leases)
            .where(_l.owner == owner, _l.workflow_execution_id.in_(ids[start : start + _CHUNK]))
            .values(expires_at=to_datetime(expires_at))
            .returning(_l.workflow_execution_id)
        )
        kept |= set(renewed.scalars())
    return kept


def require(
    connection: Connection, execution_id: str, owner: str, *, exclusively: bool = False
) -> None:
    """Keep others from taking an execution that ``owner`` holds, until the transaction ends.

    Whoever is to release it says so first (``exclusively``). Raises :class:`LeaseLost`.
    """
    query = select(_l.owner).where(_is_of(execution_id, owner))
    held = connection.execute(query.with_for_update(read=not exclusively)).scalar()
    if held is None:
        raise LeaseLost


def release(connection: Connection, execution_id: str, owner: str | None) -> bool:
    """Forget an execution that has settled: held by ``owner``, or waiting when that is None.

    Answers whether it was so; if not, nothing changes.
    """
    gone = connection.execute(delete(leases).where(_is_of(execution_id, owner)))
    if not gone.rowcount:
        return False
    _free_slots(connection, execution_id)
    return True


def hand_over(connection: Connection, execution_id: str, owner: str, now: int) -> bool:
    """Put an execution that ``owner`` holds back into the queue; answers whether it held it."""
    back = connection.execute(
        update(leases)
        .where(_is_of(execution_id, owner))
        .values(owner=None, host=None, expires_at=None, available_at=to_datetime(now))
    )
    if not back.rowcount:
        return False
    _free_slots(connection, execution_id)
    return True


def expired(connection: Connection, now: int, limit: int) -> list[Lease]:
    """Leases whose owners have not been heard of in time, the oldest first."""
    query = (
        select(leases)
        .where(_l.owner.is_not(None), _l.expires_at <= to_datetime(now))
        .order_by(_l.expires_at)
        .limit(limit)
    )
    return [_lease(row) for row in connection.execute(query)]


def lease_of(connection: Connection, execution_id: str, *, lock: bool = False) -> Lease | None:
    """The lease of an execution, None when it has settled or never was a graph's.

    ``lock`` keeps it as it is until the transaction ends.
    """
    query = select(leases).where(_l.workflow_execution_id == execution_id)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).one_or_none()
    return None if row is None else _lease(row)


def held_by(connection: Connection, owner: str) -> list[Lease]:
    """What an owner holds."""
    query = select(leases).where(_l.owner == owner)
    return [_lease(row) for row in connection.execute(query)]


def owners_on(connection: Connection, host: str) -> list[str]:
    """Who holds something on a host."""
    query = select(_l.owner).where(_l.owner.is_not(None), _l.host == host).distinct()
    return list(connection.execute(query).scalars())


def held_or_waiting(connection: Connection, workflow_id: str) -> list[Lease]:
    """The unsettled executions of a workflow, the oldest first, 10,000 at most."""
    query = (
        select(leases)
        .where(_l.workflow_id == workflow_id)
        .order_by(_l.workflow_execution_id)
        .limit(MOST_LEASES)
    )
    return [_lease(row) for row in connection.execute(query)]


def count_unsettled(connection: Connection, most: int) -> int:
    """How many executions of graphs wait or run, ``most`` at most.

    Members of batches count while they run: how many of them do is the batch's to say.
    """
    counts = or_(_l.batch_id.is_(None), _l.owner.is_not(None))
    some = select(literal(1)).select_from(leases).where(counts).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def members_left(connection: Connection, batch_id: str, limit: int = MOST_LEASES) -> list[Lease]:
    """The members of a batch that have not settled, in their order."""
    query = (
        select(leases)
        .where(_l.batch_id == batch_id)
        .order_by(_l.workflow_execution_id)
        .limit(limit)
    )
    return [_lease(row) for row in connection.execute(query)]


def call_off_members(connection: Connection, batch_id: str) -> list[tuple[str, str]]:
    """Take those members of a batch from the queue that nobody has begun.

    Answers their ids and the names of their workflows, for whoever settles them.
    """
    query = (
        select(_l.workflow_execution_id, workflows.c.name)
        .join_from(leases, workflows, workflows.c.id == _l.workflow_id)
        .where(_l.batch_id == batch_id, _l.owner.is_(None), _l.epoch == 0)
        .order_by(_l.workflow_execution_id)
        .with_for_update(of=leases)
    )
    found = [(row[0], row[1]) for row in connection.execute(query)]
    for start in range(0, len(found), _CHUNK):
        ids = [id_ for id_, _name in found[start : start + _CHUNK]]
        connection.execute(delete(leases).where(_l.workflow_execution_id.in_(ids)))
    return found


def wake(connection: Connection, execution_id: str, at: int) -> None:
    """Have an execution that workers run looked at, at this moment or sooner.

    Nothing happens to one that an engine holds, or nobody.
    """
    connection.execute(
        update(leases)
        .where(_is_of(execution_id, WORKERS), _l.available_at > to_datetime(at))
        .values(available_at=to_datetime(at))
    )


def sleep_until(connection: Connection, execution_id: str, at: int) -> None:
    """Nobody need look at an execution that workers run before this moment."""
    connection.execute(
        update(leases).where(_is_of(execution_id, WORKERS)).values(available_at=to_datetime(at))
    )


def to_look_at(connection: Connection, now: int, limit: int) -> list[str]:
    """Executions that workers run and that somebody should look at, the longest waiting first."""
    query = (
        select(_l.workflow_execution_id)
        .where(_l.owner == WORKERS, _l.available_at <= to_datetime(now))
        .order_by(_l.available_at)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def waiting_since(connection: Connection, since: int, limit: int) -> list[Lease]:
    """Executions of no batch that could have been taken since then and were not, the oldest first.

    Paused ones are not among them.
    """
    query = (
        select(leases)
        .where(
            _l.owner.is_(None),
            _l.paused_at.is_(None),
            _l.batch_id.is_(None),
            _l.available_at <= to_datetime(since),
        )
        .order_by(_l.available_at, _l.workflow_execution_id)
        .limit(limit)
    )
    return [_lease(row) for row in connection.execute(query)]


def set_paused(connection: Connection, execution_id: str, at: int | None) -> bool:
    """Pause an execution from ``at`` on, or let it go on (None); False when it has no lease.

    One that is paused already keeps its time.
    """
    paused = None if at is None else func.coalesce(_l.paused_at, literal(to_datetime(at), Moment))
    changed = connection.execute(
        update(leases).where(_l.workflow_execution_id == execution_id).values(paused_at=paused)
    )
    return bool(changed.rowcount)


def _is_of(execution_id: str, owner: str | None) -> Any:
    return and_(_l.workflow_execution_id == execution_id, _l.owner.is_not_distinct_from(owner))


def _free_slots(connection: Connection, execution_id: str) -> None:
    connection.execute(delete(slots).where(slots.c.workflow_execution_id == execution_id))


def _moment(at: int | None) -> Any:
    return None if at is None else to_datetime(at)


def _lease(row: Row[Any]) -> Lease:
    return Lease(
        row.workflow_execution_id,
        row.workflow_id,
        row.batch_id,
        row.priority,
        to_microseconds(row.available_at),
        row.at_most,
        row.owner,
        row.host,
        row.epoch,
        None if row.expires_at is None else to_microseconds(row.expires_at),
        None if row.paused_at is None else to_microseconds(row.paused_at),
    )
