"""Node executions and their attempts between their rows and their states."""

from typing import Any

import msgspec

from everyrun.store.append.execution_rows import restore_attempt
from everyrun.store.append.joining import PENDING, RETRYING, SETTLED, Attempt, NodeState, Standing
from everyrun.store.append.payload_text import new_payloads, payload_text
from everyrun.store.append.rows import BulkRows, Row, RowUpdates

TABLE = "node_executions"
KEYS = ("workflow_execution_id", "id")
ATTEMPTS = "node_attempts"
ATTEMPT_KEYS = ("workflow_execution_id", "node_execution_id", "attempt")

NodeKey = tuple[bytes, bytes]

_STATE_COLUMNS = (
    "parent_node_execution_id",
    "iteration",
    "execution_order",
    "status",
    "attempt",
    "recorder_id",
    "started_at",
    "attempt_started_at",
    "ended_at",
    "seen_at",
    "lost_at",
    "lost_reason",
    "error_type",
    "error_message",
    "error_traceback",
    "progress_current",
    "progress_total",
    "progress_message",
    "progress_at",
    "metadata",
)
_LOADED_COLUMNS = (*KEYS, "node_id", *_STATE_COLUMNS)
INSERTED_COLUMNS = (*_LOADED_COLUMNS, "input_data", "output_data")
_ATTEMPT_COLUMNS = (
    *ATTEMPT_KEYS,
    "status",
    "recorder_id",
    "started_at",
    "ended_at",
    "error_type",
    "error_message",
    "error_traceback",
)
_STATE_AT = len(_LOADED_COLUMNS) - len(_STATE_COLUMNS)
_ATTEMPT_AT = _LOADED_COLUMNS.index("attempt")


def load(rows: BulkRows, keys: list[NodeKey]) -> dict[NodeKey, NodeState]:
    """The states of those node executions that exist; their executions are locked already."""
    found = rows.select(TABLE, KEYS, _LOADED_COLUMNS, list(keys))
    return {(row[0], row[1]): _state_of(row) for row in found}


def load_unsettled_of(rows: BulkRows, recorder: bytes) -> dict[NodeKey, NodeState]:
    """The node executions that a recorder left unsettled."""
    found = rows.select_where(
        TABLE,
        _LOADED_COLUMNS,
        "recorder_id = ? AND status NOT IN ('completed', 'failed', 'cancelled', 'skipped') "
        "ORDER BY workflow_execution_id, id",
        (recorder,),
    )
    return {(row[0], row[1]): _state_of(row) for row in found}


def load_attempts(rows: BulkRows, states: dict[NodeKey, NodeState], wanted: list[Row]) -> None:
    """Add the earlier attempts of these (execution, node execution, attempt) to their states."""
    for row in rows.select(ATTEMPTS, ATTEMPT_KEYS, _ATTEMPT_COLUMNS, wanted):
        attempt = Attempt(row[2])
        (
            status,
            attempt.recorder,
            attempt.started_at,
            attempt.ended_at,
            attempt.error_type,
            attempt.error_message,
            attempt.error_traceback,
        ) = row[3:]
        if status == "failed":
            attempt.phase = RETRYING
        else:
            restore_attempt(attempt, status)
        states[row[0], row[1]].others[attempt.number] = attempt


def _state_of(row: Row) -> NodeState:
    state = NodeState(row[0], row[1], "")
    state.node_id = row[2]
    state.loaded = row
    attempt = state.current
    (
        state.parent,
        state.iteration,
        state.order,
        status,
        attempt.number,
        attempt.recorder,
        state.started_at,
        attempt.started_at,
        attempt.ended_at,
        attempt.seen_at,
        attempt.lost_at,
        attempt.lost_reason,
        attempt.error_type,
        attempt.error_message,
        attempt.error_traceback,
        state.progress.current,
        state.progress.total,
        state.progress.message,
        state.progress.at,
        metadata,
    ) = row[_STATE_AT:]
    if metadata is not None:
        state.metadata = msgspec.json.decode(metadata)
    restore_attempt(attempt, status)
    state.before = Standing(status, state.started_at, attempt.ended_at)
    return state


def _state_values(state: NodeState, gone_at: int | None) -> tuple[Any, ...]:
    attempt = state.current
    unsettled = attempt.phase != SETTLED
    progress = state.progress
    return (
        state.parent,
        state.iteration,
        state.order,
        attempt.status(gone_at),
        attempt.number,
        attempt.recorder,
        state.started_at,
        attempt.started_at,
        attempt.ended_at,
        attempt.seen_at if unsettled else None,
        attempt.lost_at if unsettled else None,
        attempt.lost_reason if unsettled else None,
        attempt.error_type,
        attempt.error_message,
        attempt.error_traceback,
        progress.current,
        progress.total,
        progress.message,
        progress.at,
        payload_text(state.metadata or None),
    )


def _attempt_status(attempt: Attempt) -> str:
    if attempt.phase == SETTLED:
        return str(attempt.settled_as)
    return "failed" if attempt.phase == RETRYING else "lost"


class NodeChanges:
    """What a batch does to node executions: new ones, changed ones, attempts no longer current.

    ``executions`` are those to which they belong.
    """

    def __init__(self, states: list[NodeState], gone: dict[bytes, int]) -> None:
        self.executions: set[bytes] = set()
        self._inserted: list[Row] = []
        self._updates = RowUpdates(TABLE, KEYS, _STATE_COLUMNS)
        self._retried = [state for state in states if state.others or _moved(state)]
        self.executions.update(state.execution_id for state in self._retried)
        for state in states:
            gone_at = gone.get(state.current.recorder or b"") if gone else None
            self._add(state, _state_values(state, gone_at))

    def _add(self, state: NodeState, values: Row) -> None:
        if state.loaded is not None:
            key = (state.execution_id, state.id)
            before = state.loaded[_STATE_AT:]
            if self._updates.add(key, before, values, *new_payloads(state)):
                self.executions.add(state.execution_id)
            return
        input_text = payload_text(state.input)
        output = payload_text(state.current.output)
        identity = (state.execution_id, state.id, state.node_id)
        self._inserted.append((*identity, *values, input_text or "{}", output))
        self.executions.add(state.execution_id)

    def save(self, rows: BulkRows) -> None:
        """Write them; their executions are on record already."""
        rows.insert(TABLE, INSERTED_COLUMNS, self._inserted)
        self._updates.write(rows)
        _save_attempts(rows, self._retried)


def _moved(state: NodeState) -> bool:
    return state.loaded is not None and state.loaded[_ATTEMPT_AT] != state.current.number


def _save_attempts(rows: BulkRows, states: list[NodeState]) -> None:
    earlier = [
        (state.execution_id, state.id, attempt.number, attempt)
        for state in states
        for attempt in state.others.values()
        if not (attempt.phase == PENDING and attempt.is_blank)
    ]
    replaced = [key for *key, _attempt in earlier]
    replaced += [[s.execution_id, s.id, s.current.number] for s in states if _moved(s)]
    rows.execute(
        f"DELETE FROM {ATTEMPTS} WHERE workflow_execution_id = ? "  # noqa: S608 - own names
        "AND node_execution_id = ? AND attempt = ?",
        [tuple(key) for key in replaced],
    )
    rows.insert(
        ATTEMPTS,
        _ATTEMPT_COLUMNS,
        [
            (
                *key,
                _attempt_status(attempt),
                attempt.recorder,
                attempt.started_at,
                attempt.ended_at,
                attempt.error_type,
                attempt.error_message,
                attempt.error_traceback,
            )
            for *key, attempt in earlier
        ],
    )
