"""What lists say of an execution: everything but its payloads."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Connection, Integer, any_, bindparam, case, func, select

from everyrun.domain.status import Status, WorkflowKind
from everyrun.domain.views.executions import ExecutionSummary
from everyrun.store.column_types import Identifier
from everyrun.store.reading.lanes import Lane, LanePath, Span, executions, is_partitioned
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.prepared import Prepared, Values
from everyrun.store.reading.recorders import recorders
from everyrun.store.reading.workflow_names import workflows

LONGEST_ERROR = 200


_e = executions.c

SUMMARY_COLUMNS = (
    _e.id,
    workflows.c.name.label("workflow"),
    _e.kind,
    _e.status,
    _e.trigger_type.label("trigger"),
    _e.external_id,
    _e.tags,
    _e.parent_execution_id,
    _e.batch_id,
    _e.created_at,
    _e.started_at,
    _e.ended_at,
    _e.nodes_planned,
    _e.nodes_total,
    _e.nodes_completed,
    _e.nodes_failed,
    _e.nodes_cancelled,
    _e.nodes_skipped,
    _e.progress_current,
    _e.progress_total,
    _e.progress_message,
    _e.error_type,
    func.substr(_e.error_message, 1, LONGEST_ERROR + 1).label("error_beginning"),
    case(
        (_e.status == Status.LOST.value, func.coalesce(_e.lost_reason, recorders.c.gone_reason)),
        # A canvas that goes on after all keeps this evidence, in case that it hangs again.
        (_e.kind != WorkflowKind.CELERY.value, _e.lost_reason),
    ).label("lost_reason"),
)
_SUMMARIES = (
    select(*SUMMARY_COLUMNS)
    .join_from(executions, workflows, workflows.c.id == _e.workflow_id)
    .outerjoin(recorders, recorders.c.id == _e.recorder_id)
)
_SIZES = (1, 10, 51, 101, 501)


def seconds_between(started_at: datetime | None, ended_at: datetime | None) -> float | None:
    """Seconds from start to end, None while either is missing."""
    if started_at is None or ended_at is None:
        return None
    return (ended_at - started_at).total_seconds()


def error_line(error_type: str | None, beginning: str | None) -> str | None:
    """``Type: first line of the message``, at most 200 characters; None without an error."""
    if error_type is None and beginning is None:
        return None
    first = next(iter((beginning or "").splitlines()), "")
    name = None if error_type is None else error_type.rpartition(".")[2]
    line = ": ".join(part for part in (name, first) if part)
    return line if len(line) <= LONGEST_ERROR else line[: LONGEST_ERROR - 1] + "…"


def summary_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """The summary's fields, and the error's type, from :data:`SUMMARY_COLUMNS` by their names."""
    fields["error"] = error_line(fields["error_type"], fields.pop("error_beginning"))
    fields["duration_seconds"] = seconds_between(fields["started_at"], fields["ended_at"])
    return fields


def read_summaries(connection: Connection, ids: Sequence[str]) -> list[ExecutionSummary]:
    """The summaries of these executions, in the order of their ids; those gone are left out."""
    found: dict[str, ExecutionSummary] = {}
    for start in range(0, len(ids), _SIZES[-1]):
        for row in _rows_of(connection, ids[start : start + _SIZES[-1]]):
            found[row[0]] = _summary(row)
    return [found[id_] for id_ in ids if id_ in found]


def _summary(row: Values) -> ExecutionSummary:
    """A row of :data:`SUMMARY_COLUMNS`; written out, for lists are made of many."""
    (
        id_,
        workflow,
        kind,
        status,
        trigger,
        external_id,
        tags,
        parent_execution_id,
        batch_id,
        created_at,
        started_at,
        ended_at,
        nodes_planned,
        nodes_total,
        nodes_completed,
        nodes_failed,
        nodes_cancelled,
        nodes_skipped,
        progress_current,
        progress_total,
        progress_message,
        error_type,
        error_beginning,
        lost_reason,
    ) = row
    return ExecutionSummary(
        id=id_,
        workflow=workflow,
        kind=kind,
        status=status,
        trigger=trigger,
        external_id=external_id,
        tags=tags,
        parent_execution_id=parent_execution_id,
        batch_id=batch_id,
        created_at=created_at,
        started_at=started_at,
        ended_at=ended_at,
        duration_seconds=seconds_between(started_at, ended_at),
        nodes_planned=nodes_planned,
        nodes_total=nodes_total,
        nodes_completed=nodes_completed,
        nodes_failed=nodes_failed,
        nodes_cancelled=nodes_cancelled,
        nodes_skipped=nodes_skipped,
        progress_current=progress_current,
        progress_total=progress_total,
        progress_message=progress_message,
        error=error_line(error_type, error_beginning),
        lost_reason=lost_reason,
    )


def newest_summaries(
    connection: Connection, lane: Lane, span: Span, count: int
) -> list[ExecutionSummary]:
    """The newest executions of a lane, newest first, ``count`` at most, in one statement."""
    statement = _in_lane(lane.columns, is_partitioned(connection))
    with kept_to_indexes(connection, plan_once=True):
        rows = statement.rows(connection, lane.parameters(span, count))
    return [_summary(row) for row in rows]


@cache
def _in_lane(columns: tuple[str, ...], partitioned: bool) -> Prepared:
    path = LanePath.over(columns)
    statement = path.narrowed(_SUMMARIES, path.bound(), partitioned)
    return Prepared(statement.limit(bindparam("count", type_=Integer)))


def _rows_of(connection: Connection, ids: Sequence[str]) -> list[Values]:
    if connection.dialect.name == "postgresql":
        return _by_array().rows(connection, {"ids": list(ids)})
    size = next(size for size in _SIZES if size >= len(ids))
    padded = [*ids, *([None] * (size - len(ids)))]
    return _by_list(size).rows(connection, {f"id_{n}": id_ for n, id_ in enumerate(padded)})


@cache
def _by_array() -> Prepared:
    ids = bindparam("ids", type_=ARRAY(Identifier))
    return Prepared(_SUMMARIES.where(_e.id == any_(ids)))


@cache
def _by_list(size: int) -> Prepared:
    """Of so many ids: a list of any length would be another statement each time."""
    ids = [bindparam(f"id_{n}", type_=Identifier) for n in range(size)]
    return Prepared(_SUMMARIES.where(_e.id.in_(ids)))
