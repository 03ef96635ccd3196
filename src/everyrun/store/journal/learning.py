"""What a journal asks the ledger after the general door has written something for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Row, Table, bindparam, select

from everyrun.domain.clock import to_microseconds
from everyrun.domain.status import SETTLED, Status
from everyrun.store.journal.rows import RETRYING, RUNNING, OpenRow
from everyrun.store.tables import Node, NodeExecution, WorkflowExecution

_CHUNK = 500

executions = cast("Table", WorkflowExecution.__table__)
node_executions = cast("Table", NodeExecution.__table__)
nodes = cast("Table", Node.__table__)

_e = executions.c
_n = node_executions.c

_EXECUTION = select(_e.workflow_id, _e.status, _e.started_at, _e.nodes_total).where(
    _e.id == bindparam("execution")
)
_ROWS = select(
    _n.id,
    _n.attempt,
    _n.status,
    _n.started_at,
    _n.attempt_started_at,
    _n.execution_order,
    _n.parent_node_execution_id,
    _n.iteration,
).where(
    _n.workflow_execution_id == bindparam("execution"),
    _n.id.in_(bindparam("ids", expanding=True)),
    _n.recorder_id == bindparam("recorder"),
    _n.status.in_((RUNNING, RETRYING)),
    _n.started_at.is_not(None),
    _n.attempt_started_at.is_not(None),
)
_NODES = select(nodes.c.key, nodes.c.id).where(nodes.c.workflow_id == bindparam("workflow"))


class Learned(NamedTuple):
    """How an execution stands. ``began`` is as ``Memory.began``; ``open`` are those asked for."""

    workflow_id: str
    began: int | None
    open: dict[str, OpenRow]


def learn(
    connection: Connection, execution_id: str, ids: Sequence[str], recorder_id: str
) -> Learned | None:
    """How an execution stands, and those of these node executions that a recorder left open.

    None when there is no such execution.
    """
    found = connection.execute(_EXECUTION, {"execution": execution_id}).one_or_none()
    if found is None:
        return None
    began = None
    if found.status != Status.PENDING and found.nodes_total:
        began = _microseconds(found.started_at)
    rows: dict[str, OpenRow] = {}
    for start in range(0, len(ids), _CHUNK):
        asked = {
            "execution": execution_id,
            "ids": list(ids[start : start + _CHUNK]),
            "recorder": recorder_id,
        }
        rows.update(_open_row(row) for row in connection.execute(_ROWS, asked))
    return Learned(found.workflow_id, began, rows)


def learn_nodes(connection: Connection, workflow_id: str) -> dict[str, str]:
    """The ids of a workflow's nodes by key."""
    found = connection.execute(_NODES, {"workflow": workflow_id})
    return {key: id_ for key, id_ in found}  # noqa: C416 - rows are no pairs to mypy


def has_settled(connection: Connection, execution_id: str) -> bool:
    """Whether an execution has settled."""
    found = connection.execute(_EXECUTION, {"execution": execution_id}).one_or_none()
    return found is not None and found.status in SETTLED


def _open_row(row: Row[*tuple[Any, ...]]) -> tuple[str, OpenRow]:
    id_, attempt, status, started_at, attempt_started_at, order, parent, iteration = row
    return id_, OpenRow(
        attempt,
        status,
        to_microseconds(started_at),
        to_microseconds(attempt_started_at),
        order,
        parent,
        iteration,
    )


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)
