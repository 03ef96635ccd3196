"""Sums that move with the rows, in the rows' own transaction.

Each row contributes to the sums by a pure function of what it holds. A change subtracts the old
contribution and adds the new one, so a repeat moves nothing and a recount always agrees.
"""

from collections import defaultdict
from functools import cache
from typing import Any, cast

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import birth_of, id_text
from everyrun.domain.status import SETTLED
from everyrun.store.append import execution_rows
from everyrun.store.append.joining import ExecutionState, NodeState, Standing
from everyrun.store.tables import LogStat, StatsBucket

BUCKET_MICROSECONDS = 15 * 60 * 1_000_000
COUNTED_STATUSES = ("completed", "failed", "cancelled", "skipped")

stats_buckets = cast("Table", StatsBucket.__table__)
log_stats = cast("Table", LogStat.__table__)

BucketKey = tuple[int, bytes, str]


def bucket_of(execution_id: bytes, started_at: int | None) -> int:
    """The start (µs UTC) of the 15 minutes in which an execution counts."""
    at = birth_of(id_text(execution_id)) if started_at is None else started_at
    return at - at % BUCKET_MICROSECONDS


def duration(status: str, started_at: int | None, ended_at: int | None) -> int | None:
    """Microseconds from start to end of what has settled with both known."""
    if status not in SETTLED or started_at is None or ended_at is None:
        return None
    return max(0, ended_at - started_at)


class Changes:
    """What a batch adds to the sums."""

    def __init__(self) -> None:
        self.buckets: dict[BucketKey, list[int]] = defaultdict(lambda: [0, 0, 0])
        self.logs: dict[bytes, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])

    def count_execution(self, state: ExecutionState, status: str) -> None:
        """The execution's row moves from what is on record to its state."""
        workflow_id = cast("bytes", state.workflow_id)
        if state.before is not None:
            self._add_bucket(state.id, workflow_id, state.before, -1)
        now = Standing(status, state.current.started_at, state.current.ended_at)
        self._add_bucket(state.id, workflow_id, now, 1)
        if state.node_changes[0] and execution_rows.nodes_before(state) == 0:
            self.logs[workflow_id][0] += 1

    def remove_execution(self, state: ExecutionState) -> None:
        """The execution's row goes away; its node executions are subtracted apart."""
        workflow_id = cast("bytes", state.workflow_id)
        if state.before is not None:
            self._add_bucket(state.id, workflow_id, state.before, -1)
        if execution_rows.nodes_before(state):
            self.logs[workflow_id][0] -= 1

    def _add_bucket(self, id_: bytes, workflow_id: bytes, row: Standing, sign: int) -> None:
        took = duration(*row)
        sums = self.buckets[bucket_of(id_, row.started_at), workflow_id, row.status]
        sums[0] += sign
        if took is not None:
            sums[1] += sign
            sums[2] += sign * took

    def count_node(self, state: NodeState, status: str, execution: ExecutionState) -> None:
        """The node execution's row moves from what is on record to its state."""
        sums = self.logs[cast("bytes", execution.workflow_id)]
        if state.before is None:
            execution.node_changes[0] += 1
        else:
            self._add_node(state.before, execution, sums, -1)
        now = Standing(status, state.started_at, state.current.ended_at)
        self._add_node(now, execution, sums, 1)

    @staticmethod
    def _add_node(row: Standing, execution: ExecutionState, sums: list[int], sign: int) -> None:
        if row.status in COUNTED_STATUSES:
            counted = COUNTED_STATUSES.index(row.status)
            execution.node_changes[1 + counted] += sign
            if counted < 2:
                sums[1 + counted] += sign
        took = duration(*row)
        if took is not None:
            sums[3] += sign
            sums[4] += sign * took

    def save(self, connection: Connection) -> None:
        """Add everything up in the ledger; what cancelled out is not touched."""
        moved = {key: sums for key, sums in self.buckets.items() if any(sums)}
        _add(
            connection,
            stats_buckets,
            ("bucket", "workflow_id", "status"),
            [
                {
                    "bucket": to_datetime(bucket),
                    "workflow_id": id_text(workflow_id),
                    "status": status,
                    "executions": sums[0],
                    "duration_count": sums[1],
                    "duration_sum": sums[2],
                }
                for (bucket, workflow_id, status), sums in sorted(moved.items())
            ],
        )
        _add(
            connection,
            log_stats,
            ("workflow_id",),
            [
                {
                    "workflow_id": id_text(workflow_id),
                    "executions": sums[0],
                    "nodes_completed": sums[1],
                    "nodes_failed": sums[2],
                    "duration_count": sums[3],
                    "duration_sum": sums[4],
                }
                for workflow_id, sums in sorted(self.logs.items())
                if any(sums)
            ],
        )


@cache
def _adding(dialect_name: str, table: Table, keys: tuple[str, ...]) -> Any:
    """The statement that adds rows to the sums; building it costs more than running it."""
    dialect: Any = postgresql if dialect_name == "postgresql" else sqlite
    statement = dialect.insert(table)
    sums = {
        column.name: column + statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=sums)


def _add(
    connection: Connection, table: Table, keys: tuple[str, ...], rows: list[dict[str, Any]]
) -> None:
    if rows:
        connection.execute(_adding(connection.dialect.name, table, keys), rows)
