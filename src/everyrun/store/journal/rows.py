"""What a batch of an engine's events does to node executions, in the values of their rows.

Identifiers are canonical text, times microseconds UTC, payloads their JSON text.
"""

from typing import NamedTuple

from everyrun.domain.status import Status
from everyrun.store.append.counting import COUNTED_STATUSES

RUNNING = Status.RUNNING.value
RETRYING = Status.RETRYING.value


class OpenRow(NamedTuple):
    """A node execution that has not settled, as this journal wrote it."""

    attempt: int
    status: str
    started_at: int
    attempt_started_at: int
    order: int | None
    parent: str | None
    iteration: str | None


class NewRow:
    """A node execution that is not on record yet: begun, and perhaps settled at once."""

    __slots__ = (
        "ended_at",
        "error_message",
        "error_traceback",
        "error_type",
        "id",
        "input",
        "iteration",
        "node_id",
        "order",
        "output",
        "parent",
        "seen_at",
        "started_at",
        "status",
    )

    def __init__(
        self, id_: str, node_id: str, order: int | None, parent: str | None, iteration: str | None
    ) -> None:
        self.id = id_
        self.node_id = node_id
        self.order = order
        self.parent = parent
        self.iteration = iteration
        self.status = RUNNING
        self.started_at: int | None = None
        self.seen_at: int | None = None
        self.ended_at: int | None = None
        self.error_type: str | None = None
        self.error_message: str | None = None
        self.error_traceback: str | None = None
        self.input = "{}"
        self.output: str | None = None


class EndedRow(NamedTuple):
    """An attempt that ends: the node execution settles, or awaits its next attempt."""

    id: str
    before: OpenRow
    status: str
    ended_at: int
    error_type: str | None
    error_message: str | None
    error_traceback: str | None
    output: str | None


class BegunRow(NamedTuple):
    """A node execution whose next attempt begins."""

    id: str
    before: OpenRow
    started_at: int
    input: str | None


class Moves:
    """All that one commit does. Each row is in one of the lists, at most once.

    ``counts`` are added to the execution's counters (total, completed, failed, cancelled, skipped),
    ``sums`` to the workflow's statistics of nodes (completed, failed, timed, microseconds).
    ``remembered`` is what is open afterwards; None for what has settled.
    """

    __slots__ = ("begun", "counts", "inserted", "remembered", "retrying", "settled", "sums")

    def __init__(self) -> None:
        self.inserted: dict[str, NewRow] = {}
        self.settled: list[EndedRow] = []
        self.retrying: list[EndedRow] = []
        self.begun: list[BegunRow] = []
        self.counts = [0, 0, 0, 0, 0]
        self.sums = [0, 0, 0, 0]
        self.remembered: dict[str, OpenRow | None] = {}

    def count_settled(self, status: str, started_at: int | None, ended_at: int) -> None:
        """One more has settled."""
        which = COUNTED_STATUSES.index(status)
        self.counts[1 + which] += 1
        if which < 2:
            self.sums[which] += 1
        if started_at is not None:
            self.sums[2] += 1
            self.sums[3] += max(0, ended_at - started_at)
