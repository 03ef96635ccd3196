"""``/pipeline``: chains of Celery tasks, and any other execution, as seed 004 tells them."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import Query

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from everyrun.domain.views.executions import ExecutionSummary
from everyrun.server.contract.words import PROCESS_WORDS, ProcessWord
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.reading.chain_tasks import Task
from everyrun.store.reading.pipelines import (
    FURTHEST_OFFSET,
    LONGEST_HISTORY,
    MOST_TASKS,
    TASKS_SHOWN,
    Chain,
    chain_history,
    find_chain,
    read_chain,
)

routes = Routes("/pipeline", tag="pipelines")


class ChainNotFound(NotOnRecord):
    """Chain not found"""


class TaskRow(msgspec.Struct, kw_only=True):
    """One task of a chain (R4.3, R4.9)."""

    task_id: str
    task_name: str
    status: ProcessWord
    retries: int
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None


class ChainStatus(msgspec.Struct, kw_only=True):
    """One chain, with its tasks by their start (R4.9). ``progress`` is 0 to 1.

    ``tasks`` has as many as were asked for, of ``total_tasks``.
    """

    chain_id: str
    chain_name: str
    status: ProcessWord
    progress: float
    total_tasks: int
    completed_tasks: int
    failed_tasks: int
    started_at: datetime | None
    finished_at: datetime | None
    error_message: str | None
    tasks: list[TaskRow]


class ChainRow(msgspec.Struct, kw_only=True):
    """One chain in the history (R4.10)."""

    chain_id: str
    chain_name: str
    status: ProcessWord
    completed_tasks: int
    total_tasks: int
    started_at: datetime | None
    finished_at: datetime | None


@routes.get(
    "/status/{chain_id}",
    role=Role.VIEWER,
    answers=ChainStatus,
    polled=True,
    raises=(ChainNotFound,),
)
def pipeline_status(
    visit: Visit,
    chain_id: str,
    limit: Annotated[int, Query(ge=1, le=MOST_TASKS)] = TASKS_SHOWN,
    offset: Annotated[int, Query(ge=0, le=MOST_TASKS)] = 0,
) -> ChainStatus:
    """How a chain stands, with its tasks, by its own id or its execution's.

    Of a chain of more than 500 tasks the first 500 are told; ask with ``limit`` and ``offset``
    for others.
    """
    with visit.reading() as connection:
        try:
            chain = read_chain(connection, find_chain(connection, chain_id), limit, offset)
        except NotOnRecord:
            raise ChainNotFound from None
    return chain_status(chain_id, chain)


def chain_status(chain_id: str, chain: Chain) -> ChainStatus:
    """A chain as the seed tells it; its id is the one by which it was asked for."""
    summary = chain.summary
    total = _total(summary)
    return ChainStatus(
        chain_id=chain_id,
        chain_name=summary.workflow,
        status=PROCESS_WORDS[Status(summary.status)],
        progress=summary.nodes_completed / total if total else 0,
        total_tasks=total,
        completed_tasks=summary.nodes_completed,
        failed_tasks=summary.nodes_failed,
        started_at=summary.started_at,
        finished_at=summary.ended_at,
        error_message=_error_of(chain),
        tasks=[_task_row(task) for task in chain.tasks],
    )


@routes.get("/history", role=Role.VIEWER, answers=list[ChainRow], polled=True)
def pipeline_history(
    visit: Visit,
    limit: Annotated[int, Query(ge=1, le=LONGEST_HISTORY)] = 100,
    offset: Annotated[int, Query(ge=0, le=FURTHEST_OFFSET)] = 0,
) -> list[ChainRow]:
    """The latest chains, the newest first."""
    with visit.reading() as connection:
        found = chain_history(connection, limit, offset)
    return [
        ChainRow(
            chain_id=chain.external_id or chain.id,
            chain_name=chain.workflow,
            status=PROCESS_WORDS[Status(chain.status)],
            completed_tasks=chain.nodes_completed,
            total_tasks=_total(chain),
            started_at=chain.started_at,
            finished_at=chain.ended_at,
        )
        for chain in found
    ]


def _total(summary: ExecutionSummary) -> int:
    """As many tasks as were planned, or more when more have come."""
    return max(summary.nodes_planned or 0, summary.nodes_total)


def _error_of(chain: Chain) -> str | None:
    """What went wrong, or what shows that it is lost."""
    if chain.error_message or chain.summary.status != Status.LOST:
        return chain.error_message
    return chain.summary.lost_reason


def _task_row(task: Task) -> TaskRow:
    return TaskRow(
        task_id=task.id,
        task_name=task.name,
        status=PROCESS_WORDS[Status(task.status)],
        retries=task.attempt - 1,
        error=task.error or task.lost_reason,
        started_at=task.started_at,
        finished_at=task.ended_at,
    )
