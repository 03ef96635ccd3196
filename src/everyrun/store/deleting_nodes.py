"""Taking node executions off the record while their executions stay: the seeds' deleted logs.

Sums and counters follow in the same transaction (R0.6). An execution that an engine has in hand
keeps its nodes: what it decides next depends on them.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select, update

from everyrun.domain.errors import EveryrunError, NotOnRecord
from everyrun.domain.identifiers import id_bytes
from everyrun.store.append.counting import Changes
from everyrun.store.deleting import subtract_nodes
from everyrun.store.leases import leases
from everyrun.store.marks import mark_changed
from everyrun.store.numbers import NodePlace, node_numbers
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.nodes import node_executions
from everyrun.store.tables import ConcurrencySlot, ReusedNode

EXECUTIONS_AT_ONCE = 200

_e = executions.c
_n = node_executions.c
_beside = [
    node_numbers,
    *(cast("Table", table.__table__) for table in (ReusedNode, ConcurrencySlot)),
]
_COUNTED = ("completed", "failed", "cancelled", "skipped")


class InHand(EveryrunError):
    """An engine has this execution in hand; its nodes can be deleted when it has settled."""

    status_code = 409


def delete_node(connection: Connection, place: NodePlace, now: int) -> None:
    """Delete one node execution with its attempts and lines.

    Raises :class:`NotOnRecord` and :class:`InHand`.
    """
    if not _delete(connection, place.execution_id, now, _n.id == place.node_execution_id):
        raise NotOnRecord(f"there is no node execution {place.node_execution_id}")


def delete_nodes_of(connection: Connection, execution_id: str, now: int) -> int:
    """Delete all node executions of an execution; how many there were.

    Raises :class:`InHand`.
    """
    return _delete(connection, execution_id, now)


def delete_some_nodes(
    connection: Connection, after: str | None, now: int
) -> tuple[int, str | None]:
    """Delete the node executions of the next 200 executions after ``after``, by their ids.

    Answers how many there were and where to go on, None at the end. Executions that an engine has
    in hand are passed over.
    """
    query = select(_e.id, _e.nodes_total).order_by(_e.id).limit(EXECUTIONS_AT_ONCE)
    if after is not None:
        query = query.where(_e.id > after)
    found = connection.execute(query).all()
    held = _in_hand(connection, [row.id for row in found])
    deleted = sum(
        _delete(connection, row.id, now) for row in found if row.nodes_total and row.id not in held
    )
    return deleted, found[-1].id if len(found) == EXECUTIONS_AT_ONCE else None


def _in_hand(connection: Connection, ids: Sequence[str]) -> set[str]:
    held = leases.c.workflow_execution_id
    return set(connection.execute(select(held).where(held.in_(ids))).scalars())


def _delete(
    connection: Connection,
    execution_id: str,
    now: int,
    chosen: ColumnElement[bool] | None = None,
) -> int:
    if _in_hand(connection, [execution_id]):
        raise InHand
    lock = select(_e.workflow_id, _e.nodes_total).where(_e.id == execution_id)
    execution = connection.execute(lock.with_for_update()).one_or_none()
    if execution is None:
        return 0
    condition = _n.workflow_execution_id == execution_id
    if chosen is not None:
        condition = and_(condition, chosen)
    counts = _counts(connection, condition)
    total = sum(counts.values())
    if not total:
        return 0
    changes = Changes()
    subtract_nodes(connection, condition, changes)
    if execution.nodes_total == total:
        changes.logs[id_bytes(execution.workflow_id)][0] -= 1
    ids = select(_n.id).where(condition)
    for table in _beside:
        columns = table.c
        connection.execute(
            delete(table).where(
                columns.workflow_execution_id == execution_id, columns.node_execution_id.in_(ids)
            )
        )
    _orphan(connection, execution_id, ids)
    connection.execute(delete(node_executions).where(condition))
    fewer: dict[str, Any] = {
        f"nodes_{status}": _e[f"nodes_{status}"] - counts.get(status, 0) for status in _COUNTED
    }
    connection.execute(
        update(executions)
        .where(_e.id == execution_id)
        .values(nodes_total=_e.nodes_total - total, **fewer)
    )
    mark_changed(connection, execution_id, now)
    changes.save(connection)
    return total


def _counts(connection: Connection, condition: ColumnElement[bool]) -> dict[str, int]:
    query = select(_n.status, func.count()).where(condition).group_by(_n.status)
    return {row[0]: row[1] for row in connection.execute(query)}


def _orphan(connection: Connection, execution_id: str, ids: Any) -> None:
    """What was begun inside a deleted one stands by itself."""
    connection.execute(
        update(node_executions)
        .where(_n.workflow_execution_id == execution_id, _n.parent_node_execution_id.in_(ids))
        .values(parent_node_execution_id=None)
    )
