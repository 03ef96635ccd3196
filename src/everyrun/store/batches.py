"""Several executions started as one: who runs them, how far they are, and how it ended.

Times are microseconds UTC. The members of a batch are executions with its id; those that have not
settled have a lease, which only whoever runs the batch takes.
"""

from collections.abc import Collection
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Row, Table, func, insert, literal, or_, select, update

from everyrun.domain.changes import ChangeType
from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import AmbiguousId, NotOnRecord
from everyrun.domain.status import SETTLED, Status
from everyrun.store.changes.telling import tell_change
from everyrun.store.column_types import Moment
from everyrun.store.prefixes import begins_with
from everyrun.store.tables import Batch, Workflow, WorkflowExecution

MOST_BATCHES = 1_000

batches = cast("Table", Batch.__table__)
executions = cast("Table", WorkflowExecution.__table__)
workflows = cast("Table", Workflow.__table__)

_b = batches.c
_e = executions.c


class Counts(NamedTuple):
    """How many members of a batch ended how. What is in none of these has not settled."""

    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    not_run: int = 0

    @property
    def settled(self) -> int:
        """How many have ended."""
        return sum(self)


class BatchRecord(NamedTuple):
    """One batch. It is run by ``owner`` until ``expires_at``, or waits for somebody."""

    id: str
    name: str
    status: Status
    total: int
    counts: Counts
    parallel: int
    created_at: int
    started_at: int | None
    ended_at: int | None
    started_by: str | None
    reason: str | None
    stop_asked_at: int | None
    stop_asked_by: str | None
    owner: str | None
    expires_at: int | None


class Member(NamedTuple):
    """One execution of a batch, as it stands."""

    execution_id: str
    workflow: str
    status: Status
    started_at: int | None
    ended_at: int | None
    error_message: str | None


def make_batch(
    connection: Connection,
    id_: str,
    name: str,
    *,
    total: int,
    parallel: int,
    by: str | None,
    now: int,
) -> None:
    """Put a batch on record that waits for somebody to run it."""
    connection.execute(
        insert(batches),
        {
            "id": id_,
            "name": name,
            "status": Status.PENDING.value,
            "executions_total": total,
            "parallel": parallel,
            "started_by": by,
            "created_at": to_datetime(now),
        },
    )
    told = {"name": name, "status": Status.PENDING.value, "total": total}
    tell_change(connection, ChangeType.BATCH_APPEARED, now, batch_id=id_, data=told)


def read_batch(connection: Connection, id_: str, *, lock: bool = False) -> BatchRecord:
    """A batch by its id; ``lock`` keeps it until the transaction ends.

    Raises :class:`NotOnRecord`.
    """
    query = select(batches).where(_b.id == id_)
    if lock:
        query = query.with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotOnRecord(f"no batch {id_} is on record")
    return _record(row)


def find_batch(connection: Connection, text: str) -> BatchRecord:
    """The batch whose id is ``text`` or begins with it.

    Raises :class:`NotOnRecord` and :class:`AmbiguousId`.
    """
    matching = begins_with(_b.id, text)
    found = []
    if matching is not None:
        query = select(batches).where(matching).order_by(_b.id.desc()).limit(6)
        found = [_record(row) for row in connection.execute(query)]
    if not found:
        raise NotOnRecord(f"no batch has the id {text!r}")
    if len(found) > 1:
        named = ", ".join(batch.id for batch in found[:5])
        raise AmbiguousId(f"{text!r} may be any of {named}; give more of it")
    return found[0]


def list_batches(
    connection: Connection,
    limit: int = 20,
    before: str | None = None,
    *,
    statuses: Collection[Status] = (),
) -> list[BatchRecord]:
    """Batches, the newest first, those made before ``before``; 1,000 at most."""
    query = select(batches).order_by(_b.id.desc()).limit(min(limit, MOST_BATCHES))
    if before is not None:
        query = query.where(_b.id < before)
    if statuses:
        query = query.where(_b.status.in_([status.value for status in statuses]))
    return [_record(row) for row in connection.execute(query)]


