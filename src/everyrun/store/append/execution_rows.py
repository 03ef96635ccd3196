"""Executions between their rows and their states."""

from collections.abc import Container
from typing import Any

import msgspec

from everyrun.domain.identifiers import birth_of, id_text
from everyrun.domain.status import TriggerType
from everyrun.store.append.joining import (
    OPEN_ENDED,
    RETRYING,
    RUNNING,
    SETTLED,
    Attempt,
    ExecutionState,
    Standing,
)
from everyrun.store.append.members import reopen
from everyrun.store.append.payload_text import new_payloads, payload_text
from everyrun.store.append.rows import BulkRows, Row, RowUpdates

TABLE = "workflow_executions"
KEYS = ("id",)

_STATUS_COLUMNS = (
    "status",
    "recorder_id",
    "started_at",
    "ended_at",
    "seen_at",
    "lost_at",
    "lost_reason",
)
_ERROR_COLUMNS = ("error_type", "error_message", "error_traceback")
_DESCRIPTION_COLUMNS = (
    "trigger_type",
    "external_id",
    "parent_execution_id",
    "parent_node_execution_id",
    "origin_execution_id",
    "batch_id",
    "workflow_version_id",
    "nodes_planned",
    "context",
    "metadata",
    "tags",
)
_PROGRESS_COLUMNS = ("progress_current", "progress_total", "progress_message", "progress_at")
_COUNTER_COLUMNS = (
    "nodes_total",
    "nodes_completed",
    "nodes_failed",
    "nodes_cancelled",
    "nodes_skipped",
    "log_position",
)
_STATE_COLUMNS = (
    *_STATUS_COLUMNS,
    *_ERROR_COLUMNS,
    *_DESCRIPTION_COLUMNS,
    *_PROGRESS_COLUMNS,
    *_COUNTER_COLUMNS,
)
_IDENTITY_COLUMNS = ("id", "workflow_id", "kind")
_LOADED_COLUMNS = (*_IDENTITY_COLUMNS, "updated_at", *_STATE_COLUMNS)
INSERTED_COLUMNS = (
    *_IDENTITY_COLUMNS,
    *_STATE_COLUMNS,
    "created_at",
    "updated_at",
    "input_data",
    "output_data",
)

_STATUS_AT = len(_LOADED_COLUMNS) - len(_STATE_COLUMNS)
_UPDATED_AT = _LOADED_COLUMNS.index("updated_at")
_NODES_TOTAL_AT = _LOADED_COLUMNS.index("nodes_total")
_LOG_POSITION_AT = _LOADED_COLUMNS.index("log_position")


def load(rows: BulkRows, ids: list[bytes]) -> dict[bytes, ExecutionState]:
    """The states of those executions that exist, their rows locked."""
    found = rows.select(TABLE, KEYS, _LOADED_COLUMNS, [(id_,) for id_ in ids])
    return {row[0]: _state_of(row) for row in found}


def load_unsettled_of(rows: BulkRows, recorder: bytes) -> dict[bytes, ExecutionState]:
    """The executions that a recorder left unsettled."""
    found = rows.select_where(
        TABLE,
        _LOADED_COLUMNS,
        "recorder_id = ? AND status NOT IN ('completed', 'failed', 'cancelled', 'skipped') "
        "ORDER BY id",
        (recorder,),
    )
    return {row[0]: _state_of(row) for row in found}


def _phase_of(status: str, attempt: Attempt) -> int:
    if status == "lost":
        if attempt.ended_at is not None:
            return RETRYING
        return RUNNING if attempt.started_at is not None else 0
    return {"pending": 0, "running": RUNNING, "retrying": RETRYING}.get(status, SETTLED)


def restore_attempt(attempt: Attempt, status: str) -> Attempt:
    """Give an attempt read from a row the phase that its status stands for."""
    attempt.phase = _phase_of(status, attempt)
    if attempt.phase == SETTLED:
        attempt.settled_as = status
    return attempt


