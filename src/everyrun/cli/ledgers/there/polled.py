"""What happened between two answers about an execution, as the events that an engine would tell.

What shows a run that is run here shows one that is watched from afar, too.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

from everyrun.cli.node_tree import label
from everyrun.domain import events
from everyrun.domain.clock import to_microseconds
from everyrun.domain.status import SETTLED, Status
from everyrun.domain.views.executions import ExecutionDetail
from everyrun.domain.views.nodes import EarlierAttempt, NodeSummary

ReadAttempts = Callable[[str], list[EarlierAttempt]]
"""The earlier attempts of the nodes of an execution."""


class Polled:
    """Compares each answer with the one before; ``reused`` nodes were done before it began."""

    def __init__(self, read_attempts: ReadAttempts, reused: Collection[str] = ()) -> None:
        self._read_attempts = read_attempts
        self._reused = reused
        self._before: dict[str, NodeSummary] = {}
        self._retried: set[tuple[str, int]] = set()
        self._status: str = Status.PENDING

    def changes(self, detail: ExecutionDetail) -> list[events.AnyEvent]:
        """What is new in an answer, in the order in which it happened."""
        told: list[events.AnyEvent] = []
        if self._status == Status.PENDING and detail.started_at is not None:
            told.append(_began(detail, detail.started_at))
        told += sorted(self._of_nodes(detail), key=lambda event: event.at)
        if detail.status in SETTLED and self._status not in SETTLED:
            told.append(_ended(detail))
        self._status = detail.status
        self._before = {node.id: node for node in detail.nodes}
        return told

    def is_reused(self, event: events.AnyEvent) -> bool:
        """Whether an event is about a node that was done before, of which nobody needs telling."""
        if not isinstance(event, events.NodeEvent):
            return False
        name = event.node if event.iteration is None else f"{event.node}[{event.iteration}]"
        return name in self._reused

    def _of_nodes(self, detail: ExecutionDetail) -> Iterator[events.AnyEvent]:
        changed = [node for node in detail.nodes if node != self._before.get(node.id)]
        attempts = []
        if any(self._is_tried_again(node) for node in changed):
            attempts = self._read_attempts(detail.id)
        for node in changed:
            earlier = [each for each in attempts if each.node_execution_id == node.id]
            yield from self._of_node(detail, node, earlier)

    def _is_tried_again(self, node: NodeSummary) -> bool:
        before = self._before.get(node.id)
        return node.attempts > (1 if before is None else before.attempts)

    def _of_node(
        self, detail: ExecutionDetail, node: NodeSummary, earlier: list[EarlierAttempt]
    ) -> Iterator[events.AnyEvent]:
        before = self._before.get(node.id)
        said = _identity(detail, node)
        at = _micros(node.started_at) or _micros(detail.updated_at)
        was = Status.PENDING if before is None else before.status
        if (
            was == Status.PENDING
            and node.started_at is not None
            and label(node) not in self._reused
        ):
            yield events.NodeStarted(**said, at=at, attempt=1)
        for attempt in earlier:
            yield from self._of_attempt(said, node, attempt)
        if node.status == Status.RETRYING:
            yield from self._retrying(said, node.attempts, node.started_at, None, node.error)
        elif node.status in SETTLED and was not in SETTLED:
            yield _node_ended(said, node, _micros(node.ended_at) or at)
        elif node.status == Status.LOST and was != Status.LOST:
            yield events.NodeLost(**said, at=at, reason=node.lost_reason or "")
        if node.progress_current is not None and node.status == Status.RUNNING:
            yield events.NodeProgressed(
                **said,
                at=at,
                attempt=node.attempts,
                current=node.progress_current,
                total=node.progress_total,
                message=node.progress_message,
            )

    def _of_attempt(
        self, said: dict[str, Any], node: NodeSummary, attempt: EarlierAttempt
    ) -> Iterator[events.AnyEvent]:
        """An attempt that failed, and the one after it that began."""
        yield from self._retrying(
            said, attempt.attempt, attempt.started_at, attempt.ended_at, attempt.error
        )
        begun = (node.id, -attempt.attempt)
        if begun not in self._retried and node.status != Status.RETRYING:
            self._retried.add(begun)
            at = _micros(attempt.ended_at) or _micros(attempt.started_at)
            yield events.NodeStarted(**said, at=at, attempt=attempt.attempt + 1)

    def _retrying(
        self,
        said: dict[str, Any],
        attempt: int,
        started_at: datetime | None,
        ended_at: datetime | None,
        error: str | None,
    ) -> Iterator[events.AnyEvent]:
        key = (said["node_execution_id"], attempt)
        if key in self._retried:
            return
        self._retried.add(key)
        yield events.NodeRetrying(
            **said,
            at=_micros(ended_at) or _micros(started_at),
            attempt=attempt,
            started_at=_micros(started_at) or None,
            error_message=error,
        )


def _began(detail: ExecutionDetail, started_at: datetime) -> events.ExecutionStarted:
    return events.ExecutionStarted(**_execution(detail), at=_micros(started_at))


def _ended(detail: ExecutionDetail) -> events.ExecutionFinished:
    return events.ExecutionFinished(
        **_execution(detail),
        at=_micros(detail.ended_at) or _micros(detail.updated_at),
        status=Status(detail.status),
        output=detail.output,
        error_type=detail.error_type,
        error_message=detail.error_message,
    )


def _node_ended(said: dict[str, Any], node: NodeSummary, at: int) -> events.NodeFinished:
    return events.NodeFinished(
        **said,
        at=at,
        attempt=node.attempts,
        started_at=_micros(node.started_at) or None,
        status=Status(node.status),
        error_message=node.error,
    )


def _execution(detail: ExecutionDetail) -> dict[str, Any]:
    return {"execution_id": detail.id, "workflow": detail.workflow, "kind": detail.kind}


def _identity(detail: ExecutionDetail, node: NodeSummary) -> dict[str, Any]:
    return _execution(detail) | {
        "node": node.node,
        "node_execution_id": node.id,
        "node_type": node.node_type,
        "order": node.execution_order,
        "parent_node_execution_id": node.parent_node_execution_id,
        "iteration": node.iteration,
    }


def _micros(moment: datetime | None) -> int:
    return 0 if moment is None else to_microseconds(moment)
