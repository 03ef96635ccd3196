"""The tasks of a canvas that an operator may still call off."""

from typing import Any

from sqlalchemy import Connection, select

from everyrun.domain.status import SETTLED
from everyrun.store.reading.nodes import MOST_NODES, node_executions, nodes

_n = node_executions.c
CELERY = "celery"
"""``node_type`` of a Celery task."""


def open_tasks(connection: Connection, execution_id: str) -> list[str]:
    """Celery's ids of an execution's tasks that have not ended, 10,000 at most.

    A task that goes on under another one's id is named by that id.
    """
    query = (
        select(_n.id, _n.metadata)
        .join_from(node_executions, nodes, nodes.c.id == _n.node_id)
        .where(
            _n.workflow_execution_id == execution_id,
            nodes.c.node_type == CELERY,
            _n.status.not_in(SETTLED),
        )
        .order_by(_n.workflow_execution_id, _n.id)
        .limit(MOST_NODES)
    )
    return [_task_id(id_, metadata) for id_, metadata in connection.execute(query)]


def _task_id(id_: str, metadata: Any) -> str:
    known = metadata.get("task_id") if isinstance(metadata, dict) else None
    return known if isinstance(known, str) else id_
