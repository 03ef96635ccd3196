"""Noticing which executions a batch moved, for those who poll for changes."""

from functools import cache
from typing import cast

from everyrun.domain.changes import ChangeType, execution_change
from everyrun.store.append.joining import ExecutionState, Standing
from everyrun.store.append.rows import BulkRows, Row

TABLE = "changes"
COLUMNS = ("at", "type", "workflow_id", "workflow_execution_id", "batch_id")

_change = cache(execution_change)


class Noticed:
    """The executions that really moved. An execution told of again moves nothing."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._rows: list[Row] = []

    def notice(self, state: ExecutionState, status: str) -> None:
        """Compare what is on record of an execution with its state."""
        before = state.before
        change = _change(None if before is None else before.status, status)
        if change is None:
            attempt = state.current
            if Standing(status, attempt.started_at, attempt.ended_at) == before:
                return
            change = ChangeType.EXECUTION_CORRECTED
        workflow_id = cast("bytes", state.workflow_id)
        self._rows.append((self._now, change.value, workflow_id, state.id, state.batch_id))

    def save(self, rows: BulkRows) -> None:
        """Put all of it on record, in one statement."""
        rows.insert(TABLE, COLUMNS, self._rows)
