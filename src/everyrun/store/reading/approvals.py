"""What waits for a person's yes or no, over all executions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, literal, select
from sqlalchemy.types import Integer

from everyrun.domain.status import Status
from everyrun.domain.views.controlling import WaitingApproval, WaitingApprovals
from everyrun.store.reading.known_ids import one_of
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
_type = select(nodes.c.node_type).where(nodes.c.id == _n.node_id).scalar_subquery()
_RUNNING = (
    select(_n.workflow_execution_id, _n.id, _type.label("node_type"))
    # Said once more in the index's own words, for it is partial.
    .where(_n.status == literal(Status.RUNNING.value), TROUBLED_ROWS)
    .order_by(_n.status, _n.started_at)
    .limit(NODES_LOOKED_AT)
    .subquery("running")
)
_WAITING = (
    select(_RUNNING.c.workflow_execution_id, _RUNNING.c.id)
    .where(_RUNNING.c.node_type == APPROVAL)
    .limit(bindparam("count", type_=Integer))
)


def waiting_approvals(connection: Connection, limit: int = 100) -> WaitingApprovals:
    """The approvals that wait, longest first, 1 to 500. Raises :class:`InvalidQuery`."""
    checked_limit(limit)
    with kept_to_indexes(connection):
        found = connection.execute(_WAITING, {"count": limit + 1}).all()
        waiting = found[:limit]
        rows = connection.execute(_whole(connection, waiting)).all() if waiting else []
    items = sorted(map(_approval, rows), key=lambda item: (item.since, item.node_execution_id))
    return WaitingApprovals(items=items, complete=len(found) <= limit)


def _whole(connection: Connection, keys: Sequence[Row[str, str]]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            _n.workflow_execution_id.label("execution_id"),
            workflows.c.name.label("workflow"),
            nodes.c.key,
            _n.iteration,
            _n.id.label("node_execution_id"),
            _n.started_at.label("since"),
            _n.input_data,
        )
        .join_from(node_executions, nodes, nodes.c.id == _n.node_id)
        .join(workflows, workflows.c.id == nodes.c.workflow_id)
        .where(
            one_of(connection, _n.workflow_execution_id, [execution for execution, _ in keys]),
            one_of(connection, _n.id, [node for _, node in keys]),
        )
    )


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
