"""What a run works with: the ledger, the clock, the threads, and the rest of its engine."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from everyrun.domain import events
from everyrun.domain.clock import Clock
from everyrun.domain.graph import WorkflowDefinition
from everyrun.domain.payloads import Capturer
from everyrun.domain.status import TriggerType
from everyrun.nodes.base import NodeFailed
from everyrun.nodes.context import NodeSettings
from everyrun.nodes.sub_workflow import SubWorkflow
from everyrun.store.database import Database
from everyrun.store.history import ExecutionHistory
from everyrun.store.journal import Journal
from everyrun.store.leases import hand_over
from everyrun.store.slots import claim_slot, free_slot
from everyrun.workflows.launching import LaunchRequest
from everyrun.workflows.running.activities import Activity
from everyrun.workflows.running.event_loop import EventLoop
from everyrun.workflows.running.places import GraphPlace
from everyrun.workflows.running.preparing import Lane
from everyrun.workflows.running.surroundings import Send, Surroundings
from everyrun.workflows.running.workers import Workers
from everyrun.workflows.settings import EngineSettings
from everyrun.workflows.templates import Templates

if TYPE_CHECKING:
    from everyrun.workflows.running.run import Finished

OnEvents = Callable[[Sequence[events.AnyEvent]], None]
ChildEnded = Callable[[Activity, "Finished"], None]
BeginChild = Callable[[Activity, SubWorkflow, ChildEnded], str]
StopChild = Callable[[str, bool], None]


def child_request(activity: Activity, node: SubWorkflow) -> LaunchRequest:
    """The execution that a node has another workflow run as; one switched off is run, too."""
    return LaunchRequest(
        workflow=node.workflow,
        version=node.version,
        input=node.inputs,
        trigger=TriggerType.PARENT.value,
        parent_execution_id=activity.execution_id,
        parent_node_execution_id=activity.id,
        inactive_too=True,
    )


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
    """Of one run."""

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
