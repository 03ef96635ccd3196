"""The small tables of an invented history, and the sums that must agree with its big ones."""

import numpy as np

from benchmarks.history import words
from benchmarks.history.columns import Table, pool
from benchmarks.history.plan import (
    BUCKET,
    CANCELLED,
    COMPLETED,
    FAILED,
    NOTHING,
    RECORDERS,
    STATUSES,
    WORKFLOWS,
    Ids,
    Vector,
)
from benchmarks.history.rows import NODES_PER_WORKFLOW, Chunk, Rows

INACTIVE_RANKS = frozenset({13, 57, 91, 120, 155, 180, 190})
DELETED_RANKS = frozenset({60, 133, 199})


def _moments(at: int, count: int) -> Vector:
    return np.full(count, at, dtype=np.int64)


class Sums:
    """Adds up what passes by, and makes the small tables in the end."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._plan = rows.plan
        self._executions_with_nodes = np.zeros(WORKFLOWS, dtype=np.int64)
        self._nodes_completed = np.zeros(WORKFLOWS, dtype=np.int64)
        self._nodes_failed = np.zeros(WORKFLOWS, dtype=np.int64)
        self._durations = np.zeros(WORKFLOWS, dtype=np.int64)
        self._duration_sum = np.zeros(WORKFLOWS, dtype=np.int64)

    def add(self, chunk: Chunk) -> None:
        """Count a chunk's node executions."""
        workflow = self._plan.workflow[chunk.node_owner]
        owners = np.unique(chunk.node_owner)
        measured = chunk.node_duration != NOTHING
        np.add.at(self._executions_with_nodes, self._plan.workflow[owners], 1)
        np.add.at(self._nodes_completed, workflow[chunk.node_status == COMPLETED], 1)
        np.add.at(self._nodes_failed, workflow[chunk.node_status == FAILED], 1)
        np.add.at(self._durations, workflow[measured], 1)
        np.add.at(self._duration_sum, workflow[measured], chunk.node_duration[measured])

    def tables(self) -> dict[str, Table]:
        """Every small table, in an order that satisfies foreign keys."""
        return {
            "workflows": self._workflows(),
            "nodes": self._nodes(),
            "recorders": self._recorders(),
            "batches": self._batches(),
            "stats_buckets": self._buckets(),
            "log_stats": self._log_stats(),
        }

    def _workflows(self) -> Table:
        plan = self._plan
        deleted = [plan.until if rank in DELETED_RANKS else NOTHING for rank in range(WORKFLOWS)]
        return {
            "id": plan.workflow_ids,
            "kind": pool(words.KINDS)[plan.workflow_kind].tolist(),
            "name": [words.workflow_name(rank) for rank in range(WORKFLOWS)],
            "active": [rank not in INACTIVE_RANKS for rank in range(WORKFLOWS)],
            "execution_order": list(range(WORKFLOWS)),
            "created_at": _moments(plan.workflow_created_at, WORKFLOWS),
            "updated_at": _moments(plan.workflow_created_at, WORKFLOWS),
            "deleted_at": np.array(deleted, dtype=np.int64),
        }

    def _nodes(self) -> Table:
        count = WORKFLOWS * NODES_PER_WORKFLOW
        numbers = [index % NODES_PER_WORKFLOW for index in range(count)]
        return {
            "id": self._rows.node_ids,
            "workflow_id": np.repeat(self._plan.workflow_ids, NODES_PER_WORKFLOW, axis=0),
            "key": [f"{words.STEPS[number % len(words.STEPS)]} {number}" for number in numbers],
            "node_type": ["function"] * count,
            "created_at": _moments(self._plan.workflow_created_at, count),
        }

    def _recorders(self) -> Table:
        plan = self._plan
        return {
            "id": self._rows.recorder_ids,
            "host": [f"worker-{number % 8}" for number in range(RECORDERS)],
            "pid": [4000 + number for number in range(RECORDERS)],
            "program": [
                "celery -A jobs worker" if number % 3 else "정산.py" for number in range(RECORDERS)
            ],
            "everyrun_version": ["0.1.0"] * RECORDERS,
            "started_at": _moments(plan.workflow_created_at, RECORDERS),
            "last_seen_at": _moments(plan.until, RECORDERS),
            "dropped_events": [7 if number == 5 else 0 for number in range(RECORDERS)],
        }

    def _batches(self) -> Table:
        plan, batch_of = self._plan, self._rows.batch_of
        used = np.unique(batch_of[batch_of >= 0])
        ids: Ids = self._rows.batch_ids[used]

        def counted(*statuses: int) -> list[int]:
            chosen = batch_of >= 0
            if statuses:
                chosen &= np.isin(plan.status, statuses)
            each = np.bincount(batch_of[chosen], minlength=len(self._rows.batch_ids))
            counts: list[int] = each[used].tolist()
            return counts

        return {
            "id": ids,
            "name": [f"backfill {number}" for number in used.tolist()],
            "status": ["completed"] * len(used),
            "executions_total": counted(),
            "executions_completed": counted(COMPLETED),
            "executions_failed": counted(FAILED),
            "executions_cancelled": counted(CANCELLED),
            "created_at": _moments(plan.workflow_created_at, len(used)),
        }

    def _buckets(self) -> Table:
        plan = self._plan
        began = np.where(plan.started_at == NOTHING, plan.created_at, plan.started_at)
        measured = (plan.started_at != NOTHING) & (plan.ended_at != NOTHING)
        statuses = len(STATUSES)
        key = ((began // BUCKET) * WORKFLOWS + plan.workflow) * statuses + plan.status
        keys, group = np.unique(key, return_inverse=True)
        durations = np.zeros(len(keys), dtype=np.int64)
        duration_sum = np.zeros(len(keys), dtype=np.int64)
        lasted = plan.ended_at[measured] - plan.started_at[measured]
        np.add.at(durations, group[measured], 1)
        np.add.at(duration_sum, group[measured], lasted)
        return {
            "bucket": keys // statuses // WORKFLOWS * BUCKET,
            "workflow_id": plan.workflow_ids[keys // statuses % WORKFLOWS],
            "status": pool(str(status) for status in STATUSES)[keys % statuses].tolist(),
            "executions": np.bincount(group, minlength=len(keys)).tolist(),
            "duration_count": durations.tolist(),
            "duration_sum": duration_sum.tolist(),
        }

    def _log_stats(self) -> Table:
        ran = np.flatnonzero(self._executions_with_nodes)
        return {
            "workflow_id": self._plan.workflow_ids[ran],
            "executions": self._executions_with_nodes[ran].tolist(),
            "nodes_completed": self._nodes_completed[ran].tolist(),
            "nodes_failed": self._nodes_failed[ran].tolist(),
            "duration_count": self._durations[ran].tolist(),
            "duration_sum": self._duration_sum[ran].tolist(),
        }
