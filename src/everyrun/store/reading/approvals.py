"""What waits for a person's yes or no, over all executions."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, literal, select
from sqlalchemy.types import Integer

from everyrun.domain.status import Status
from everyrun.domain.views.controlling import WaitingApproval, WaitingApprovals
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.nodes import node_executions, nodes
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.workflow_names import workflows
from everyrun.store.tables.executions import TROUBLED_ROWS

APPROVAL = "approval"
"""The type of the nodes that wait for a person."""

NODES_LOOKED_AT = 20_000
"""Running node executions, the earliest begun, that are looked at for approvals."""

_n = node_executions.c
_RUNNING = (
    select(_n.workflow_execution_id, _n.id, _n.node_id)
    # Said once more in the index's own words, for it is partial.
    .where(_n.status == literal(Status.RUNNING.value), TROUBLED_ROWS)
    .order_by(_n.status, _n.started_at)
    .limit(NODES_LOOKED_AT)
    .subquery("running")
)
_whole = node_executions.alias("whole")
_WAITING = (
    select(
        _whole.c.workflow_execution_id.label("execution_id"),
        workflows.c.name.label("workflow"),
        nodes.c.key,
        _whole.c.iteration,
        _whole.c.id.label("node_execution_id"),
        _whole.c.started_at.label("since"),
        _whole.c.input_data,
    )
    .select_from(_RUNNING)
    .join(nodes, nodes.c.id == _RUNNING.c.node_id)
    .join(
        _whole,
        (_whole.c.workflow_execution_id == _RUNNING.c.workflow_execution_id)
        & (_whole.c.id == _RUNNING.c.id),
    )
    .join(executions, executions.c.id == _RUNNING.c.workflow_execution_id)
    .join(workflows, workflows.c.id == executions.c.workflow_id)
    .where(nodes.c.node_type == APPROVAL)
    .order_by(_whole.c.started_at, _whole.c.id)
    .limit(bindparam("count", type_=Integer))
)


def waiting_approvals(connection: Connection, limit: int = 100) -> WaitingApprovals:
    """The approvals that wait, longest first, 1 to 500. Raises :class:`InvalidQuery`."""
    checked_limit(limit)
    with kept_to_indexes(connection):
        rows = connection.execute(_WAITING, {"count": limit + 1}).all()
    items = [_approval(row) for row in rows[:limit]]
    return WaitingApprovals(items=items, complete=len(rows) <= limit)


def _approval(row: Row[*tuple[Any, ...]]) -> WaitingApproval:
    asked = row.input_data if isinstance(row.input_data, dict) else {}
    message, approvers = asked.get("message"), asked.get("approvers")
    return WaitingApproval(
        execution_id=row.execution_id,
        workflow=row.workflow,
        node=row.key if row.iteration is None else f"{row.key}[{row.iteration}]",
        node_execution_id=row.node_execution_id,
        since=row.since,
        message=message if isinstance(message, str) else None,
        approvers=[str(name) for name in approvers] if isinstance(approvers, list) else [],
    )
