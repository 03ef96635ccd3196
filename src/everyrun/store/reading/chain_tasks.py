"""Tasks of a chain by their start (R4.9), a page at a time.

A chain of usual size is read whole and sorted; a larger one is sorted by the database. Of
thousands of tasks that still run that takes too long to be asked again and again: there the first
by their start come down the index of each of the chain's nodes, merged, and after them those that
wait, down an index of their own, so that a page costs what it holds. In a chain that is over, that
way ends with it, not with all that its workflow ran since.
"""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    String,
    bindparam,
    case,
    func,
    select,
)

from everyrun.domain.status import SETTLED, Status
from everyrun.domain.views.executions import ExecutionSummary
from everyrun.store.column_types import Identifier, Moment
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.nodes import node_executions, nodes
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.prepared import Prepared
from everyrun.store.reading.recorders import recorders
from everyrun.store.tables.executions import WAITING_ROWS

LONGEST_TASK_ERROR = 500
READ_WHOLE = 500
"""Tasks of a chain, at most, that are all read for any page."""
SORTED_WHOLE = 3_000
"""Tasks of a chain, at most, that are all sorted for any page also while it runs."""
MOST_NODES = 50
"""Nodes of a workflow, at most, whose indexes are merged; a chain of more is sorted whole."""

_FEW = 2
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_n = node_executions.c


class Task(NamedTuple):
    """One task of a chain; ``error`` is at most 500 characters (R4.3)."""

    id: str
    name: str
    status: str
    attempt: int
    error: str | None
    lost_reason: str | None
    started_at: datetime | None
    ended_at: datetime | None
    order: int | None
    """Its place among what was planned with it."""


_why_lost = func.coalesce(
    _n.lost_reason,
    select(recorders.c.gone_reason).where(recorders.c.id == _n.recorder_id).scalar_subquery(),
)
_COLUMNS = (
    _n.id,
    nodes.c.key,
    _n.status,
    _n.attempt,
    func.substr(_n.error_message, 1, LONGEST_TASK_ERROR),
    case((_n.status == Status.LOST.value, func.substr(_why_lost, 1, LONGEST_TASK_ERROR))),
    _n.started_at,
    _n.ended_at,
    _n.execution_order,
)
_EXECUTION = bindparam("execution_id", type_=Identifier)
_COUNT = bindparam("count", type_=Integer)


def _tasks() -> Select[*tuple[object, ...]]:
    return (
        select(*_COLUMNS)
        .join_from(node_executions, nodes, nodes.c.id == _n.node_id)
        .where(_n.workflow_execution_id == _EXECUTION)
        .limit(_COUNT)
    )


def _page() -> Select[*tuple[object, ...]]:
    page = (
        select(*_COLUMNS[:1], _n.node_id, *_COLUMNS[2:])
        .where(_n.workflow_execution_id == _EXECUTION)
        .order_by(
            _n.started_at.is_(None),
            _n.started_at,
            _n.execution_order.is_(None),
            _n.execution_order,
            _n.id,
        )
        .limit(_COUNT)
        .offset(bindparam("offset", type_=Integer))
        .subquery("page")
    )
    told = list(page.c)
    return select(told[0], nodes.c.key, *told[2:]).join_from(
        page, nodes, nodes.c.id == page.c.node_id
    )


_ALL = Prepared(_tasks().order_by(_n.workflow_execution_id, _n.id))
_PAGE = Prepared(_page())
_WAITING_IN_ORDER = Prepared(
    _tasks()
    .where(WAITING_ROWS, _n.execution_order.is_not(None))
    .order_by(_n.workflow_execution_id, _n.execution_order, _n.id)
)
_WAITING = Prepared(
    _tasks()
    .where(WAITING_ROWS, _n.execution_order.is_(None))
    .order_by(_n.workflow_execution_id, _n.execution_order, _n.id)
)
_STARTED = Prepared(
    _tasks()
    .where(
        _n.node_id == bindparam("node_id", type_=Identifier),
        _n.started_at >= bindparam("since", type_=Moment),
        _n.started_at <= bindparam("until", type_=Moment),
    )
    .order_by(_n.node_id, _n.started_at)
)
_FAILED = Prepared(
    _tasks()
    .where(_n.status == bindparam("status", type_=String))
    .order_by(_n.workflow_execution_id, _n.id)
)
_NODES = Prepared(
    select(nodes.c.id)
    .join(executions, executions.c.workflow_id == nodes.c.workflow_id)
    .where(executions.c.id == _EXECUTION)
    .limit(MOST_NODES + 1)
)


