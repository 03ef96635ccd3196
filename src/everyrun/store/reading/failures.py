"""What failed lately, with the first line of why."""

from typing import Any

from sqlalchemy import Connection, Row, func, select

from everyrun.domain.views.statistics import RecentFailure, RecentFailures
from everyrun.store.reading.cursors import ExecutionCursor
from everyrun.store.reading.known_ids import one_of
from everyrun.store.reading.lanes import LAST_ID, Lane, Span, executions, newest_in
from everyrun.store.reading.limits import checked_limit
from everyrun.store.reading.narrowing import lanes_of
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.workflow_names import workflows

LONGEST_LINE = 300
"""Characters of an error's first line."""

_e = executions.c


def recent_failures(
    connection: Connection,
    *,
    workflow: str | None = None,
    kind: str | None = None,
    limit: int = 20,
    cursor: str | None = None,
) -> RecentFailures:
    """The executions that failed, the latest born first, 1 to 500 at a time.

    Raises :class:`InvalidCursor`, and :class:`InvalidQuery` for a limit that cannot be.
    """
    checked_limit(limit)
    newest = LAST_ID if cursor is None else ExecutionCursor.read(cursor)
    lanes = [
        Lane((*lane.fixed, ("status", "failed"))) for lane in lanes_of(connection, workflow, kind)
    ]
    ids: list[str] = []
    with kept_to_indexes(connection, plan_once=True):
        for lane in lanes:
            ids += newest_in(connection, lane, Span(newest=newest), limit + 1)
    ids = sorted(ids, reverse=True)
    shown = ids[:limit]
    return RecentFailures(
        items=_read(connection, shown),
        next=ExecutionCursor.after(shown[-1]) if len(ids) > limit else None,
    )


def _read(connection: Connection, ids: list[str]) -> list[RecentFailure]:
    query = (
        select(
            _e.id,
            _e.workflow_id,
            workflows.c.name,
            workflows.c.kind,
            _e.started_at,
            _e.ended_at,
            _e.error_type,
            func.substr(_e.error_message, 1, LONGEST_LINE * 4).label("error_message"),
            _e.batch_id,
        )
        .join_from(executions, workflows, workflows.c.id == _e.workflow_id)
        .where(one_of(connection, _e.id, ids))
    )
    found = {row.id: _failure(row) for row in connection.execute(query)} if ids else {}
    return [found[id_] for id_ in ids if id_ in found]


def _failure(row: Row[*tuple[Any, ...]]) -> RecentFailure:
    return RecentFailure(
        execution_id=row.id,
        workflow_id=row.workflow_id,
        workflow=row.name,
        kind=row.kind,
        started_at=row.started_at,
        ended_at=row.ended_at,
        error_type=row.error_type,
        error_line=_first_line(row.error_message),
        batch_id=row.batch_id,
    )


def _first_line(message: str | None) -> str | None:
    lines = (message or "").strip().splitlines()
    if not lines:
        return None
    line = lines[0].rstrip()
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"
