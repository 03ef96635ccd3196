"""Values to ask with, taken from the ledger itself: common ones, rare ones, and some in vain."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, Select, func, select

from benchmarks.history import words
from benchmarks.history.plan import RETIRED_RANK
from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.identifiers import birth_of, first_id_at
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.store.reading.cursors import ExecutionCursor
from everyrun.store.tables import Batch, ExternalId, StatsBucket, Workflow
from everyrun.store.tables import WorkflowExecution as Execution

NOTHING_HAS_THIS = "01890000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Samples:
    """What there is to ask about."""

    workflows: list[str]
    """Names, from the one that ran most often to the one that ran least."""

    values: dict[str, list[Any]]
    """Filter -> values for it."""

    widest: str
    """The execution of most nodes up to 1,000."""

    longest: str
    """The execution of most log lines."""

    lines: int
    """How many lines that one has."""

    ids: list[str]
    """Executions spread over all time, newest first."""

    newest: datetime
    """When the newest execution was created."""

    @property
    def now(self) -> int:
        """A moment (µs UTC) that the ledger's last day belongs to."""
        return to_microseconds(self.newest)

    def cursors(self, random_: random.Random) -> list[str | None]:
        """The first page, and one deep down."""
        return [None, ExecutionCursor.after(random_.choice(self.ids))]

    def combinations(self, size: int, variants: int, seed: int) -> Iterator[ExecutionFilters]:
        """Every combination of ``size`` filters, each with several values."""
        random_ = random.Random(seed)
        for names in combinations(self.values, size):
            for _ in range(variants):
                yield ExecutionFilters(
                    **{name: random_.choice(self.values[name]) for name in names}
                )


def _spread_ids(connection: Connection, first: str, last: str, count: int) -> list[str]:
    begin, end = birth_of(first), birth_of(last)
    ids: list[str] = []
    for number in range(count):
        at = begin + (end - begin) * number // count
        statement = select(Execution.id).where(Execution.id >= first_id_at(at))
        ids += connection.execute(statement.order_by(Execution.id).limit(1)).scalars()
    return ids[::-1]


def _of(connection: Connection, statement: Select[Any]) -> list[str]:
    return list(connection.execute(statement).scalars())


def take_samples(connection: Connection) -> Samples:
    """Look around in a ledger. Slow: it reads whole tables."""
    first, last = (
        _of(connection, select(Execution.id).order_by(order).limit(1))[0]
        for order in (Execution.id.asc(), Execution.id.desc())
    )
    ids = _spread_ids(connection, first, last, 200)
    often = (
        select(Workflow.name)
        .join(StatsBucket, StatsBucket.workflow_id == Workflow.id)
        .group_by(Workflow.id, Workflow.name)
        .order_by(func.sum(StatsBucket.executions).desc())
    )
    workflows = _of(connection, often)
    parents = (
        select(Execution.parent_execution_id)
        .where(Execution.parent_execution_id.is_not(None))
        .group_by(Execution.parent_execution_id)
        .order_by(func.count().desc())
        .limit(3)
    )
    batches = select(Batch.id).order_by(Batch.executions_total.desc()).limit(3)
    newest = to_datetime(birth_of(last))
    ranks = (0, 1, RETIRED_RANK, len(workflows) // 2, len(workflows) - 1)
    values: dict[str, list[Any]] = {
        "workflow": [*(workflows[min(rank, len(workflows) - 1)] for rank in ranks), "nobody's"],
        "kind": list(words.KINDS),
        "statuses": [("completed",), ("failed",), ("lost",), ("running",), ("failed", "lost")],
        "trigger": [*words.TRIGGERS, "nobody"],
        "tag": sorted({tag for tags, _ in words.TAG_SETS for tag in tags}),
        "text": ["invoices", "s", "재고", "50%_off", "zzz"],
        "since": [newest - timedelta(days=days) for days in (0, 1, 20, 80)],
        "until": [newest - timedelta(days=days) for days in (0, 1, 20, 80)],
        "parent_execution_id": [*_of(connection, parents), NOTHING_HAS_THIS],
        "batch_id": [*_of(connection, batches), NOTHING_HAS_THIS],
        "external_id": [
            *_of(connection, select(ExternalId.external_id).limit(5)),
            "job_nobody's",
        ],
    }
    widest = select(Execution.id).where(Execution.nodes_total <= 1000)
    longest = select(Execution.id, Execution.log_position).order_by(Execution.log_position.desc())
    of_longest = connection.execute(longest.limit(1)).one()
    return Samples(
        workflows=workflows,
        values=values,
        widest=_of(connection, widest.order_by(Execution.nodes_total.desc()).limit(1))[0],
        longest=of_longest.id,
        lines=of_longest.log_position,
        ids=ids,
        newest=newest,
    )
