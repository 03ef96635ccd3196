"""The outline of an invented history: every execution's when, what and how much, as vectors.

Skewed as real ledgers are: a few workflows run nearly all the time, most rarely; a few executions
have thousands of nodes; one has exactly 1,000 nodes and one 100,000 log lines; one busy workflow
was retired long ago, so that some pairs of filters find nothing however far one looks.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.history import words
from everyrun.domain.status import Status

Vector = npt.NDArray[np.int64]
Ids = npt.NDArray[np.uint64]
"""Identifiers as rows of two halves; a row of zeros is no identifier."""

NOTHING = np.int64(np.iinfo(np.int64).min)
"""A moment that is not."""

STATUSES = (
    Status.COMPLETED,
    Status.FAILED,
    Status.CANCELLED,
    Status.SKIPPED,
    Status.LOST,
    Status.RUNNING,
    Status.PENDING,
    Status.RETRYING,
)
COMPLETED, FAILED, CANCELLED, SKIPPED, LOST, RUNNING, PENDING, RETRYING = range(len(STATUSES))
SETTLED = (COMPLETED, FAILED, CANCELLED, SKIPPED)

DAYS = 90
SECOND = 1_000_000
DAY = 86_400 * SECOND
BUCKET = 900 * SECOND
WORKFLOWS = 200
RECORDERS = 40
RETIRED_RANK = 3
RETIRED_AFTER_DAYS = 30
BATCH_TRIGGER = words.TRIGGERS.index("batch")
PARENT_TRIGGER = words.TRIGGERS.index("parent")
_HOURLY_WEIGHTS = np.array([1, 1, 1, 2, 2, 2, 3, 5, 8, 9, 9, 8, 6, 8, 9, 9, 8, 6, 4, 3, 2, 2, 2, 1])


@dataclass(frozen=True)
class Size:
    """How much history to invent."""

    executions: int
    nodes: int
    logs: int

    @property
    def nodes_of_the_widest(self) -> int:
        """Node executions of the execution that the benchmark reads: 1,000 at full size."""
        return min(1000, self.nodes // 5)

    @property
    def lines_of_the_longest(self) -> int:
        """Log lines of the execution whose log the benchmark tails: 100,000 at full size."""
        return min(100_000, self.logs // 5)


@dataclass(frozen=True)
class Plan:
    """One row an execution, ordered by id; one row a workflow for the ``workflow_`` vectors."""

    size: Size
    until: int
    ids: Ids
    workflow: Vector
    status: Vector
    trigger: Vector
    tags: Vector
    recorder: Vector
    created_at: Vector
    started_at: Vector
    ended_at: Vector
    nodes: Vector
    lines: Vector
    workflow_ids: Ids
    workflow_kind: Vector
    workflow_created_at: int


def new_ids(random: np.random.Generator, at: Vector) -> Ids:
    """UUIDv7s born at these moments (microseconds)."""
    count = len(at)
    ids = np.empty((count, 2), dtype=np.uint64)
    milliseconds = (at // 1000).astype(np.uint64)
    ids[:, 0] = (milliseconds << np.uint64(16)) | np.uint64(0x7000)
    ids[:, 0] |= random.integers(0, 1 << 12, count, dtype=np.uint64)
    ids[:, 1] = np.uint64(1 << 63) | random.integers(0, 1 << 62, count, dtype=np.uint64)
    return ids


def _moments(random: np.random.Generator, count: int, until: int) -> Vector:
    days = random.integers(0, DAYS, count)
    hours = random.choice(24, count, p=_HOURLY_WEIGHTS / _HOURLY_WEIGHTS.sum())
    within = random.integers(0, 3600 * SECOND, count)
    first = until - DAYS * DAY
    return np.sort(first + days * DAY + hours * 3600 * SECOND + within - 2 * SECOND)


def _workflows_run(random: np.random.Generator, created_at: Vector, until: int) -> Vector:
    weights = 1 / np.arange(1, WORKFLOWS + 1) ** 1.4
    ranks = random.choice(WORKFLOWS, len(created_at), p=weights / weights.sum())
    retired = created_at > until - (DAYS - RETIRED_AFTER_DAYS) * DAY
    ranks[retired & (ranks == RETIRED_RANK)] = 0
    return ranks.astype(np.int64)


def _statuses(random: np.random.Generator, count: int) -> Vector:
    drawn = random.choice(5, count, p=(0.92, 0.05, 0.018, 0.01, 0.002)).astype(np.int64)
    latest = max(2, count // 2000)
    drawn[-latest:] = random.choice((COMPLETED, RUNNING, PENDING), latest, p=(0.2, 0.6, 0.2))
    return drawn


def _times(
    random: np.random.Generator, created_at: Vector, status: Vector, workflow: Vector, until: int
) -> tuple[Vector, Vector]:
    count = len(created_at)
    waited = (random.exponential(0.2, count) * SECOND).astype(np.int64)
    typical = random.lognormal(0.7, 1.0, WORKFLOWS)[workflow]
    lasted = (random.lognormal(0.0, 0.9, count) * typical * SECOND).astype(np.int64)
    started_at = np.minimum(created_at + waited, until)
    ended_at = np.minimum(started_at + lasted, until)
    never_started = (status == PENDING) | (status == SKIPPED)
    never_started |= (status == CANCELLED) & (random.random(count) < 0.2)
    started_at[never_started] = NOTHING
    ended_at[~np.isin(status, SETTLED)] = NOTHING
    return started_at, ended_at


def _shares(
    random: np.random.Generator,
    eligible: npt.NDArray[np.bool_],
    weight: npt.NDArray[np.float64],
    total: int,
) -> Vector:
    """Whole numbers of mean ``weight`` for the eligible rows, that add up to ``total`` exactly."""
    weight = np.where(eligible, weight, 0.0)
    mean = weight * (total / max(weight.sum(), 1.0))
    counts: Vector = random.poisson(mean).astype(np.int64)
    candidates = np.flatnonzero(eligible)
    while (missing := total - int(counts.sum())) != 0:
        chosen = random.choice(candidates, min(abs(missing), len(candidates)), replace=False)
        counts[chosen] += 1 if missing > 0 else -1
        np.maximum(counts, 0, out=counts)
    return counts


def _node_counts(
    random: np.random.Generator, size: Size, status: Vector, started_at: Vector, workflow: Vector
) -> Vector:
    widths = random.integers(1, 12, WORKFLOWS).astype(np.float64)
    eligible = started_at != NOTHING
    settled = np.flatnonzero(status == COMPLETED)
    widest = settled[int(len(settled) * 0.97)]
    wide = random.choice(settled[: len(settled) // 2], 4, replace=False)
    fixed = np.zeros(len(status), dtype=np.int64)
    fixed[wide] = random.integers(size.nodes // 2500, size.nodes // 1000 + 2, len(wide))
    fixed[widest] = size.nodes_of_the_widest
    eligible &= fixed == 0
    shares = _shares(random, eligible, widths[workflow], size.nodes - int(fixed.sum()))
    counts: Vector = fixed + shares
    return counts


def _line_counts(random: np.random.Generator, size: Size, status: Vector) -> Vector:
    settled = np.flatnonzero(status == COMPLETED)
    longest = settled[int(len(settled) * 0.95)]
    eligible = status != PENDING
    eligible[longest] = False
    talkative = random.lognormal(0.0, 1.2, len(status))
    counts = _shares(random, eligible, talkative, size.logs - size.lines_of_the_longest)
    counts[longest] = size.lines_of_the_longest
    return counts


def make_plan(random: np.random.Generator, size: Size, until: int) -> Plan:
    """Outline a history of ``size`` that ends at ``until`` (microseconds UTC)."""
    created_at = _moments(random, size.executions, until)
    ids = new_ids(random, created_at)
    order = np.lexsort((ids[:, 1], ids[:, 0]))
    ids, created_at = ids[order], created_at[order]
    workflow = _workflows_run(random, created_at, until)
    status = _statuses(random, size.executions)
    started_at, ended_at = _times(random, created_at, status, workflow, until)
    first = until - DAYS * DAY
    trigger = random.choice(len(words.TRIGGERS), size.executions, p=words.TRIGGER_SHARES)
    tag_shares = [share for _, share in words.TAG_SETS]
    return Plan(
        size=size,
        until=until,
        ids=ids,
        workflow=workflow,
        status=status,
        trigger=trigger.astype(np.int64),
        tags=random.choice(len(words.TAG_SETS), size.executions, p=tag_shares).astype(np.int64),
        recorder=random.integers(0, RECORDERS, size.executions),
        created_at=created_at,
        started_at=started_at,
        ended_at=ended_at,
        nodes=_node_counts(random, size, status, started_at, workflow),
        lines=_line_counts(random, size, status),
        workflow_ids=new_ids(random, np.full(WORKFLOWS, first, dtype=np.int64)),
        workflow_kind=random.choice(len(words.KINDS), WORKFLOWS, p=words.KIND_SHARES).astype(
            np.int64
        ),
        workflow_created_at=first,
    )