def _state_of(row: Row) -> ExecutionState:
    state = ExecutionState(row[0], row[2], "")
    state.workflow_id = row[1]
    state.loaded = row
    attempt = state.current
    (
        status,
        attempt.recorder,
        attempt.started_at,
        attempt.ended_at,
        attempt.seen_at,
        attempt.lost_at,
        attempt.lost_reason,
        attempt.error_type,
        attempt.error_message,
        attempt.error_traceback,
        state.trigger,
        state.external_id,
        state.parent,
        state.parent_node,
        state.origin,
        state.batch_id,
        state.version,
        state.nodes_planned,
        context,
        metadata,
        tags,
        state.progress.current,
        state.progress.total,
        state.progress.message,
        state.progress.at,
        *_counters,
    ) = row[_STATUS_AT:]
    state.context = msgspec.json.decode(context)
    state.metadata = msgspec.json.decode(metadata)
    state.tags = frozenset(msgspec.json.decode(tags))
    restore_attempt(attempt, status)
    state.before = Standing(status, attempt.started_at, attempt.ended_at)
    reopen(state)
    return state


def nodes_before(state: ExecutionState) -> int:
    """How many node executions were on record before this batch."""
    return 0 if state.loaded is None else int(state.loaded[_NODES_TOTAL_AT])


def members_of(state: ExecutionState) -> list[int]:
    """Node executions after this batch: all, completed, failed, cancelled, skipped."""
    before = (0,) * 5 if state.loaded is None else state.loaded[_NODES_TOTAL_AT:_LOG_POSITION_AT]
    return [old + change for old, change in zip(before, state.node_changes, strict=True)]


def recorder_gone_at(state: ExecutionState, gone: dict[bytes, int]) -> int | None:
    """When its recorder was found gone, where that says something of it.

    Workers run a canvas, whatever became of the process that sent it.
    """
    if state.kind == OPEN_ENDED and members_of(state)[0]:
        return None
    return gone.get(state.current.recorder or b"")


def lines_before(state: ExecutionState) -> int:
    """The position of the last log line on record before this batch."""
    return 0 if state.loaded is None else int(state.loaded[_LOG_POSITION_AT])


def _state_values(state: ExecutionState, gone_at: int | None) -> tuple[Any, ...]:
    attempt = state.current
    unsettled = attempt.phase != SETTLED
    # It may yet run again, and then this evidence counts as it did.
    reopens = state.kind == OPEN_ENDED
    counters = (0,) * len(_COUNTER_COLUMNS)
    if state.loaded is not None:
        counters = state.loaded[-len(_COUNTER_COLUMNS) :]
    return (
        attempt.status(gone_at),
        attempt.recorder,
        attempt.started_at,
        attempt.ended_at,
        attempt.seen_at if unsettled else None,
        attempt.lost_at if unsettled or reopens else None,
        attempt.lost_reason if unsettled or reopens else None,
        attempt.error_type,
        attempt.error_message,
        attempt.error_traceback,
        state.trigger or TriggerType.MANUAL.value,
        state.external_id,
        state.parent,
        state.parent_node,
        state.origin,
        state.batch_id,
        state.version,
        state.nodes_planned,
        payload_text(state.context) or "{}",
        payload_text(state.metadata) or "{}",
        payload_text(sorted(state.tags)) or "[]",
        state.progress.current,
        state.progress.total,
        state.progress.message,
        state.progress.at,
        *(
            old + change
            for old, change in zip(counters, (*state.node_changes, state.lines), strict=True)
        ),
    )


def save(
    rows: BulkRows,
    states: list[ExecutionState],
    gone: dict[bytes, int],
    now: int,
    touched: Container[bytes],
) -> None:
    """Write new executions and those that changed; their node executions are written after.

    ``updated_at`` grows with every change, whatever the clocks say, so that it tells one state of
    an execution from any other. ``touched`` are executions of which something changes that does not
    stand in their row.
    """
    inserted: list[Row] = []
    updates = RowUpdates(TABLE, KEYS, _STATE_COLUMNS)
    for state in states:
        attempt = state.current
        values = _state_values(state, recorder_gone_at(state, gone))
        if state.loaded is None:
            input_text = payload_text(state.input)
            created_at = birth_of(id_text(state.id))
            identity = (state.id, state.workflow_id, state.kind)
            output = payload_text(attempt.output)
            inserted.append((*identity, *values, created_at, now, input_text or "{}", output))
            continue
        before = state.loaded[_STATUS_AT:]
        more = new_payloads(state)
        if more or values != before or state.id in touched:
            updated_at = max(now, state.loaded[_UPDATED_AT] + 1)
            updates.add((state.id,), before, values, *more, ("updated_at", updated_at))
    rows.insert(TABLE, INSERTED_COLUMNS, inserted)
    updates.write(rows)
