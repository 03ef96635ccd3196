"""What lists say of an execution: everything but its payloads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from everyrun.domain.status import Status
from everyrun.domain.views.executions import ExecutionSummary
from everyrun.store.reading.known_ids import one_of
from everyrun.store.reading.lanes import executions
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
        else_=_e.lost_reason,
    ).label("lost_reason"),
)


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


def summary_fields(row: Any) -> dict[str, Any]:
    """The summary's fields from a row that has :data:`SUMMARY_COLUMNS`."""
    fields = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    fields["error"] = error_line(fields.pop("error_type"), fields.pop("error_beginning"))
    fields["duration_seconds"] = seconds_between(fields["started_at"], fields["ended_at"])
    return fields


def read_summaries(connection: Connection, ids: Sequence[str]) -> list[ExecutionSummary]:
    """The summaries of these executions, in the order of their ids; those gone are left out."""
    if not ids:
        return []
    statement = (
        select(*SUMMARY_COLUMNS)
        .join_from(executions, workflows, workflows.c.id == _e.workflow_id)
        .outerjoin(recorders, recorders.c.id == _e.recorder_id)
        .where(one_of(connection, _e.id, ids))
    )
    found = {
        summary.id: summary
        for row in connection.execute(statement)
        if (summary := ExecutionSummary(**summary_fields(row)))
    }
    return [found[id_] for id_ in ids if id_ in found]
