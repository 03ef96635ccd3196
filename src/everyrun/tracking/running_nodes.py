"""Node executions while they run: every call of a ``@node``, and every ``with run.node(...)``."""

from copy import copy
from typing import TYPE_CHECKING, Any, Self

from everyrun.domain.events import NodeFinished, NodeProgressed, NodeRetrying, NodeStarted
from everyrun.domain.identifiers import new_id
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status
from everyrun.tracking import recording
from everyrun.tracking.context import Lineage
from everyrun.tracking.harmless import harmless
from everyrun.tracking.places import Place, Reached

if TYPE_CHECKING:
    from everyrun.tracking.running_executions import RunningExecution

FUNCTION = "function"
"""``node_type`` of a decorated function."""

BLOCK = "block"
"""``node_type`` of a ``with`` block."""


class RunningNode(Place):
    """One run of a node inside an execution, while it runs; of its attempts, the current one."""

    number: int | None = None
    iteration: str | None = None
    parent_id: str | None = None
    alone: bool = False
    """Whether the execution was begun for this node, and settles with it."""

    def __init__(self, run: "RunningExecution", key: str, node_type: str) -> None:
        self.id = self.node_execution_id = new_id()
        self.run = run
        self.key: str = key
        self.node_type = node_type
        self.outer: Place | None = None
        self.generation = Lineage.generation

    @property
    def execution(self) -> "RunningExecution":
        """The execution that the node runs in."""
        return self.run

    def begin_as(self, captured: Any) -> None:
        """Put on record that an attempt begins now, with the input ``captured``."""
        recorder = recording.current()
        run = self.run
        if self.number is None:
            self.number = run.next_number()
            outer = self.outer
            if outer is not None and outer.execution is run:
                self.parent_id = outer.node_execution_id
        self.started_at = at = recorder.clock.now()
        recorder.record(
            NodeStarted(
                execution_id=run.id,
                workflow=run.workflow,
                kind=run.kind,
                at=at,
                node=self.key,
                node_execution_id=self.id,
                attempt=self.attempt,
                node_type=self.node_type,
                order=self.number,
                parent_node_execution_id=self.parent_id,
                iteration=self.iteration,
                input=captured,
            )
        )

    @harmless
    def begin_with(self, given: object) -> None:
        """Put on record that an attempt begins now, with ``given``, not captured yet, as input."""
        self.begin_as(None if given is None else recording.current().capturer.plain(given))

    @harmless
    def retry_after(self, error: BaseException) -> None:
        """Put on record that this attempt was left by ``error`` and another one follows."""
        self._say_what_was_held_back()
        recorder = recording.current()
        captured = recorder.capturer.error(error)
        run = self.run
        recorder.record(
            NodeRetrying(
                execution_id=run.id,
                workflow=run.workflow,
                kind=run.kind,
                at=max(recorder.clock.now(), self.started_at),
                started_at=self.started_at or None,
                node=self.key,
                node_execution_id=self.id,
                attempt=self.attempt,
                node_type=self.node_type,
                order=self.number,
                parent_node_execution_id=self.parent_id,
                iteration=self.iteration,
                error_type=captured.type,
                error_message=captured.message,
                error_traceback=captured.traceback,
            )
        )

    def next_attempt(self) -> Self:
        """The same node execution, trying again.

        A place of its own: what an attempt that was given up still writes stays with that attempt.
        """
        again = copy(self)
        again.attempt += 1
        again.partial_lines = None
        again.to_stop = False
        return again

    @harmless
    def begin_again(self) -> None:
        """Put on record that the next attempt begins now. Its input is the first one's."""
        self.begin_as(None)

    def _finish(self, status: Status, error: CapturedError | None, output: object) -> None:
        self.status = status
        recorder = recording.current()
        at = recorder.clock.now()
        run = self.run
        event = NodeFinished(
            execution_id=run.id,
            workflow=run.workflow,
            kind=run.kind,
            at=max(self.started_at, at),
            started_at=self.started_at or None,
            node=self.key,
            node_execution_id=self.id,
            attempt=self.attempt,
            node_type=self.node_type,
            order=self.number,
            parent_node_execution_id=self.parent_id,
            iteration=self.iteration,
            status=status,
            output=output,
        )
        if error is not None:
            event.error_type = error.type or None
            event.error_message = error.message
            event.error_traceback = error.traceback or None
        recorder.record(event)
        if self.alone:
            run.settle_with_its_node(status, output, error)

    def _record_progress(self, reached: Reached, at: int) -> None:
        run = self.run
        recording.current().record(
            NodeProgressed(
                execution_id=run.id,
                workflow=run.workflow,
                kind=run.kind,
                at=at,
                node=self.key,
                node_execution_id=self.id,
                attempt=self.attempt,
                node_type=self.node_type,
                order=self.number,
                parent_node_execution_id=self.parent_id,
                iteration=self.iteration,
                current=reached.current,
                total=reached.total,
                message=reached.message,
            )
        )
