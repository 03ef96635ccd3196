"""Chains of tasks as the seed's pipeline tells them: one with its tasks, and the latest ones."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select

from everyrun.domain.errors import InvalidQuery, NotOnRecord
from everyrun.domain.status import WorkflowKind
from everyrun.domain.views.executions import ExecutionSummary
from everyrun.store.column_types import Identifier
from everyrun.store.reading.external_ids import owners_of
from everyrun.store.reading.lanes import Lane, Span, executions, newest_in
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.nodes import MOST_NODES, node_executions, nodes
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.prepared import Prepared
from everyrun.store.reading.summaries import read_summaries
from everyrun.store.reported import executions_named

LONGEST_HISTORY = 500
FURTHEST_OFFSET = 100_000
LONGEST_TASK_ERROR = 500

_CELERY = WorkflowKind.CELERY.value
_e = executions.c
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


class Chain(NamedTuple):
    """One chain with its tasks, by their start."""

    summary: ExecutionSummary
    error_message: str | None
    tasks: list[Task]


def find_chain(connection: Connection, chain_id: str) -> str:
    """The execution of a chain by the caller's id for it, or the ledger's, whatever its kind.

    Raises :class:`NotOnRecord`.
    """
    found = owners_of(connection, chain_id, _CELERY) or executions_named(connection, chain_id)
    if not found:
        raise NotOnRecord(f"there is no chain {chain_id!r}")
    return found[0]


def read_chain(connection: Connection, execution_id: str) -> Chain:
    """A chain's execution with its tasks, 10,000 at most. Raises :class:`NotOnRecord`."""
    found = read_summaries(connection, [execution_id])
    if not found:
        raise NotOnRecord(f"there is no chain {execution_id!r}")
    error = select(_e.error_message).where(_e.id == execution_id)
    return Chain(
        found[0],
        connection.execute(error).scalar(),
        _tasks(connection, execution_id),
    )


_TASKS = Prepared(
    select(
        _n.id,
        nodes.c.key,
        _n.status,
        _n.attempt,
        func.substr(_n.error_message, 1, LONGEST_TASK_ERROR),
        func.substr(_n.lost_reason, 1, LONGEST_TASK_ERROR),
        _n.started_at,
        _n.ended_at,
        _n.execution_order,
    )
    .join_from(node_executions, nodes, nodes.c.id == _n.node_id)
    .where(_n.workflow_execution_id == bindparam("execution_id", type_=Identifier))
    .order_by(_n.workflow_execution_id, _n.id)
    .limit(MOST_NODES)
)


def _tasks(connection: Connection, execution_id: str) -> list[Task]:
    with kept_to_indexes(connection):
        rows = _TASKS.rows(connection, {"execution_id": execution_id})
    tasks = list(map(Task._make, rows))
    tasks.sort(key=_rank)
    return tasks


def _rank(task: Task) -> tuple[bool, datetime | None, bool, int | None, str]:
    """By their start (R4.9); those that have not started by their place in the chain."""
    return task.started_at is None, task.started_at, task.order is None, task.order, task.id


def chain_history(connection: Connection, limit: int, offset: int) -> list[ExecutionSummary]:
    """The latest chains, the newest first (R4.10); 500 at a time, ``offset`` 100,000 at most.

    Raises :class:`InvalidQuery`.
    """
    checked_limit(limit, LONGEST_HISTORY)
    if not 0 <= offset <= FURTHEST_OFFSET:
        raise InvalidQuery(f"an offset is 0 to {FURTHEST_OFFSET}")
    lane = Lane((("kind", _CELERY),))
    with kept_to_indexes(connection, plan_once=True):
        ids = newest_in(connection, lane, Span(), offset + limit)[offset:]
    return read_summaries(connection, ids)
