"""At most so many node executions under one concurrency key, across all executions."""

from typing import Any, cast

from sqlalchemy import Connection, Table, and_, delete, exists, func, select

from everyrun.domain.clock import to_datetime
from everyrun.store.append.registering import insert_if_absent
from everyrun.store.locking import take_turns
from everyrun.store.tables import ConcurrencySlot, ExecutionLease

slots = cast("Table", ConcurrencySlot.__table__)
leases = cast("Table", ExecutionLease.__table__)


def claim_slot(
    connection: Connection,
    key: str,
    limit: int,
    execution_id: str,
    node_execution_id: str,
    now: int,
) -> bool:
    """Take one of the ``limit`` slots under a key; answers whether one was free.

    Who has a slot keeps it. A slot counts while the lease of its execution does (``now``,
    microseconds UTC): those of an engine that was killed are free again.
    """
    take_turns(connection, "concurrency", key)
    held = exists().where(
        leases.c.workflow_execution_id == slots.c.workflow_execution_id,
        leases.c.owner.is_not(None),
        leases.c.expires_at > to_datetime(now),
    )
    is_ours = and_(
        slots.c.workflow_execution_id == execution_id,
        slots.c.node_execution_id == node_execution_id,
    )
    taken_by_others = connection.execute(
        select(func.count()).select_from(slots).where(slots.c.key == key, held, ~is_ours)
    ).scalar_one()
    if taken_by_others >= limit:
        return False
    row = {
        "key": key,
        "node_execution_id": node_execution_id,
        "workflow_execution_id": execution_id,
    }
    insert_if_absent(connection, slots, [row])
    return True


def free_slot(connection: Connection, key: str, node_execution_id: str) -> None:
    """Give a slot back; nothing happens when it was free already."""
    connection.execute(
        delete(slots).where(slots.c.key == key, slots.c.node_execution_id == node_execution_id)
    )


def count_dead_slots(connection: Connection) -> int:
    """How many slots belong to executions that have settled or that nobody runs."""
    query = select(func.count()).select_from(slots).where(~_is_held())
    return connection.execute(query).scalar_one()


def drop_dead_slots(connection: Connection) -> int:
    """Forget those slots; answers how many there were."""
    return connection.execute(delete(slots).where(~_is_held())).rowcount


def _is_held() -> Any:
    return exists().where(
        leases.c.workflow_execution_id == slots.c.workflow_execution_id,
        leases.c.owner.is_not(None),
    )
