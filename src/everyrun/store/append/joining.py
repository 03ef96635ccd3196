"""Facts joined into states, whatever their order and however often they come.

A state here is what is known of one execution or one node execution. Joining an event is
commutative, associative and idempotent, so the ledger is the same whichever writer came first:

* a settled status beats an unsettled one; among settled ones the earliest end wins; of what is only
  observed (Celery's tasks) a success does, and what ran before what is said never to have run,
* among unsettled ones the highest (attempt, pending < running < retrying) wins,
* ``lost`` holds only while no later sign of life is known,
* times of start take the earliest, signs of life and progress the latest, tags the union,
* descriptions fill what is missing.

Identifiers are 16 bytes and times whole microseconds UTC in here, as the bulk statements want them.
Why: ``docs/decisions/0001-ledger-joins-facts.md``.
"""

from typing import Any, NamedTuple

import msgspec

from everyrun.domain import events
from everyrun.domain.status import Status, TriggerType, WorkflowKind

OPEN_ENDED = WorkflowKind.CELERY.value
"""The kind of executions that settle when every member has: see ``members``. Nobody here decides
what becomes of these: a broker may deliver a message once more whose task failed, or was given up.
"""

PENDING, RUNNING, RETRYING, SETTLED = range(4)

_PHASE_STATUS = (Status.PENDING.value, Status.RUNNING.value, Status.RETRYING.value)
_SETTLED_RANK = {
    Status.COMPLETED.value: 3,
    Status.FAILED.value: 2,
    Status.CANCELLED.value: 1,
    Status.SKIPPED.value: 0,
}
_OBSERVED_RANK = {
    Status.COMPLETED.value: 2,
    Status.FAILED.value: 1,
    Status.CANCELLED.value: 1,
    Status.SKIPPED.value: 0,
}
"""What comes before the earliest end in what is only observed."""

Outcome = tuple[int, int, int]


def _rank_of(status: str, ended_at: int, *, observed: bool) -> Outcome:
    """What decides between two settled outcomes: the larger holds."""
    return _OBSERVED_RANK[status] if observed else 0, -ended_at, _SETTLED_RANK[status]


def earliest(one: int | None, other: int | None) -> int | None:
    """The smaller of two times, either of which may be unknown."""
    if one is None:
        return other
    return one if other is None or one <= other else other


def latest(one: int | None, other: int | None) -> int | None:
    """The larger of two times, either of which may be unknown."""
    if one is None:
        return other
    return one if other is None or one >= other else other


class Standing(NamedTuple):
    """What a row says of how something stands; the sums are made of nothing else."""

    status: str
    started_at: int | None
    ended_at: int | None


