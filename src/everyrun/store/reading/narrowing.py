"""Statistics narrowed to the workflows of a name or a kind."""

from sqlalchemy import ColumnElement, Connection, select, true

from everyrun.store.reading.lanes import Lane
from everyrun.store.reading.matching import as_stored
from everyrun.store.reading.statistics import stats_buckets
from everyrun.store.reading.workflow_names import choose_workflows, workflows


def lanes_of(connection: Connection, workflow: str | None, kind: str | None) -> list[Lane]:
    """The lanes that hold the executions of the workflows of this name and kind; None means any."""
    if workflow is not None:
        ids = choose_workflows(connection, name=workflow, kind=kind).ids or ()
        return [Lane((("workflow_id", id_),)) for id_ in ids]
    return [Lane() if kind is None else Lane((("kind", as_stored(kind)),))]


def buckets_of(workflow: str | None, kind: str | None) -> ColumnElement[bool]:
    """Whether a bucket is of a workflow of this name and kind; None means any."""
    if workflow is None and kind is None:
        return true()
    query = select(workflows.c.id)
    if workflow is not None:
        query = query.where(workflows.c.name == as_stored(workflow))
    if kind is not None:
        query = query.where(workflows.c.kind == as_stored(kind))
    return stats_buckets.c.workflow_id.in_(query)
