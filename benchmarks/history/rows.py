"""An invented history's rows, chunk by chunk, in the order of their primary keys."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.history import words
from benchmarks.history.columns import Table, pool
from benchmarks.history.plan import (
    BATCH_TRIGGER,
    CANCELLED,
    COMPLETED,
    FAILED,
    LOST,
    NOTHING,
    PARENT_TRIGGER,
    PENDING,
    RECORDERS,
    RETRYING,
    RUNNING,
    SECOND,
    SETTLED,
    SKIPPED,
    STATUSES,
    WORKFLOWS,
    Ids,
    Plan,
    Vector,
    new_ids,
)

NODES_PER_WORKFLOW = 12
EXECUTIONS_PER_CHUNK = 10_000
_STATUSES = pool(str(status) for status in STATUSES)
_KINDS = pool(words.KINDS)
_TRIGGERS = pool(words.TRIGGERS)
_PAYLOADS = pool(words.payloads())
_TAGS = pool(json.dumps(list(tags), ensure_ascii=False) for tags, _ in words.TAG_SETS)
_METADATA = pool(json.dumps({"triggered_by": name}) for name in ("cron", "kim", "박", "api"))
_ERROR_TYPES = pool([None, *(error_type for error_type, _ in words.ERRORS)])
_ERROR_MESSAGES = pool([None, *(message for _, message in words.ERRORS)])
_TRACEBACKS = pool([None, *(words.traceback_of(*error) for error in words.ERRORS)])
_LEVELS = pool(words.LEVELS)
_LOGGERS = pool(words.LOGGERS)
_DATA = pool([None, '{"rows": 3}', '{"거래처": "o\'brien", "share": 0.5}'])


@dataclass
class Chunk:
    """A stretch of executions, and the rows that belong to them."""

    tables: dict[str, Table]
    node_status: Vector
    node_owner: Vector
    node_duration: Vector
    """Microseconds of the settled ones that have a start, else ``NOTHING``."""


@dataclass
class _Spread:
    """Rows spread over their executions: whose each is, and its turn, from 0."""

    owner: Vector
    turn: Vector
    first: Vector

    @classmethod
    def of(cls, counts: Vector) -> "_Spread":
        first = np.cumsum(counts) - counts
        owner = np.repeat(np.arange(len(counts)), counts)
        return cls(owner, np.arange(len(owner)) - first[owner], first)


def _ordered_ids(random: np.random.Generator, owner: Vector, at: Vector) -> Ids:
    ids = new_ids(random, at)
    ordered: Ids = ids[np.lexsort((ids[:, 1], ids[:, 0], owner))]
    return ordered


def _errors(random: np.random.Generator, failed: np.ndarray) -> Table:
    chosen = np.where(failed, random.integers(1, len(_ERROR_TYPES), len(failed)), 0)
    return {
        "error_type": _ERROR_TYPES[chosen].tolist(),
        "error_message": _ERROR_MESSAGES[chosen].tolist(),
        "error_traceback": _TRACEBACKS[chosen].tolist(),
    }


class Rows:
    """Makes the rows of a plan. Ask for the chunks in order, once; the same seed, the same rows."""

    def __init__(self, random: np.random.Generator, plan: Plan) -> None:
        self.plan = plan
        self._random = random
        self.recorder_ids = new_ids(random, np.full(RECORDERS, plan.workflow_created_at))
        self.node_ids = new_ids(
            random, np.full(WORKFLOWS * NODES_PER_WORKFLOW, plan.workflow_created_at)
        )
        texts, shares = words.messages()
        self._messages = pool(texts)
        self._message_bounds = np.cumsum(shares)
        chunks = -(-plan.size.executions // EXECUTIONS_PER_CHUNK)
        self.batch_ids = new_ids(random, np.full(chunks, plan.workflow_created_at))
        self.batch_of = np.full(plan.size.executions, -1)
        batched = np.flatnonzero(plan.trigger == BATCH_TRIGGER)
        own = batched // EXECUTIONS_PER_CHUNK
        self.batch_of[batched] = np.where(own <= chunks // 2, 0, own)
        self._children = np.flatnonzero(plan.trigger == PARENT_TRIGGER)
        self.external = np.isin(
            plan.workflow_kind[plan.workflow],
            [words.KINDS.index("job"), words.KINDS.index("celery")],
        ) & (random.random(plan.size.executions) < 0.5)

    def chunks(self) -> Iterator[Chunk]:
        """Every execution's rows, in stretches of 10,000 executions."""
        for start in range(0, self.plan.size.executions, EXECUTIONS_PER_CHUNK):
            yield self._chunk(slice(start, min(start + EXECUTIONS_PER_CHUNK, len(self.plan.ids))))

    def _chunk(self, part: slice) -> Chunk:
        spread = _Spread.of(self.plan.nodes[part])
        status = self._node_statuses(part, spread)
        nodes, began, duration = self._nodes(part, spread, status)
        executions = self._executions(part)
        for name, which in (
            ("total", np.ones(len(status), dtype=bool)),
            ("completed", status == COMPLETED),
            ("failed", status == FAILED),
            ("cancelled", status == CANCELLED),
            ("skipped", status == SKIPPED),
        ):
            counts = np.bincount(spread.owner[which], minlength=part.stop - part.start)
            executions[f"nodes_{name}"] = counts.tolist()
        tables = {
            "workflow_executions": executions,
            "execution_tags": self._tags(part),
            "external_ids": self._external_ids(part),
            "node_executions": nodes,
            "node_attempts": self._attempts(nodes, began),
            "execution_logs": self._logs(part, spread, nodes),
        }
        return Chunk(tables, status, spread.owner + part.start, duration)

    def _parents(self, part: slice) -> Ids:
        parents = np.zeros((part.stop - part.start, 2), dtype=np.uint64)
        here = self._children[(self._children >= part.start) & (self._children < part.stop)]
        of_one = self._children[len(self._children) // 2 :][: len(self._children) // 6]
        parent = np.where(
            np.isin(here, of_one), max(0, int(of_one[0]) - 1), np.maximum(here - 1, 0)
        )
        parents[here - part.start] = self.plan.ids[parent]
        return parents

    def _executions(self, part: slice) -> Table:
        plan, random = self.plan, self._random
        count = part.stop - part.start
        status, ended_at = plan.status[part], plan.ended_at[part]
        latest = np.maximum(np.maximum(plan.created_at[part], plan.started_at[part]), ended_at)
        batch = self.batch_of[part]
        batch_ids = np.where((batch >= 0)[:, None], self.batch_ids[batch], np.uint64(0))
        return {
            "id": plan.ids[part],
            "workflow_id": plan.workflow_ids[plan.workflow[part]],
            "kind": _KINDS[plan.workflow_kind[plan.workflow[part]]].tolist(),
            "batch_id": batch_ids,
            "trigger_type": _TRIGGERS[plan.trigger[part]].tolist(),
            "status": _STATUSES[status].tolist(),
            "external_id": [
                f"job_{part.start + index:08d}" if has else None
                for index, has in enumerate(self.external[part].tolist())
            ],
            "parent_execution_id": self._parents(part),
            "recorder_id": self.recorder_ids[plan.recorder[part]],
            "created_at": plan.created_at[part],
            "started_at": plan.started_at[part],
            "ended_at": ended_at,
            "updated_at": latest,
            "seen_at": latest,
            "lost_at": np.where(status == LOST, latest, NOTHING),
            "lost_reason": pool((None, "its process is gone"))[(status == LOST) * 1].tolist(),
            "input_data": _PAYLOADS[random.integers(0, len(_PAYLOADS), count)].tolist(),
            "output_data": _PAYLOADS[random.integers(0, len(_PAYLOADS), count)].tolist(),
            **_errors(random, status == FAILED),
            "metadata": _METADATA[random.integers(0, len(_METADATA), count)].tolist(),
            "tags": _TAGS[plan.tags[part]].tolist(),
            "log_position": plan.lines[part].tolist(),
        }

    def _tags(self, part: slice) -> Table:
        tagged = [
            (tag, row)
            for row, chosen in enumerate(self.plan.tags[part].tolist())
            for tag in words.TAG_SETS[chosen][0]
        ]
        rows = np.array([row for _, row in tagged], dtype=np.int64)
        return {
            "tag": [tag for tag, _ in tagged],
            "workflow_execution_id": self.plan.ids[part][rows],
        }

    def _external_ids(self, part: slice) -> Table:
        rows = np.flatnonzero(self.external[part])
        kinds = self.plan.workflow_kind[self.plan.workflow[part]][rows]
        return {
            "kind": _KINDS[kinds].tolist(),
            "external_id": [f"job_{part.start + row:08d}" for row in rows.tolist()],
            "workflow_execution_id": self.plan.ids[part][rows],
        }

    def _node_statuses(self, part: slice, spread: _Spread) -> Vector:
        random, counts = self._random, self.plan.nodes[part]
        whole = self.plan.status[part]
        broken_at = (random.random(len(counts)) * counts).astype(np.int64)[spread.owner]
        owner_status = whole[spread.owner]
        after = np.where((owner_status == RUNNING) | (owner_status == LOST), PENDING, SKIPPED)
        status = np.where(spread.turn < broken_at, COMPLETED, after)
        status = np.where(spread.turn == broken_at, owner_status, status)
        chance = random.random(len(status))
        status = np.where((status == RUNNING) & (chance < 0.1), RETRYING, status)
        done = owner_status == COMPLETED
        return np.where(done, np.where(chance < 0.985, COMPLETED, SKIPPED), status)

    def _nodes(self, part: slice, spread: _Spread, status: Vector) -> tuple[Table, Vector, Vector]:
        plan, random = self.plan, self._random
        owner, turn = spread.owner, spread.turn
        began, step = self._pace(part, spread, plan.nodes[part])
        started = np.where((status == SKIPPED) | (status == PENDING), NOTHING, began)
        ended = np.where(np.isin(status, SETTLED), began + step * 9 // 10, NOTHING)
        attempts = np.where(random.random(len(owner)) < 0.02, random.integers(2, 4, len(owner)), 1)
        attempts = np.where(status == RETRYING, 2, np.where(started == NOTHING, 1, attempts))
        count = len(owner)
        seen = np.maximum(started, ended)
        table: Table = {
            "workflow_execution_id": plan.ids[part][owner],
            "id": _ordered_ids(random, owner, began),
            "node_id": self.node_ids[
                plan.workflow[part][owner] * NODES_PER_WORKFLOW + turn % NODES_PER_WORKFLOW
            ],
            "iteration": [
                str(round_) if round_ else None for round_ in (turn // NODES_PER_WORKFLOW).tolist()
            ],
            "execution_order": (turn + 1).tolist(),
            "status": _STATUSES[status].tolist(),
            "attempt": attempts.tolist(),
            "recorder_id": self.recorder_ids[plan.recorder[part][owner]],
            "started_at": started,
            "attempt_started_at": np.where(
                started == NOTHING, NOTHING, began + step * (attempts - 1) // 4
            ),
            "ended_at": ended,
            "seen_at": seen,
            "lost_at": np.where(status == LOST, seen, NOTHING),
            "lost_reason": pool((None, "its process is gone"))[(status == LOST) * 1].tolist(),
            "input_data": _PAYLOADS[random.integers(0, len(_PAYLOADS), count)].tolist(),
            "output_data": _PAYLOADS[random.integers(0, len(_PAYLOADS), count)].tolist(),
            **_errors(random, status == FAILED),
        }
        measured = (started != NOTHING) & (ended != NOTHING)
        return table, began, np.where(measured, ended - started, NOTHING)

    def _pace(self, part: slice, spread: _Spread, counts: Vector) -> tuple[Vector, Vector]:
        """When each row's turn began, and how long a turn is, in microseconds."""
        plan = self.plan
        created, started, ended = plan.created_at[part], plan.started_at[part], plan.ended_at[part]
        start = np.where(started == NOTHING, created, started)
        running = np.minimum(start + 60 * SECOND, plan.until)
        end = np.where(ended == NOTHING, running, ended)
        step = (end - start) // np.maximum(counts, 1)
        return start[spread.owner] + spread.turn * step[spread.owner], step[spread.owner]

    def _attempts(self, nodes: Table, began: Vector) -> Table:
        random = self._random
        last = np.array(nodes["attempt"], dtype=np.int64)
        spread = _Spread.of(last - 1)
        owner = spread.owner
        execution_ids, ids = nodes["workflow_execution_id"], nodes["id"]
        current = nodes["attempt_started_at"]
        assert isinstance(execution_ids, np.ndarray)
        assert isinstance(ids, np.ndarray)
        assert isinstance(current, np.ndarray)
        step = ((current - began)[owner]) // np.maximum(last[owner] - 1, 1)
        started = began[owner] + spread.turn * step
        return {
            "workflow_execution_id": execution_ids[owner],
            "node_execution_id": ids[owner],
            "attempt": (spread.turn + 1).tolist(),
            "status": ["failed"] * len(owner),
            "started_at": started,
            "ended_at": started + step,
            **_errors(random, np.ones(len(owner), dtype=bool)),
        }

    def _logs(self, part: slice, spread: _Spread, nodes: Table) -> Table:
        plan, random = self.plan, self._random
        counts = plan.lines[part]
        lines = _Spread.of(counts)
        owner, count = lines.owner, len(lines.owner)
        began, _ = self._pace(part, lines, counts)
        node_count = plan.nodes[part][owner]
        ids = nodes["id"]
        assert isinstance(ids, np.ndarray)
        which = spread.first[owner] + lines.turn * node_count // np.maximum(counts[owner], 1)
        linked = (node_count > 0) & (random.random(count) < 0.6)
        of_node = np.zeros((count, 2), dtype=np.uint64)
        of_node[linked] = ids[which[linked]]
        message = np.searchsorted(self._message_bounds, random.random(count)).clip(
            max=len(self._messages) - 1
        )
        level = random.choice(len(words.LEVELS), count, p=words.LEVEL_SHARES)
        has_data = np.where(random.random(count) < 0.05, random.integers(1, 3, count), 0)
        return {
            "workflow_execution_id": plan.ids[part][owner],
            "id": _ordered_ids(random, owner, began),
            "position": (lines.turn + 1).tolist(),
            "node_execution_id": of_node,
            "level": _LEVELS[level].tolist(),
            "timestamp": began,
            "logger": _LOGGERS[random.integers(0, len(_LOGGERS), count)].tolist(),
            "message": self._messages[message].tolist(),
            "data": _DATA[has_data].tolist(),
        }