class Attempt:
    """One try: of a node execution, or the single one of an execution."""

    __slots__ = (
        "ended_at",
        "error_message",
        "error_traceback",
        "error_type",
        "lost_at",
        "lost_reason",
        "number",
        "outcome_is_new",
        "output",
        "phase",
        "recorder",
        "seen_at",
        "settled_as",
        "started_at",
    )

    def __init__(self, number: int) -> None:
        self.number = number
        self.phase = PENDING
        self.settled_as: str | None = None
        self.started_at: int | None = None
        self.ended_at: int | None = None
        self.seen_at: int | None = None
        self.lost_at: int | None = None
        self.lost_reason: str | None = None
        self.recorder: bytes | None = None
        self.error_type: str | None = None
        self.error_message: str | None = None
        self.error_traceback: str | None = None
        self.output: Any = None
        self.outcome_is_new = False

    def rank(self, *, observed: bool) -> tuple[int, Outcome, int]:
        """What decides between two attempts of one node execution: the larger is current."""
        if self.phase == SETTLED:
            assert self.ended_at is not None
            outcome = _rank_of(str(self.settled_as), self.ended_at, observed=observed)
            return (1, outcome, -self.number)
        return (0, (self.number, self.phase, 0), 0)

    @property
    def is_blank(self) -> bool:
        """Whether nothing but its number is known."""
        return self.phase == PENDING and self.seen_at is None and self.lost_at is None

    def begin(self, at: int, recorder: bytes) -> None:
        """It started, as its own process says.

        Of several that began the same attempt, because its message was delivered to each, the
        latest runs it, whoever is heard of last.
        """
        if self.phase == PENDING or self.recorder is None or at >= (self.seen_at or at):
            self.recorder = recorder
        self.show_life(at)
        self.started_at = earliest(self.started_at, at)
        if self.phase == PENDING:
            self.phase = RUNNING

    def run_as_evidenced(self, started_at: int | None, recorder: bytes | None) -> None:
        """Something shows that it has started, though nobody has said so yet."""
        self.started_at = earliest(self.started_at, started_at)
        if self.recorder is None:
            self.recorder = recorder
        if self.phase == PENDING:
            self.phase = RUNNING

    def show_life(self, at: int) -> None:
        """Its process said something at ``at``."""
        if self.seen_at is None or at > self.seen_at:
            self.seen_at = at

    def await_retry(self, event: events.NodeRetrying, recorder: bytes) -> None:
        """It failed and another will follow."""
        self.show_life(event.at)
        self.run_as_evidenced(event.started_at, recorder)
        if self.phase == RUNNING or (
            self.phase == RETRYING and self.ended_at is not None and event.at < self.ended_at
        ):
            self.phase = RETRYING
            self.ended_at = event.at
            self._take_outcome(event)

    def settle(
        self,
        event: "events.ExecutionFinished | events.NodeFinished",
        recorder: bytes,
        *,
        observed: bool = False,
    ) -> None:
        """It finished."""
        self.show_life(event.at)
        if event.started_at is not None:
            self.started_at = earliest(self.started_at, event.started_at)
        if self.recorder is None:
            self.recorder = recorder
        status = event.status.value
        if self.phase == SETTLED:
            assert self.ended_at is not None
            known = _rank_of(str(self.settled_as), self.ended_at, observed=observed)
            if _rank_of(status, event.at, observed=observed) <= known:
                return
        self.phase = SETTLED
        self.settled_as = status
        self.ended_at = event.at
        self.output = event.output
        self._take_outcome(event)

    def lose(self, at: int, reason: str) -> None:
        """There is evidence that its process is gone."""
        if self.lost_at is None or (at, reason) > (self.lost_at, self.lost_reason or ""):
            self.lost_at = at
            self.lost_reason = reason

    def status(self, recorder_gone_at: int | None) -> str:
        """The status it shows, given when its recorder was found gone (None: not that we know)."""
        if self.phase == SETTLED:
            return str(self.settled_as)
        lost_at = latest(self.lost_at, recorder_gone_at)
        if lost_at is not None and (self.seen_at is None or lost_at >= self.seen_at):
            return Status.LOST.value
        return _PHASE_STATUS[self.phase]

    def _take_outcome(
        self, event: "events.ExecutionFinished | events.NodeFinished | events.NodeRetrying"
    ) -> None:
        self.error_type = event.error_type
        self.error_message = event.error_message
        self.error_traceback = event.error_traceback
        self.outcome_is_new = True


class Progress:
    """The latest word on how far something is."""

    __slots__ = ("at", "current", "message", "total")

    def __init__(self) -> None:
        self.at: int | None = None
        self.current: float | None = None
        self.total: float | None = None
        self.message: str | None = None

    def report(self, event: "events.ExecutionProgressed | events.NodeProgressed") -> None:
        """Take a later report; of two at one moment the further one."""
        if self.at is None or (event.at, event.current) > (self.at, self.current or 0.0):
            self.at = event.at
            self.current = event.current
            self.total = event.total
            self.message = event.message


class NodeState:
    """What is known of one node execution."""

    __slots__ = (
        "before",
        "current",
        "execution_id",
        "id",
        "input",
        "iteration",
        "key",
        "loaded",
        "metadata",
        "node_id",
        "node_type",
        "order",
        "others",
        "parent",
        "progress",
        "started_at",
    )

    def __init__(self, execution_id: bytes, id_: bytes, key: str) -> None:
        self.execution_id = execution_id
        self.id = id_
        self.key = key
        self.node_id: bytes | None = None
        self.node_type: str | None = None
        self.order: int | None = None
        self.parent: bytes | None = None
        self.iteration: str | None = None
        self.input: Any = None
        self.metadata: dict[str, Any] = {}
        self.started_at: int | None = None
        self.progress = Progress()
        self.current = Attempt(1)
        self.others: dict[int, Attempt] = {}
        self.before: Standing | None = None
        self.loaded: tuple[Any, ...] | None = None

    def attempt(self, number: int) -> Attempt:
        """The attempt of that number, begun when it is news."""
        if self.current.number == number:
            return self.current
        if self.current.is_blank:
            self.current = Attempt(number)
            return self.current
        return self.others.setdefault(number, Attempt(number))

    def join(self, event: events.NodeEvent, parent: bytes | None, recorder: bytes) -> None:
        """Take one fact in."""
        self._describe(event, parent)
        attempt = self.attempt(event.attempt)
        observed = event.kind == OPEN_ENDED
        match event:
            case events.NodeStarted():
                attempt.begin(event.at, recorder)
                self._fill_in(event)
            case events.NodeFinished():
                attempt.settle(event, recorder, observed=observed)
            case events.NodeRetrying():
                attempt.await_retry(event, recorder)
            case events.NodeProgressed():
                attempt.show_life(event.at)
                attempt.run_as_evidenced(event.started_at or event.at, recorder)
                self.progress.report(event)
            case events.NodeCreated():
                attempt.show_life(event.at)
                self._fill_in(event)
            case events.NodeLost():
                attempt.lose(event.at, event.reason)
        self.started_at = earliest(self.started_at, attempt.started_at)
        if attempt is not self.current and (
            attempt.rank(observed=observed) > self.current.rank(observed=observed)
        ):
            self._make_current(attempt)

    def _describe(self, event: events.NodeEvent, parent: bytes | None) -> None:
        if self.node_type is None:
            self.node_type = event.node_type
        if self.order is None:
            self.order = event.order
        if self.parent is None:
            self.parent = parent
        if self.iteration is None:
            self.iteration = event.iteration

    def _fill_in(self, event: "events.NodeCreated | events.NodeStarted") -> None:
        if self.input is None:
            self.input = event.input
        if event.metadata:
            self.metadata = {**event.metadata, **self.metadata}

    def _make_current(self, attempt: Attempt) -> None:
        self.others[self.current.number] = self.current
        self.others.pop(attempt.number, None)
        self.current = attempt
        attempt.outcome_is_new = True


