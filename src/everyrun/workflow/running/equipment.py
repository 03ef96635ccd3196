"""What a run works with: the ledger, the clock, the threads, and the words for what happened."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from everyrun.domain import events
from everyrun.domain.clock import Clock
from everyrun.domain.graph import WorkflowDefinition
from everyrun.domain.payloads import CapturedError, Capturer
from everyrun.domain.status import Status
from everyrun.nodes.base import NodeFailed
from everyrun.nodes.context import NodeSettings
from everyrun.nodes.sub_workflow import SubWorkflow
from everyrun.store.database import Database
from everyrun.store.history import ExecutionHistory
from everyrun.store.journal import Journal
from everyrun.store.leases import hand_over
from everyrun.store.slots import claim_slot, free_slot
from everyrun.workflow.running.activities import Activity, Returned
from everyrun.workflow.running.event_loop import EventLoop
from everyrun.workflow.running.failing import Failure
from everyrun.workflow.running.places import KIND, GraphPlace
from everyrun.workflow.running.preparing import Lane
from everyrun.workflow.running.surroundings import Send, Surroundings
from everyrun.workflow.running.workers import Workers
from everyrun.workflow.settings import EngineSettings
from everyrun.workflow.templates import Templates

if TYPE_CHECKING:
    from everyrun.workflow.running.run import Finished

OnEvents = Callable[[Sequence[events.AnyEvent]], None]
ChildEnded = Callable[[Activity, "Finished"], None]
BeginChild = Callable[[Activity, SubWorkflow, ChildEnded], str]
StopChild = Callable[[str, bool], None]


class Limits(NamedTuple):
    """How many nodes of an execution run at once: in threads, as tasks, and together."""

    threads: int
    tasks: int
    together: int

    def of(self, lane: Lane) -> int:
        """The limit of one lane."""
        return self.threads if lane is Lane.THREAD else self.tasks


@dataclass(kw_only=True)
class Equipment:
    """Of one run. Everything that it puts on record is worded here."""

    owner: str
    execution: ExecutionHistory
    definition: WorkflowDefinition
    inputs: Any
    database: Database
    journal: Journal
    settings: EngineSettings
    clock: Clock
    capturer: Capturer
    templates: Templates
    names: Mapping[str, Any]
    event_loop: EventLoop
    workers: Workers
    first_number: int
    on_events: OnEvents | None
    start_child: BeginChild
    end_child: StopChild

    def __post_init__(self) -> None:
        threads, tasks = self.settings.workers, self.settings.tasks
        asked = (self.definition.policy.concurrency, self.settings.concurrency)
        together = min([threads + tasks, *(limit for limit in asked if limit)])
        self.limits = Limits(threads, tasks, together)
        self.identity: dict[str, Any] = {
            "execution_id": self.execution.id,
            "workflow": self.execution.workflow,
            "kind": KIND,
        }
        self.node_settings: NodeSettings = self.settings.for_nodes()

    def surroundings(self, send: Send) -> Surroundings:
        """What the run's activities share."""
        place = GraphPlace(self.execution.id, self.execution.workflow, self.first_number)
        place.started_at = self.execution.started_at or self.clock.now()
        return Surroundings(
            place=place,
            directory=Path(self.definition.directory or os.curdir).absolute(),
            settings=self.node_settings,
            clock=self.clock,
            capturer=self.capturer,
            event_loop=self.event_loop,
            send=send,
            tell=self.tell,
        )

    def allow(self, node_type: str) -> None:
        """Raise :class:`NodeFailed` for a node type that may not run here."""
        allowed = self.node_settings.allowed_types
        if allowed is not None and node_type not in allowed:
            raise NodeFailed(f"node type {node_type} may not run here (EVERYRUN_NODE_TYPES)")

    def render(self, value: Any, names: Mapping[str, Any]) -> Any:
        """A template of the definition as a whole."""
        return self.templates.render(value, names, "output")

    def tell(self, event: events.AnyEvent) -> None:
        """Let whoever watches know of something that goes on record by another way."""
        if self.on_events is not None:
            self.on_events([event])

    def commit(self, gathered: Sequence[events.AnyEvent], *, release: bool) -> None:
        """Put decisions on record. Raises ``LeaseLost``."""
        self.journal.commit(gathered, self.clock.now(), release=release)
        if self.on_events is not None and gathered:
            self.on_events(gathered)

    # Concurrency keys, the queue, children.

    def claim_slot(self, key: str, limit: int, node_execution_id: str) -> bool:
        """Whether a node execution may run under a key now."""
        now = self.clock.now()
        return self.database.transact(
            lambda c: claim_slot(c, key, limit, self.execution.id, node_execution_id, now)
        )

    def free_slot(self, key: str, node_execution_id: str) -> None:
        """A node execution under a key has ended."""
        self.database.transact(lambda c: free_slot(c, key, node_execution_id))

    def hand_over(self, now: int) -> None:
        """Put the execution back into the queue."""
        self.database.transact(lambda c: hand_over(c, self.execution.id, self.owner, now))

    def begin_child(self, activity: Activity, node: SubWorkflow, ended: ChildEnded) -> str:
        """Run another workflow for a node; answers the execution's id."""
        return self.start_child(activity, node, ended)

    def stop_child(self, execution_id: str, *, kill: bool) -> None:
        """Have the execution that runs for a node end."""
        self.end_child(execution_id, kill)

    # What is put on record.

    def first_events(self, now: int) -> list[events.AnyEvent]:
        """The execution begins, or goes on."""
        parent = self.execution.parent_node_execution_id
        return [events.ExecutionStarted(**self.identity, at=now, parent_node_execution_id=parent)]

    def finished(
        self, now: int, status: Status, plain: Any, error: CapturedError | None
    ) -> events.AnyEvent:
        """The execution settles."""
        event = events.ExecutionFinished(**self.identity, at=now, status=status, output=plain)
        if error is not None:
            event.error_type = error.type or None
            event.error_message = error.message
            event.error_traceback = error.traceback or None
        return event

    def ended(
        self, activity: Activity, status: Status, end: Returned | Failure, now: int
    ) -> events.AnyEvent:
        """A node execution settles."""
        event = events.NodeFinished(
            **self.identity,
            at=max(now, activity.started_at),
            started_at=activity.started_at or None,
            node=activity.prepared.key,
            node_execution_id=activity.id,
            attempt=activity.attempt,
            node_type=activity.prepared.definition.type,
            order=activity.order,
            iteration=activity.scope.label,
            parent_node_execution_id=activity.scope.parent_id,
            status=status,
            output=end.plain,
        )
        if isinstance(end, Failure):
            event.error_type = end.error.type or None
            event.error_message = end.error.message
            event.error_traceback = end.error.traceback or None
        return event

    def retrying(self, activity: Activity, end: Failure) -> events.AnyEvent:
        """An attempt failed and another follows."""
        return events.NodeRetrying(
            **self.identity,
            at=max(self.clock.now(), activity.started_at),
            started_at=activity.started_at,
            node=activity.prepared.key,
            node_execution_id=activity.id,
            attempt=activity.attempt,
            node_type=activity.prepared.definition.type,
            order=activity.order,
            iteration=activity.scope.label,
            parent_node_execution_id=activity.scope.parent_id,
            error_type=end.error.type or None,
            error_message=end.error.message,
            error_traceback=end.error.traceback or None,
        )

    def lost(self, activity: Activity, now: int, reason: str) -> events.AnyEvent:
        """An attempt goes on elsewhere, if at all."""
        return events.NodeLost(
            **self.identity,
            at=now,
            node=activity.prepared.key,
            node_execution_id=activity.id,
            attempt=activity.attempt,
            iteration=activity.scope.label,
            parent_node_execution_id=activity.scope.parent_id,
            reason=reason,
        )
