"""How far one execution is."""

from sqlalchemy import Connection, bindparam, select

from everyrun.domain.clock import to_microseconds
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.status import SETTLED
from everyrun.domain.views.progress import ExecutionProgress
from everyrun.store.column_types import Identifier
from everyrun.store.reading.known_ids import record_id
from everyrun.store.reading.lanes import executions
from everyrun.store.reading.logs import poll_after

_e = executions.c
_PROGRESS = select(
    _e.id,
    _e.status,
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
    _e.log_position,
    _e.updated_at,
).where(_e.id == bindparam("id", type_=Identifier))


def read_progress(connection: Connection, execution_id: str, now: int) -> ExecutionProgress:
    """How far an execution is at ``now`` (µs UTC). Raises :class:`NotOnRecord`."""
    row = connection.execute(_PROGRESS, {"id": record_id(execution_id)}).one_or_none()
    if row is None:
        raise NotOnRecord(f"no execution on record has the id {execution_id!r}")
    fields = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's names
    moved = to_microseconds(fields.pop("updated_at"))
    done = row.status in SETTLED
    return ExecutionProgress(
        log_lines=fields.pop("log_position"),
        done=done,
        poll_after_ms=0 if done else poll_after(now - moved),
        **fields,
    )
