"""What the engine needs to know of an execution to go on with it, or to run it again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Row, Table, and_, exists, func, select, type_coerce
from sqlalchemy.types import BigInteger

from everyrun.domain.clock import to_microseconds
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.status import SETTLED, Status
from everyrun.store.tables import Node, NodeExecution, ReusedNode, Workflow, WorkflowExecution

MOST_CHILDREN = 10_000
_CHUNK = 400

executions = cast("Table", WorkflowExecution.__table__)
node_executions = cast("Table", NodeExecution.__table__)
nodes = cast("Table", Node.__table__)
reused = cast("Table", ReusedNode.__table__)
workflows = cast("Table", Workflow.__table__)

_e = executions.c
_n = node_executions.c


_HISTORY = select(
    _n.id,
    nodes.c.key,
    _n.iteration,
    _n.parent_node_execution_id,
    _n.status,
    _n.attempt,
    _n.execution_order,
    _n.started_at,
    _n.ended_at,
    _n.output_data,
    _n.input_data,
    _n.error_type,
    _n.error_message,
).join_from(node_executions, nodes, nodes.c.id == _n.node_id)


class NodeHistory(NamedTuple):
    """One node execution as it stands. Times are microseconds UTC."""

    id: str
    key: str
    iteration: str | None
    parent_node_execution_id: str | None
    status: Status
    attempt: int
    order: int | None
    started_at: int | None
    ended_at: int | None
    output: Any
    input: Any
    error_type: str | None
    error_message: str | None


class ExecutionHistory(NamedTuple):
    """One execution as it stands. Times are microseconds UTC."""

    id: str
    workflow_id: str
    workflow: str
    kind: str
    status: Status
    version_id: str | None
    input: Any
    output: Any
    trigger: str
    external_id: str | None
    origin_execution_id: str | None
    parent_execution_id: str | None
    parent_node_execution_id: str | None
    batch_id: str | None
    recorder_id: str | None
    started_at: int | None
    ended_at: int | None
    tags: list[str]
    context: Mapping[str, Any]
    metadata: Mapping[str, Any]
    error_type: str | None
    error_message: str | None


def read_execution(connection: Connection, execution_id: str) -> ExecutionHistory:
    """An execution by its full id. Raises :class:`NotOnRecord`."""
    query = (
        select(
            _e.id,
            _e.workflow_id,
            workflows.c.name,
            _e.kind,
            _e.status,
            _e.workflow_version_id,
            _e.input_data,
            _e.output_data,
            _e.trigger_type,
            _e.external_id,
            _e.origin_execution_id,
            _e.parent_execution_id,
            _e.parent_node_execution_id,
            _e.batch_id,
            _e.recorder_id,
            _e.started_at,
            _e.ended_at,
            _e.tags,
            _e.context,
            _e.metadata,
            _e.error_type,
            _e.error_message,
        )
        .join_from(executions, workflows, workflows.c.id == _e.workflow_id)
        .where(_e.id == execution_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotOnRecord(f"no execution {execution_id} is on record")
    found = ExecutionHistory._make(row)
    return found._replace(
        status=Status(found.status),
        started_at=_microseconds(row.started_at),
        ended_at=_microseconds(row.ended_at),
    )


def read_node(
    connection: Connection, execution_id: str, key: str, iteration: str | None
) -> NodeHistory | None:
    """The newest execution of one node, in one turn of a loop if ``iteration`` names it."""
    query = (
        _HISTORY.where(_n.workflow_execution_id == execution_id, nodes.c.key == key)
        .where(_n.iteration.is_not_distinct_from(iteration))
        .order_by(_n.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _node(row)


def read_history(connection: Connection, execution_id: str) -> list[NodeHistory]:
    """All node executions of an execution in the order in which they were begun."""
    query = _HISTORY.where(_n.workflow_execution_id == execution_id)
    found = [_node(row) for row in connection.execute(query)]
    found.sort(key=_begun)
    return found


def settled_keys(connection: Connection, execution_id: str) -> set[str]:
    """The nodes of an execution's outermost graph that have settled."""
    query = (
        select(nodes.c.key)
        .join_from(node_executions, nodes, nodes.c.id == _n.node_id)
        .where(
            _n.workflow_execution_id == execution_id,
            _n.parent_node_execution_id.is_(None),
            _n.iteration.is_(None),
            _n.status.in_([status.value for status in SETTLED]),
        )
    )
    return set(connection.execute(query).scalars())


