"""The node executions of one execution."""

from collections.abc import Sequence
from typing import Any, cast

import msgspec
from sqlalchemy import Connection, Integer, Table, bindparam, case, func, select

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.status import Status
from everyrun.domain.views.nodes import NodeAttemptDetail, NodeDetail, NodePage, NodeSummary
from everyrun.store.column_types import Identifier
from everyrun.store.reading.cursors import NodeCursor
from everyrun.store.reading.known_ids import record_id
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.prepared import Prepared
from everyrun.store.reading.recorders import recorders
from everyrun.store.reading.summaries import LONGEST_ERROR, error_line, seconds_between
from everyrun.store.tables import Node, NodeAttempt, NodeExecution

nodes = cast("Table", Node.__table__)
node_executions = cast("Table", NodeExecution.__table__)
node_attempts = cast("Table", NodeAttempt.__table__)

MOST_NODES = 10_000
MOST_ATTEMPTS = 100


_n = node_executions.c
_why_recorder_is_gone = (
    select(recorders.c.gone_reason).where(recorders.c.id == _n.recorder_id).scalar_subquery()
)

_SUMMARY_COLUMNS = (
    _n.id,
    nodes.c.key.label("node"),
    nodes.c.node_type,
    _n.status,
    _n.attempt.label("attempts"),
    _n.execution_order,
    _n.parent_node_execution_id,
    _n.iteration,
    _n.started_at,
    _n.ended_at,
    _n.progress_current,
    _n.progress_total,
    _n.progress_message,
    case(
        (_n.status == Status.LOST.value, func.coalesce(_n.lost_reason, _why_recorder_is_gone)),
        else_=_n.lost_reason,
    ).label("lost_reason"),
    _n.error_type,
    func.substr(_n.error_message, 1, LONGEST_ERROR + 1).label("error_beginning"),
)
_ROWS = node_executions.join(nodes, nodes.c.id == _n.node_id)
_NODES = Prepared(
    select(*_SUMMARY_COLUMNS)
    .select_from(_ROWS)
    .where(_n.workflow_execution_id == bindparam("execution", type_=Identifier))
    .order_by(_n.workflow_execution_id, _n.id)
    .limit(bindparam("count", type_=Integer))
)


def read_nodes(connection: Connection, execution_id: str) -> list[NodeSummary]:
    """An execution's node executions by (execution_order, id), 10,000 at most: the first born."""
    found = [
        _summary(row)
        for row in _NODES.rows(connection, {"execution": execution_id, "count": MOST_NODES})
    ]
    found.sort(key=_rank)
    return found


def page_of_nodes(
    connection: Connection, execution_id: str, *, limit: int = 500, cursor: str | None = None
) -> NodePage:
    """An execution's node executions in the order of their birth, 1 to 500 at a time.

    Raises :class:`InvalidQuery` and :class:`InvalidCursor`.
    """
    checked_limit(limit)
    statement = select(*_SUMMARY_COLUMNS).select_from(_ROWS)
    statement = statement.where(_n.workflow_execution_id == execution_id)
    if cursor is not None:
        statement = statement.where(_n.id > NodeCursor.read(cursor))
    statement = statement.order_by(_n.workflow_execution_id, _n.id).limit(limit + 1)
    with kept_to_indexes(connection):
        rows = connection.execute(statement).all()
    items = [_summary(row) for row in rows[:limit]]
    return NodePage(items=items, next=NodeCursor.after(items[-1].id) if len(rows) > limit else None)


def _rank(node: NodeSummary) -> tuple[float, str]:
    order = node.execution_order
    return (float("inf") if order is None else order, node.id)


def _summary(row: Sequence[Any]) -> NodeSummary:
    (
        id_,
        node,
        node_type,
        status,
        attempts,
        order,
        parent,
        iteration,
        started_at,
        ended_at,
        progress_current,
        progress_total,
        progress_message,
        lost_reason,
        error_type,
        error_beginning,
    ) = row[: len(_SUMMARY_COLUMNS)]
    return NodeSummary(
        id_,
        node,
        node_type,
        status,
        attempts,
        order,
        parent,
        iteration,
        started_at,
        ended_at,
        seconds_between(started_at, ended_at),
        progress_current,
        progress_total,
        progress_message,
        error_line(error_type, error_beginning),
        lost_reason,
    )


def read_node(connection: Connection, execution_id: str, node_execution_id: str) -> NodeDetail:
    """One node execution with its payloads and its latest attempts, 100 before the current one.

    Raises :class:`NotOnRecord`.
    """
    of_node = (record_id(execution_id), record_id(node_execution_id))
    whole = (
        _n.recorder_id,
        _n.attempt_started_at,
        _n.seen_at,
        _n.lost_at,
        _n.input_data,
        _n.output_data,
        _n.error_message,
        _n.error_traceback,
    )
    statement = (
        select(*_SUMMARY_COLUMNS, *whole)
        .select_from(_ROWS)
        .where(_n.workflow_execution_id == of_node[0], _n.id == of_node[1])
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotOnRecord(f"no node execution of {of_node[0]} has the id {node_execution_id!r}")
    with kept_to_indexes(connection):
        earlier = _earlier_attempts(connection, *of_node)
    summary = _summary(row)
    current = NodeAttemptDetail(
        attempt=row.attempts,
        status=row.status,
        started_at=row.attempt_started_at,
        ended_at=row.ended_at,
        duration_seconds=seconds_between(row.attempt_started_at, row.ended_at),
        recorder_id=row.recorder_id,
        error_type=row.error_type,
        error_message=row.error_message,
        error_traceback=row.error_traceback,
    )
    return NodeDetail(
        **msgspec.structs.asdict(summary),
        execution_id=of_node[0],
        recorder_id=row.recorder_id,
        attempt_started_at=row.attempt_started_at,
        seen_at=row.seen_at,
        lost_at=row.lost_at,
        input=row.input_data,
        output=row.output_data,
        error_type=row.error_type,
        error_message=row.error_message,
        error_traceback=row.error_traceback,
        attempt_details=[*earlier, current],
    )


def _earlier_attempts(
    connection: Connection, execution_id: str, node_execution_id: str
) -> list[NodeAttemptDetail]:
    attempts = node_attempts.c
    statement = (
        select(
            attempts.attempt,
            attempts.status,
            attempts.started_at,
            attempts.ended_at,
            attempts.recorder_id,
            attempts.error_type,
            attempts.error_message,
            attempts.error_traceback,
        )
        .where(
            attempts.workflow_execution_id == execution_id,
            attempts.node_execution_id == node_execution_id,
        )
        .order_by(
            attempts.workflow_execution_id.desc(),
            attempts.node_execution_id.desc(),
            attempts.attempt.desc(),
        )
        .limit(MOST_ATTEMPTS)
    )
    latest = connection.execute(statement).all()
    return [
        NodeAttemptDetail(
            **row._mapping,  # noqa: SLF001 - SQLAlchemy's public way to a row's names
            duration_seconds=seconds_between(row.started_at, row.ended_at),
        )
        for row in reversed(latest)
    ]
