"""Chains of tasks as the seed's pipeline tells them: one with its tasks, and the latest ones."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from everyrun.domain.errors import InvalidQuery, NotOnRecord
from everyrun.domain.status import Status, WorkflowKind
from everyrun.domain.views.executions import ExecutionSummary
from everyrun.store.reading.chain_tasks import Task, first_failed, read_tasks
from everyrun.store.reading.external_ids import owners_of
from everyrun.store.reading.lanes import Lane, Span, executions, newest_in
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.summaries import read_summaries
from everyrun.store.reported import executions_named

LONGEST_HISTORY = 500
FURTHEST_OFFSET = 100_000
TASKS_SHOWN = 500
"""Tasks of a chain in its status, unless another number is asked for."""
MOST_TASKS = 10_000
"""Tasks of a chain in its status, at most, and how many may be passed over."""

_CELERY = WorkflowKind.CELERY.value
_e = executions.c


class Chain(NamedTuple):
    """One chain with some of its tasks, by their start."""

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


def read_chain(
    connection: Connection, execution_id: str, limit: int = TASKS_SHOWN, offset: int = 0
) -> Chain:
    """A chain's execution with ``limit`` of its tasks, from ``offset`` on.

    ``error_message`` is what the chain says, else what its first failed task does (R4.7). Raises
    :class:`NotOnRecord` and :class:`InvalidQuery`.
    """
    checked_limit(limit, MOST_TASKS)
    if not 0 <= offset <= MOST_TASKS:
        raise InvalidQuery(f"an offset is 0 to {MOST_TASKS}")
    found = read_summaries(connection, [execution_id])
    if not found:
        raise NotOnRecord(f"there is no chain {execution_id!r}")
    [summary] = found
    error = None
    if summary.error is not None:
        error = connection.execute(select(_e.error_message).where(_e.id == execution_id)).scalar()
    if not error and summary.status == Status.FAILED:
        failed = first_failed(connection, summary)
        if failed is not None:
            error = f"Task {failed.name} failed: {failed.error or ''}".rstrip()
    return Chain(summary, error, read_tasks(connection, summary, limit, offset))


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
