"""The list of workflows of every kind: each with its last execution and its recent ones."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, case, func, select, tuple_

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import InvalidCursor
from everyrun.domain.status import SETTLED
from everyrun.domain.views.executions import ExecutionSummary
from everyrun.domain.views.workflows import RecentExecutions, WorkflowPage, WorkflowSummary
from everyrun.store.reading.cursors import IdCursor, page_of
from everyrun.store.reading.known_ids import one_of
from everyrun.store.reading.lanes import Lane
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.many_lanes import newest_of_each
from everyrun.store.reading.matching import as_stored, contains
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.statistics import stats_buckets
from everyrun.store.reading.summaries import read_summaries
from everyrun.store.reading.workflow_names import workflows
from everyrun.store.versions import WorkflowRecord, workflow_record, workflow_records

RECENT_HOURS = 24
MOST_RECENT_HOURS = 7 * 24
_HOUR = 3_600_000_000
_QUARTER = 900_000_000
_CURSOR = IdCursor(b"w")

_w = workflows.c
_b = stats_buckets.c
_PLACE = (case((_w.execution_order == 0, 1), else_=0), _w.execution_order, _w.name, _w.id)
"""Those that have a place come first; what was only ever seen to run has none."""


class WorkflowFilters(msgspec.Struct, kw_only=True, frozen=True):
    """Which workflows: what is None does not filter. ``text`` is any part of the name."""

    kind: str | None = None
    active: bool | None = None
    text: str | None = None
    deleted: bool = False


def read_workflows(
    connection: Connection,
    filters: WorkflowFilters,
    *,
    now: int,
    recent_hours: int = RECENT_HOURS,
    limit: int = 50,
    cursor: str | None = None,
) -> WorkflowPage:
    """Workflows in execution order, then by name, 1 to 500 at a time; ``now`` is µs UTC.

    Raises :class:`InvalidCursor`, and ``InvalidQuery`` for a filter or limit that cannot be.
    """
    checked_limit(limit)
    query = workflow_records()
    if filters.kind is not None:
        query = query.where(_w.kind == as_stored(filters.kind))
    if filters.active is not None:
        query = query.where(_w.active.is_(filters.active))
    if filters.text is not None:
        query = query.where(contains(_w.name, filters.text, connection.dialect.name))
    if not filters.deleted:
        query = query.where(_w.deleted_at.is_(None))
    if cursor is not None:
        query = query.where(tuple_(*_PLACE) > _place_of(connection, cursor))
    rows = connection.execute(query.order_by(*_PLACE).limit(limit + 1)).all()
    found, more = page_of(
        list(map(workflow_record, rows)), limit, lambda each: _CURSOR.after(each.id)
    )
    last = last_runs(connection, found)
    recent = recent_executions(connection, [each.id for each in found], now, recent_hours)
    items = [_summary(each, last.get((each.kind, each.name)), recent[each.id]) for each in found]
    return WorkflowPage(items=items, next=more)


def _place_of(connection: Connection, cursor: str) -> Any:
    last = select(*_PLACE).where(_w.id == _CURSOR.read(cursor))
    place = connection.execute(last).one_or_none()
    if place is None:
        raise InvalidCursor
    return tuple_(*place, types=[column.type for column in _PLACE])


def last_runs(
    connection: Connection, found: Sequence[WorkflowRecord]
) -> dict[tuple[str, str], ExecutionSummary]:
    """(kind, name) -> the newest execution, of those workflows that have any."""
    lanes = [Lane((("workflow_id", each.id),)) for each in found]
    with kept_to_indexes(connection, plan_once=True):
        ids = newest_of_each(connection, lanes)
    return {(run.kind, run.workflow): run for run in read_summaries(connection, ids)}


def recent_executions(
    connection: Connection, ids: Sequence[str], now: int, hours: int = RECENT_HOURS
) -> dict[str, RecentExecutions]:
    """Workflow id -> how the executions of the last hours stand, whole quarters of an hour."""
    since = to_datetime((now - hours * _HOUR) // _QUARTER * _QUARTER)
    counts: dict[str, dict[str, int]] = {id_: {} for id_ in ids}
    if ids:
        query = (
            select(_b.workflow_id, _b.status, func.sum(_b.executions))
            .where(one_of(connection, _b.workflow_id, ids), _b.bucket >= since)
            .group_by(_b.workflow_id, _b.status)
        )
        for id_, status, number in connection.execute(query):
            counts[id_][status] = int(number)
    settled = sorted(status.value for status in SETTLED)
    return {
        id_: RecentExecutions(
            since=since,
            total=sum(of_it.values()),
            open=sum(number for status, number in of_it.items() if status not in SETTLED),
            **{status: of_it.get(status, 0) for status in settled},
        )
        for id_, of_it in counts.items()
    }


def _summary(
    record: WorkflowRecord, last: ExecutionSummary | None, recent: RecentExecutions
) -> WorkflowSummary:
    return WorkflowSummary(
        id=record.id,
        name=record.name,
        kind=record.kind,
        active=record.active,
        deleted=record.deleted,
        order=record.execution_order,
        version=record.version,
        description=record.description,
        updated_at=to_datetime(record.updated_at),
        last_run=last,
        recent=recent,
    )
