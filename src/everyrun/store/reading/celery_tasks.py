"""Celery's tasks on record: those that may still be called off, and those that are known."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from everyrun.domain.identifiers import first_id_at
from everyrun.domain.status import SETTLED, WorkflowKind
from everyrun.store.column_types import Identifier
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.nodes import MOST_NODES, node_executions, nodes
from everyrun.store.reading.workflow_names import workflows

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


_PAGE = 5_000
_e = executions.c


class Owner(NamedTuple):
    """The execution that a task is on record in."""

    execution_id: str
    workflow: str
    tags: list[str]


def owners_of_tasks(
    connection: Connection, node_execution_ids: Collection[str], since: int
) -> dict[str, Owner]:
    """Of these tasks, those in canvases that were made since a moment (µs UTC).

    Goes through the tasks of all of these canvases: only for what runs now and then.
    """
    owners: dict[str, Owner] = {}
    for execution_id, workflow, tags in _canvases(connection, since):
        owner = Owner(execution_id, workflow, list(tags or ()))
        for (id_,) in connection.execute(_TASKS_OF, {"execution": execution_id}):
            if id_ in node_execution_ids:
                owners[id_] = owner
    return owners


_TASKS_OF = select(_n.id).where(
    _n.workflow_execution_id == bindparam("execution", type_=Identifier)
)


def _canvases(connection: Connection, since: int) -> Iterator[Any]:
    """Id, workflow and tags of every canvas since a moment, a page at a time."""
    query = (
        select(_e.id, workflows.c.name, _e.tags)
        .join_from(executions, workflows, workflows.c.id == _e.workflow_id)
        .where(_e.kind == WorkflowKind.CELERY.value)
        .order_by(_e.kind, _e.id)
        .limit(_PAGE)
    )
    last = first_id_at(since)
    while True:
        page = connection.execute(query.where(_e.id > last)).all()
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1][0]
