"""What changed since somebody last asked, in the order in which it was committed."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import msgspec
from sqlalchemy import Connection, Row, Table, select

from everyrun.domain.changes import ChangeType
from everyrun.domain.views.changes import (
    BatchCounts,
    ChangedSchedule,
    ChangeItem,
    ChangesPage,
    LogsUpdated,
)
from everyrun.store.changes.positions import (
    BEGINNING,
    MARKED,
    PRUNED,
    Position,
    from_place,
    in_order,
    is_in_order,
    newest_change,
    position_of,
)
from everyrun.store.changes.telling import changes
from everyrun.store.reading.known_ids import one_of
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.workflow_names import workflows
from everyrun.store.tables import WorkflowNumber

__all__ = ["ChangeItem", "ChangesPage", "read_changes"]

MOST_CHANGES = 1_000

numbers = cast("Table", WorkflowNumber.__table__)

_c = changes.c
_SCRIPT_EVENTS: dict[str, str] = {
    ChangeType.EXECUTION_COMPLETED: "workflowExecutionCompleted",
    ChangeType.EXECUTION_FAILED: "workflowExecutionFailed",
}


def read_changes(connection: Connection, after: str | None, limit: int = 100) -> ChangesPage:
    """The changes after a cursor, 1 to 1,000 at a time; without one, where they are by now.

    A change is read once everything that precedes it is: see ``store.changes.positions``. Raises
    :class:`InvalidCursor`, and :class:`InvalidQuery` for a limit that cannot be.
    """
    checked_limit(limit, MOST_CHANGES)
    if after is None:
        newest = newest_change(connection).position
        return ChangesPage(items=[], next=newest.cursor, more=False, reset=False)
    asked = Position.of(after)
    found = _rows_from(connection, asked, limit)
    rest = _after(asked, found)
    if rest is None:
        newest = newest_change(connection).position
        return ChangesPage(items=[], next=newest.cursor, more=False, reset=True)
    told = rest[:limit]
    reached = _place(told[-1]) if told else asked
    of = _workflows_of(connection, told)
    return ChangesPage(
        items=[_item(row, of.get(row.workflow_id, _Workflow())) for row in told],
        next=reached.cursor,
        more=len(rest) > limit,
        reset=False,
    )


def _rows_from(
    connection: Connection, place: Position, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The change at a place, those after it that were asked for, and one more.

    All in one statement: what is pruned between two would be missed.
    """
    dialect = connection.dialect.name
    query = (
        select(_c.transaction, _c.id, *MARKED, _c.type, _c.data)
        .where(from_place(place, dialect), is_in_order(dialect))
        .order_by(*in_order(dialect))
        .limit(limit + 2)
    )
    return connection.execute(query).all()


class _Workflow(NamedTuple):
    """What a change says of its workflow beside the id; ``number`` is None before it is given."""

    name: str | None = None
    kind: str | None = None
    number: int | None = None


def _workflows_of(
    connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]
) -> dict[str | None, _Workflow]:
    ids = sorted({row.workflow_id for row in rows if row.workflow_id is not None})
    if not ids:
        return {}
    w = workflows.c
    query = (
        select(w.id, w.name, w.kind, numbers.c.number)
        .outerjoin(numbers, numbers.c.workflow_id == w.id)
        .where(one_of(connection, w.id, ids))
    )
    return {row[0]: _Workflow(*row[1:]) for row in connection.execute(query)}


def _after(
    asked: Position, found: Sequence[Row[*tuple[Any, ...]]]
) -> Sequence[Row[*tuple[Any, ...]]] | None:
    """What follows the place asked for; None when what followed it is not known to be whole."""
    if asked == BEGINNING:
        return None if found and found[0].type == PRUNED else found
    return found[1:] if found and _place(found[0]) == asked else None


def _place(row: Row[*tuple[Any, ...]]) -> Position:
    return position_of(*row[: 2 + len(MARKED)])


def _item(row: Row[*tuple[Any, ...]], workflow: _Workflow) -> ChangeItem:
    data: dict[str, Any] = row.data or {}
    type_: str = row.type  # it may be one that a newer server told of
    item = ChangeItem(
        type=type_,
        at=row.at,
        workflow_id=row.workflow_id,
        workflow=workflow.name,
        kind=workflow.kind,
        execution_id=row.workflow_execution_id,
        batch_id=row.batch_id,
    )
    if type_ in _SCRIPT_EVENTS and row.batch_id is None:
        script = row.workflow_id if workflow.number is None else workflow.number
        item.logs_updated = LogsUpdated(
            type=_SCRIPT_EVENTS[type_], script_id=script, script_name=workflow.name
        )
    elif type_.startswith("batch."):
        item.batch = msgspec.convert(data, BatchCounts)
        if type_ == ChangeType.BATCH_SETTLED:
            item.logs_updated = LogsUpdated(
                type="allScriptsExecutionCompleted",
                success_count=item.batch.completed,
                fail_count=item.batch.failed,
                total_count=item.batch.total,
            )
    elif type_.startswith("schedule."):
        item.schedule = msgspec.convert(data, ChangedSchedule)
    else:
        item.version = data.get("version")
        item.active = data.get("active") if type_ == ChangeType.WORKFLOW_SWITCHED else None
        item.count = data.get("count")
    return item