def read_tasks(
    connection: Connection, summary: ExecutionSummary, limit: int, offset: int
) -> list[Task]:
    """``limit`` tasks from ``offset`` on, by their start; those that have none last, as planned.

    Of tasks that started in the same microsecond a page's edge may fall between any two.
    """
    end = offset + limit
    of = {"execution_id": summary.id}
    with kept_to_indexes(connection):
        if summary.nodes_total <= READ_WHOLE:
            rows = _ALL.rows(connection, of | {"count": max(summary.nodes_total, end)})
            return sorted(map(Task._make, rows), key=_by_start)[offset:end]
        node_ids = _nodes_of(connection, summary)
        over_at = summary.ended_at if summary.status in SETTLED else None
        between = {"since": summary.started_at, "until": over_at or _NEVER}
        tasks = [] if node_ids is None else _started(connection, of | between, node_ids, end)
        if node_ids is None or (over_at is not None and len(tasks) < end):
            rows = _PAGE.rows(connection, of | {"count": limit, "offset": offset})
            return sorted(map(Task._make, rows), key=_by_start)
        for waiting in (_WAITING_IN_ORDER, _WAITING):
            if len(tasks) < end:
                rows = waiting.rows(connection, of | {"count": end - len(tasks)})
                tasks += map(Task._make, rows)
    return tasks[offset:end]


def _started(
    connection: Connection, of: dict[str, Any], node_ids: list[str], end: int
) -> list[Task]:
    """At least the first ``end`` tasks that have started, or all of them, in their order.

    Of many nodes each has only a part of these: no more is read of one before it is needed.
    """
    count = end if len(node_ids) <= _FEW else min(end, end * 5 // (4 * len(node_ids)) + 1)
    while True:
        tasks: list[Task] = []
        known_until: list[datetime] = []
        for node_id in node_ids:
            rows = _STARTED.rows(connection, of | {"node_id": node_id, "count": count})
            found = list(map(Task._make, rows))
            tasks += found
            if len(found) == count:
                known_until += [task.started_at for task in found[-1:] if task.started_at]
        tasks.sort(key=_by_start)
        if count == end or not known_until:
            return tasks
        until = min(known_until)
        if sum(task.started_at is not None and task.started_at < until for task in tasks) >= end:
            return tasks
        count = end


def first_failed(connection: Connection, summary: ExecutionSummary) -> Task | None:
    """The failed task that started first."""
    asked = {
        "execution_id": summary.id,
        "status": Status.FAILED.value,
        "count": max(summary.nodes_failed, 1),
    }
    with kept_to_indexes(connection):
        rows = _FAILED.rows(connection, asked)
    return min(map(Task._make, rows), key=_by_start, default=None)


def _nodes_of(connection: Connection, summary: ExecutionSummary) -> list[str] | None:
    """The nodes whose indexes are to be merged; None of what is sorted whole."""
    if summary.nodes_total <= SORTED_WHOLE:
        return None
    if summary.started_at is None:
        return []
    found = [row[0] for row in _NODES.rows(connection, {"execution_id": summary.id})]
    return found if len(found) <= MOST_NODES else None


def _by_start(task: Task) -> tuple[bool, datetime | None, bool, int | None, str]:
    return task.started_at is None, task.started_at, task.order is None, task.order, task.id