def members_of(
    connection: Connection,
    id_: str,
    limit: int = 1_000,
    after: str | None = None,
    *,
    statuses: Collection[Status] = (),
) -> list[Member]:
    """The executions of a batch in their order, after ``after``."""
    query = (
        select(
            _e.id,
            workflows.c.name,
            _e.status,
            _e.started_at,
            _e.ended_at,
            _e.error_message,
        )
        .join_from(executions, workflows, workflows.c.id == _e.workflow_id)
        .where(_e.batch_id == id_)
        .order_by(_e.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(_e.id > after)
    if statuses:
        query = query.where(_e.status.in_([status.value for status in statuses]))
    return [
        Member(row[0], row[1], Status(row[2]), _microseconds(row[3]), _microseconds(row[4]), row[5])
        for row in connection.execute(query)
    ]


# Running one.


def take_batch(
    connection: Connection,
    id_: str,
    owner: str,
    now: int,
    expires_at: int,
    *,
    dead_owner: str | None = None,
) -> bool:
    """Become the one who runs a batch, or stay it; answers whether ``owner`` is.

    Free is a batch that nobody runs, one whose owner was not heard of in time, and that of
    ``dead_owner``, of whom it is known that its process has ended.
    """
    is_free = or_(
        _b.owner.is_(None),
        _b.owner == owner,
        _b.expires_at <= to_datetime(now),
        _b.owner == dead_owner,
    )
    taken = connection.execute(
        update(batches)
        .where(_b.id == id_, _b.ended_at.is_(None), is_free)
        .values(
            owner=owner,
            expires_at=to_datetime(expires_at),
            status=Status.RUNNING.value,
            started_at=func.coalesce(_b.started_at, literal(to_datetime(now), Moment)),
        )
    )
    return bool(taken.rowcount)


def leave_batch(connection: Connection, id_: str, owner: str) -> None:
    """Leave a batch that has not ended to whoever takes it."""
    connection.execute(
        update(batches)
        .where(_b.id == id_, _b.owner == owner, _b.ended_at.is_(None))
        .values(owner=None, expires_at=None)
    )


def left_batches(connection: Connection, limit: int = 100) -> list[BatchRecord]:
    """Batches that have not ended, the oldest first, whoever runs them."""
    query = select(batches).where(_b.ended_at.is_(None)).order_by(_b.id).limit(limit)
    return [_record(row) for row in connection.execute(query)]


def ask_stop(connection: Connection, id_: str, by: str | None, now: int) -> None:
    """Have a batch stopped. The first who asks is remembered."""
    asked = connection.execute(
        update(batches)
        .where(_b.id == id_, _b.ended_at.is_(None), _b.stop_asked_at.is_(None))
        .values(stop_asked_at=to_datetime(now), stop_asked_by=by)
    )
    if asked.rowcount:
        _tell(connection, ChangeType.BATCH_STOPPING, id_, now)


def counts_of(connection: Connection, id_: str) -> Counts:
    """How many executions of a batch have ended how by now."""
    query = select(_e.status, func.count()).where(_e.batch_id == id_).group_by(_e.status)
    found: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
    return Counts(*(found.get(status.value, 0) for status in _COUNTED))


def count_members(connection: Connection, id_: str) -> Counts:
    """Keep on the batch how many of its executions have ended how; answers that."""
    counts = counts_of(connection, id_)
    connection.execute(
        update(batches)
        .where(_b.id == id_)
        .values({f"executions_{name}": number for name, number in counts._asdict().items()})
    )
    return counts


_COUNTED = (Status.COMPLETED, Status.FAILED, Status.CANCELLED, Status.SKIPPED)
assert set(_COUNTED) == SETTLED


def end_batch(
    connection: Connection, id_: str, status: Status, now: int, reason: str | None = None
) -> None:
    """A batch has ended: its members are counted (:func:`count_members`), whatever the outcome."""
    ended = connection.execute(
        update(batches)
        .where(_b.id == id_, _b.ended_at.is_(None))
        .values(
            status=status.value,
            ended_at=to_datetime(now),
            reason=reason,
            owner=None,
            expires_at=None,
        )
    )
    if ended.rowcount:
        _tell(connection, ChangeType.BATCH_SETTLED, id_, now)


def _tell(connection: Connection, change: ChangeType, id_: str, now: int) -> None:
    batch = read_batch(connection, id_)
    told = {
        "name": batch.name,
        "status": batch.status.value,
        "total": batch.total,
        **batch.counts._asdict(),
    }
    tell_change(connection, change, now, batch_id=id_, data=told)


def _record(row: Row[Any]) -> BatchRecord:
    counts = Counts(
        row.executions_completed,
        row.executions_failed,
        row.executions_cancelled,
        row.executions_not_run,
    )
    return BatchRecord(
        row.id,
        row.name,
        Status(row.status),
        row.executions_total,
        counts,
        row.parallel,
        to_microseconds(row.created_at),
        _microseconds(row.started_at),
        _microseconds(row.ended_at),
        row.started_by,
        row.reason,
        _microseconds(row.stop_asked_at),
        row.stop_asked_by,
        row.owner,
        _microseconds(row.expires_at),
    )


def _microseconds(moment: Any) -> int | None:
    return None if moment is None else to_microseconds(moment)
