"""What an execution belongs to, and what belongs to it, by bounded work."""

from typing import cast

from sqlalchemy import Connection, Table, select

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.status import TriggerType
from everyrun.domain.views.executions import ExecutionFilters, ExecutionSummary
from everyrun.domain.views.relations import ExecutionRelations, MemberOfBatch, Relatives
from everyrun.store.reading.executions import list_executions
from everyrun.store.reading.known_ids import record_id
from everyrun.store.reading.lanes import Lane, Span, entry_in, executions, sift
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.summaries import read_summaries
from everyrun.store.tables import Batch

MOST_RELATIVES = 100
RERUNS_LOOKED_AT = 3_000
"""Reruns of the same workflow that are looked at for those of one execution: the newest."""

batches = cast("Table", Batch.__table__)
_e = executions.c


def read_relations(connection: Connection, execution_id: str) -> ExecutionRelations:
    """An execution's parent, children, origin, reruns and batch; 100 of each at most.

    Raises :class:`NotOnRecord`.
    """
    id_ = record_id(execution_id)
    statement = select(
        _e.workflow_id, _e.parent_execution_id, _e.origin_execution_id, _e.batch_id
    ).where(_e.id == id_)
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotOnRecord(f"no execution on record has the id {execution_id!r}")
    above = list(filter(None, (row.parent_execution_id, row.origin_execution_id)))
    found = {summary.id: summary for summary in read_summaries(connection, above)}
    return ExecutionRelations(
        id=id_,
        parent=found.get(row.parent_execution_id),
        origin=found.get(row.origin_execution_id),
        batch=_batch(connection, row.batch_id),
        children=_children(connection, id_),
        reruns=_reruns(connection, id_, row.workflow_id),
    )


def _batch(connection: Connection, batch_id: str | None) -> MemberOfBatch | None:
    if batch_id is None:
        return None
    b = batches.c
    row = connection.execute(select(b.id, b.name, b.status).where(b.id == batch_id)).one_or_none()
    return None if row is None else MemberOfBatch(id=row.id, name=row.name, status=row.status)


def _children(connection: Connection, id_: str) -> Relatives:
    filters = ExecutionFilters(parent_execution_id=id_)
    page = list_executions(connection, filters, limit=MOST_RELATIVES)
    return Relatives(items=page.items, complete=page.next is None)


def _reruns(connection: Connection, id_: str, workflow_id: str) -> Relatives:
    """Reruns are born after their origin, in the same workflow: one lane has them all."""
    lane = Lane((("workflow_id", workflow_id), ("trigger_type", TriggerType.RERUN.value)))
    since = Span(oldest=id_)
    with kept_to_indexes(connection, plan_once=True):
        floor = entry_in(connection, lane, since, RERUNS_LOOKED_AT)
        looked_at = since if floor is None else Span(oldest=floor)
        wanted = _e.origin_execution_id == id_
        ids = sift(connection, lane, looked_at, wanted, MOST_RELATIVES + 1)
    items: list[ExecutionSummary] = read_summaries(connection, ids[:MOST_RELATIVES])
    return Relatives(items=items, complete=floor is None and len(ids) <= MOST_RELATIVES)
