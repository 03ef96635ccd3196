"""What is known of an execution while it runs. Pure: events in, the reading room's summaries out.

The summaries are those that ``everyrun show`` draws, so that both draw alike.
"""

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from everyrun.domain import events
from everyrun.domain.clock import to_datetime
from everyrun.domain.status import SETTLED, Status
from everyrun.domain.views.nodes import EarlierAttempt, NodeSummary
from everyrun.store.reading.summaries import error_line

LINES_KEPT = 5
"""Log lines that are kept of a node, to be shown when it fails."""
_PLANNED = "planned:"


class RunTree:
    """One execution, with those of other workflows that run for its nodes.

    ``planned`` are the keys of the graph's own nodes: they stand in the tree, pending, before they
    begin. ``nodes`` and ``attempts`` are what is on record already of one that is gone on with.
    """

    def __init__(
        self,
        execution_id: str,
        workflow: str,
        created_at: datetime,
        planned: Iterable[str] = (),
        nodes: Iterable[NodeSummary] = (),
        attempts: Iterable[EarlierAttempt] = (),
    ) -> None:
        self.id = execution_id
        self.workflow = workflow
        self.status: str = Status.PENDING
        self.created_at = created_at
        self.started_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.error: str | None = None
        self.waits_for: str | None = None
        """Why it cannot begin yet, in words."""
        self.output: Any = None
        self.nodes: list[NodeSummary] = []
        """In drawing order: planned ones as they were planned, others as they began."""
        self.attempts: list[EarlierAttempt] = list(attempts)
        self.counts: Counter[str] = Counter()
        """Of the execution's own nodes, by status; loops and what runs in them count alike."""
        self._by_id: dict[str, NodeSummary] = {}
        self._waiting: dict[str, NodeSummary] = {}
        self._own: set[str] = set()
        self._lines: dict[str, deque[str]] = {}
        self._around: dict[str, str | None] = {execution_id: None}
        for key in planned:
            self._waiting[key] = self._add(_blank(_PLANNED + key, key), own=True)
        for node in nodes:
            self._take_place(node, own=True)

    def total(self) -> int:
        """How many nodes of its own the execution is known to have."""
        return self.counts.total()

    def settled(self) -> int:
        """How many of them have settled."""
        return sum(self.counts[status] for status in SETTLED)

    def lines_of(self, node_id: str) -> Sequence[str]:
        """The last log lines of a node that runs or did not go well."""
        return tuple(self._lines.get(node_id, ()))

    def seconds(self) -> float | None:
        """How long the execution took; None while it runs, or when it never began."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()

    def node(self, id_: str) -> NodeSummary | None:
        """A node that has begun, or was passed over, by its node execution's id."""
        return self._by_id.get(id_)

    def failed(self) -> list[NodeSummary]:
        """The nodes that failed, those inside of failed ones too, in drawing order."""
        return [node for node in self.nodes if node.status == Status.FAILED]

    def feed(self, told: Iterable[events.AnyEvent]) -> None:
        """Take in what happened. Events of other executions than these are let pass."""
        for event in told:
            if isinstance(event, events.NodeEvent):
                self._feed_node(event)
            elif isinstance(event, events.LineLogged):
                self._feed_line(event)
            elif isinstance(event, events.Event):
                self._feed_execution(event)

    # The execution itself, and those inside it.

    def _feed_execution(self, event: events.Event) -> None:
        if event.execution_id != self.id:
            self._meet(event)
        elif isinstance(event, events.ExecutionStarted):
            self.status = Status.RUNNING
            self.started_at = self.started_at or to_datetime(event.at)
        elif isinstance(event, events.ExecutionFinished):
            self.status = event.status
            self.ended_at = to_datetime(event.at)
            self.error = error_line(event.error_type, event.error_message)
            self.output = event.output

    def _meet(self, event: events.Event) -> None:
        """An execution that runs for a node of this one: its nodes stand below that node."""
        if isinstance(event, events.ExecutionStarted | events.ExecutionCreated):
            around = event.parent_node_execution_id
            if around in self._by_id:
                self._around.setdefault(event.execution_id, around)

    # Nodes.

    def _feed_node(self, event: events.NodeEvent) -> None:
        if event.execution_id not in self._around:
            return
        node = self._node_of(event)
        before = node.status
        node.attempts = max(node.attempts, event.attempt)
        at = to_datetime(event.at)
        if isinstance(event, events.NodeStarted):
            node.status, node.started_at = Status.RUNNING, node.started_at or at
            node.progress_current = node.progress_total = node.progress_message = None
        elif isinstance(event, events.NodeProgressed):
            node.progress_current, node.progress_total = event.current, event.total
            node.progress_message = event.message
        elif isinstance(event, events.NodeRetrying):
            node.status = Status.RETRYING
            self.attempts.append(_attempt(event, at))
        elif isinstance(event, events.NodeFinished):
            self._finish(node, event, at)
        elif isinstance(event, events.NodeLost):
            node.status, node.lost_reason = Status.LOST, event.reason
        if node.id in self._own and node.status != before:
            self.counts[before] -= 1
            self.counts[node.status] += 1

    def _finish(self, node: NodeSummary, event: events.NodeFinished, at: datetime) -> None:
        node.status, node.ended_at = event.status, at
        if node.started_at is None and event.started_at is not None:
            node.started_at = to_datetime(event.started_at)
        if node.started_at is not None:
            node.duration_seconds = (at - node.started_at).total_seconds()
        node.error = error_line(event.error_type, event.error_message)
        if event.status != Status.FAILED:
            self._lines.pop(node.id, None)

    def _node_of(self, event: events.NodeEvent) -> NodeSummary:
        node = self._by_id.get(event.node_execution_id)
        if node is None:
            parent = event.parent_node_execution_id or self._around[event.execution_id]
            node = _blank(event.node_execution_id, event.node)
            node.node_type, node.iteration = event.node_type, event.iteration
            node.execution_order, node.parent_node_execution_id = event.order, parent
            node = self._take_place(node, own=event.execution_id == self.id)
        return node

    def _take_place(self, node: NodeSummary, *, own: bool) -> NodeSummary:
        """Put a node into the tree, in the place that was kept for it where there is one."""
        kept = None
        if own and node.parent_node_execution_id is None and node.iteration is None:
            kept = self._waiting.pop(node.node, None)
        if kept is None:
            return self._add(node, own=own)
        self.counts[kept.status] -= 1
        for name in NodeSummary.__struct_fields__:
            setattr(kept, name, getattr(node, name))
        self._know(kept, own=True)
        return kept

    def _add(self, node: NodeSummary, *, own: bool) -> NodeSummary:
        self.nodes.append(node)
        self._know(node, own=own)
        return node

    def _know(self, node: NodeSummary, *, own: bool) -> None:
        self._by_id[node.id] = node
        if own:
            self._own.add(node.id)
            self.counts[node.status] += 1

    def _feed_line(self, event: events.LineLogged) -> None:
        node_id = event.node_execution_id
        if node_id in self._by_id:
            tail = self._lines.setdefault(node_id, deque(maxlen=LINES_KEPT))
            tail.extend(event.message.splitlines())


def _blank(id_: str, key: str) -> NodeSummary:
    return NodeSummary(
        id=id_,
        node=key,
        node_type=None,
        status=Status.PENDING,
        attempts=1,
        execution_order=None,
        parent_node_execution_id=None,
        iteration=None,
        started_at=None,
        ended_at=None,
        duration_seconds=None,
        progress_current=None,
        progress_total=None,
        progress_message=None,
        error=None,
        lost_reason=None,
    )


def _attempt(event: events.NodeRetrying, at: datetime) -> EarlierAttempt:
    began = None if event.started_at is None else to_datetime(event.started_at)
    return EarlierAttempt(
        node_execution_id=event.node_execution_id,
        attempt=event.attempt,
        status=Status.FAILED,
        started_at=began,
        ended_at=at,
        duration_seconds=None if began is None else (at - began).total_seconds(),
        error=error_line(event.error_type, event.error_message),
    )