class ExecutionState:
    """What is known of one execution."""

    __slots__ = (
        "batch_id",
        "before",
        "context",
        "current",
        "external_id",
        "id",
        "input",
        "kind",
        "lines",
        "loaded",
        "metadata",
        "node_changes",
        "nodes_planned",
        "origin",
        "parent",
        "parent_node",
        "progress",
        "tags",
        "told_complete",
        "trigger",
        "version",
        "workflow",
        "workflow_id",
    )

    def __init__(self, id_: bytes, kind: str, workflow: str) -> None:
        self.id = id_
        self.kind = kind
        self.workflow = workflow
        self.workflow_id: bytes | None = None
        self.trigger: str | None = None
        self.input: Any = None
        self.external_id: str | None = None
        self.parent: bytes | None = None
        self.parent_node: bytes | None = None
        self.origin: bytes | None = None
        self.batch_id: bytes | None = None
        self.version: bytes | None = None
        self.tags: frozenset[str] = frozenset()
        self.context: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.nodes_planned: int | None = None
        self.current = Attempt(1)
        self.progress = Progress()
        self.lines = 0
        self.node_changes = [0, 0, 0, 0, 0]
        self.told_complete = False
        self.before: Standing | None = None
        self.loaded: tuple[Any, ...] | None = None

    def join(self, event: events.Event, recorder: bytes) -> None:
        """Take one fact of the execution itself in."""
        match event:
            case events.ExecutionStarted():
                self.current.begin(event.at, recorder)
                self.describe(event)
            case events.ExecutionFinished():
                self._settle(event, recorder)
            case events.ExecutionCreated():
                self.current.show_life(event.at)
                if self.current.recorder is None and not event.detached:
                    self.current.recorder = recorder
                self.describe(event)
            case events.ExecutionProgressed():
                self.current.show_life(event.at)
                self.current.run_as_evidenced(event.at, recorder)
                self.progress.report(event)
            case events.ExecutionTagged():
                self.tags |= frozenset(event.tags)
            case events.ExecutionLost():
                self.current.lose(event.at, event.reason)

    def _settle(self, event: events.ExecutionFinished, recorder: bytes) -> None:
        if self.kind == OPEN_ENDED:
            event = self._as_told_of_members(event, recorder)
        if event.status is not Status.COMPLETED or self.kind != OPEN_ENDED:
            self.current.settle(event, recorder)

    def _as_told_of_members(
        self, event: events.ExecutionFinished, recorder: bytes
    ) -> events.ExecutionFinished:
        """See ``members``: its own end is not the end of a canvas, unless it went wrong."""
        if event.status is Status.COMPLETED:
            self.told_complete = True
            self.current.show_life(event.at)
            self.current.run_as_evidenced(event.started_at or event.at, recorder)
            if event.output is not None:
                self.current.output = event.output
                self.current.outcome_is_new = True
        elif event.error_message is None:
            # Told without a reason, and still told: see ``members.reopen``.
            return msgspec.structs.replace(event, error_message="")
        return event

    def describe(self, event: "events.ExecutionCreated | events.ExecutionStarted") -> None:
        """Fill in what was not known of it."""
        if self.trigger in {None, TriggerType.MANUAL}:
            self.trigger = event.trigger
        if self.input is None:
            self.input = event.input
        if self.external_id is None:
            self.external_id = event.external_id
        if event.tags:
            self.tags |= frozenset(event.tags)
        if event.context:
            self.context = {**event.context, **self.context}
        if event.metadata:
            self.metadata = {**event.metadata, **self.metadata}
        if self.nodes_planned is None:
            self.nodes_planned = event.nodes_total
