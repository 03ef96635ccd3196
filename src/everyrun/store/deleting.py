"""Taking executions off the record, their sums with them."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    and_,
    case,
    delete,
    func,
    select,
    type_coerce,
)

from everyrun.domain.changes import ChangeType
from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import id_bytes, id_text
from everyrun.domain.status import SETTLED
from everyrun.store.append import execution_rows
from everyrun.store.append.counting import Changes
from everyrun.store.append.rows import bulk_rows
from everyrun.store.changes.telling import tell_change
from everyrun.store.tables import (
    ConcurrencySlot,
    ExecutionLease,
    ExecutionRequest,
    Node,
    NodeClaim,
    NodeExecution,
    NodeExecutionNumber,
    ReusedNode,
    WorkflowExecution,
)

CHUNK = 500
"""Executions that one statement takes; a transaction of this size holds its locks for a moment."""

executions = cast("Table", WorkflowExecution.__table__)
node_executions = cast("Table", NodeExecution.__table__)
nodes = cast("Table", Node.__table__)
beside_the_record = [
    cast("Table", table.__table__)
    for table in (
        ExecutionLease,
        ExecutionRequest,
        ReusedNode,
        ConcurrencySlot,
        NodeClaim,
        NodeExecutionNumber,
    )
]
"""What is kept of an execution without a reference to it."""


def delete_executions(
    connection: Connection, execution_ids: Sequence[str], now: int | None = None
) -> int:
    """Delete executions with their node executions, attempts, logs, tags and external ids (R2.11).

    Statistics are taken back in the same transaction. An engine that runs one of them finds its
    lease gone and stops. Ids that are not on record are passed over.
    ``now`` is when (µs UTC), the machine's time when None.
    Answers how many executions were deleted. Call it with at most a few hundred ids a transaction.
    """
    now = SystemClock().now() if now is None else now
    deleted = 0
    for start in range(0, len(execution_ids), CHUNK):
        deleted += _delete_chunk(connection, execution_ids[start : start + CHUNK], now)
    return deleted


def _delete_chunk(connection: Connection, execution_ids: Sequence[str], now: int) -> int:
    # Before the executions are locked: an engine's commit locks its lease first.
    for table in beside_the_record:
        connection.execute(delete(table).where(table.c.workflow_execution_id.in_(execution_ids)))
    states = execution_rows.load(bulk_rows(connection), sorted(map(id_bytes, execution_ids)))
    if not states:
        return 0
    found = [id_text(id_) for id_ in states]
    changes = Changes()
    for state in states.values():
        changes.remove_execution(state)
    of_these = node_executions.c.workflow_execution_id.in_(found)
    subtract_nodes(connection, of_these, changes)
    connection.execute(delete(executions).where(executions.c.id.in_(found)))
    changes.save(connection)
    of = {state.workflow_id for state in states.values()}
    tell_change(
        connection,
        ChangeType.EXECUTIONS_DELETED,
        now,
        workflow_id=id_text(of.pop() or b"") if len(of) == 1 else None,
        data={"count": len(found)},
    )
    return len(found)


def subtract_nodes(
    connection: Connection, condition: ColumnElement[bool], changes: Changes
) -> None:
    """Take the node executions that meet a condition out of the log statistics."""
    row = node_executions.c
    timed = and_(row.status.in_(SETTLED), row.started_at.is_not(None), row.ended_at.is_not(None))
    query = (
        select(
            nodes.c.workflow_id,
            func.count().filter(row.status == "completed").label("completed"),
            func.count().filter(row.status == "failed").label("failed"),
            func.count().filter(timed).label("timed"),
            func.sum(case((timed, _microseconds(connection)), else_=0)).label("took"),
        )
        .select_from(node_executions.join(nodes, nodes.c.id == row.node_id))
        .where(condition)
        .group_by(nodes.c.workflow_id)
    )
    for found in connection.execute(query):
        sums = changes.logs[id_bytes(found.workflow_id)]
        for position, value in enumerate(found[1:], 1):
            sums[position] -= int(value)


def _microseconds(connection: Connection) -> ColumnElement[int]:
    """A node execution's duration in whole microseconds, never below zero."""
    row = node_executions.c
    if connection.dialect.name == "postgresql":
        seconds = func.extract("epoch", row.ended_at - row.started_at)
        return func.greatest(0, seconds * 1_000_000)
    ended_at, started_at = (type_coerce(c, BigInteger) for c in (row.ended_at, row.started_at))
    return func.max(0, ended_at - started_at)