def read_news(
    connection: Connection, execution_id: str, known: Mapping[str, NodeHistory]
) -> list[NodeHistory]:
    """:func:`read_history` for who read it before: what is as it was is not read again.

    A row is as it was while its status and attempt are, to whoever plans with it.
    """
    query = select(_n.id, _n.status, _n.attempt).where(_n.workflow_execution_id == execution_id)
    found: list[NodeHistory] = []
    changed: list[str] = []
    for id_, status, attempt in connection.execute(query):
        before = known.get(id_)
        if before is not None and (before.status, before.attempt) == (status, attempt):
            found.append(before)
        else:
            changed.append(id_)
    for start in range(0, len(changed), _CHUNK):
        some = _HISTORY.where(
            _n.workflow_execution_id == execution_id,
            _n.id.in_(changed[start : start + _CHUNK]),
        )
        found += [_node(row) for row in connection.execute(some)]
    found.sort(key=_begun)
    return found


def _begun(node: NodeHistory) -> tuple[float, str]:
    return (float("inf") if node.order is None else node.order, node.id)


def read_node_execution(
    connection: Connection, execution_id: str, node_execution_id: str
) -> NodeHistory | None:
    """One node execution by its id."""
    query = _HISTORY.where(_n.workflow_execution_id == execution_id, _n.id == node_execution_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _node(row)


def _node(row: Row[*tuple[Any, ...]]) -> NodeHistory:
    found = NodeHistory._make(row)
    return found._replace(
        status=Status(found.status),
        started_at=_microseconds(row.started_at),
        ended_at=_microseconds(row.ended_at),
    )


def children_of(connection: Connection, execution_id: str) -> list[str]:
    """The executions that an execution started, the oldest first, 10,000 at most."""
    query = (
        select(_e.id)
        .where(_e.parent_execution_id == execution_id)
        .order_by(_e.id)
        .limit(MOST_CHILDREN)
    )
    return list(connection.execute(query).scalars())


def child_of_node(connection: Connection, execution_id: str, node_execution_id: str) -> str | None:
    """The newest execution that was started for a node execution."""
    query = (
        select(_e.id)
        .where(
            _e.parent_execution_id == execution_id,
            _e.parent_node_execution_id == node_execution_id,
        )
        .order_by(_e.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def usual_durations(
    connection: Connection, workflow_id: str, executions_back: int = 3
) -> dict[str, float]:
    """Node key -> seconds that it took on average in the last completed executions.

    What a rerun took over from elsewhere does not count.
    """
    last = (
        select(_e.id)
        .where(_e.workflow_id == workflow_id, _e.status == Status.COMPLETED.value)
        .order_by(_e.id.desc())
        .limit(executions_back)
    )
    ids = list(connection.execute(last).scalars())
    if not ids:
        return {}
    taken_over = exists().where(
        and_(
            reused.c.workflow_execution_id == _n.workflow_execution_id,
            reused.c.node_execution_id == _n.id,
        )
    )
    query = (
        select(nodes.c.key, func.avg(_seconds(connection)))
        .join_from(node_executions, nodes, nodes.c.id == _n.node_id)
        .where(
            _n.workflow_execution_id.in_(ids),
            _n.status == Status.COMPLETED.value,
            _n.started_at.is_not(None),
            _n.ended_at.is_not(None),
            ~taken_over,
        )
        .group_by(nodes.c.key)
    )
    return {key: max(0.0, float(seconds)) for key, seconds in connection.execute(query)}


def _seconds(connection: Connection) -> Any:
    if connection.dialect.name == "postgresql":
        return func.extract("epoch", _n.ended_at - _n.started_at)
    return (type_coerce(_n.ended_at, BigInteger) - type_coerce(_n.started_at, BigInteger)) / 1e6


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else to_microseconds(moment)
