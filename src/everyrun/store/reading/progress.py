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
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.prepared import Prepared

_e = executions.c
_COLUMNS = (
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
)
_PROGRESS = Prepared(select(*_COLUMNS).where(_e.id == bindparam("id", type_=Identifier)))
_NAMES = [column.name for column in _COLUMNS]


def read_progress(connection: Connection, execution_id: str, now: int) -> ExecutionProgress:
    """How far an execution is at ``now`` (µs UTC). Raises :class:`NotOnRecord`."""
    with kept_to_indexes(connection, plan_once=True):
        row = _PROGRESS.first(connection, {"id": record_id(execution_id)})
    if row is None:
        raise NotOnRecord(f"no execution on record has the id {execution_id!r}")
    fields = dict(zip(_NAMES, row, strict=True))
    moved = to_microseconds(fields.pop("updated_at"))
    done = fields["status"] in SETTLED
    return ExecutionProgress(
        log_lines=fields.pop("log_position"),
        done=done,
        poll_after_ms=0 if done else poll_after(now - moved),
        **fields,
    )
