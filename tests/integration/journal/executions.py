"""An execution of a graph that a test's own engine holds, and what that engine tells."""

from collections.abc import Sequence
from typing import Any

from everyrun.domain import events
from everyrun.domain.events import WIRE_VERSION, Batch
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.store.intake import append_batch
from everyrun.store.journal import Journal
from everyrun.store.versions import NodeIdentity
from tests.support.facts import NOON, SECOND, a_recorder
from tests.support.queue import LATER, queue_up, save


class CountingJournal(Journal):
    """Counts the commits that went through the general door."""

    by_the_door = 0

    def _tell(self, told: Sequence[events.AnyEvent], now: int, **how: bool) -> None:
        self.by_the_door += 1
        super()._tell(told, now, **how)


class Ours:
    """One execution that this test's engine holds, begun with its first node."""

    def __init__(self, database: Database, keys: int = 3) -> None:
        self.database = database
        self.recorder, self.owner = a_recorder(), new_id()
        nodes = {f"n{number}": NodeIdentity("set", {}) for number in range(keys)}
        self.workflow_id = save(database, nodes=nodes).workflow_id
        self.execution_id = queue_up(
            database, self.workflow_id, owner=self.owner, host="host-a", expires_at=LATER
        )
        self.of: dict[str, Any] = {
            "execution_id": self.execution_id,
            "workflow": "nightly",
            "kind": "graph",
        }

    def journal(self) -> CountingJournal:
        return CountingJournal(
            self.database, self.execution_id, "nightly", self.recorder, self.owner
        )

    def node(self, number: int = 0, **more: Any) -> dict[str, Any]:
        """What the events of one node execution have in common."""
        return {**self.of, "node": f"n{number}", "node_execution_id": new_id(), **more}

    def began(self, at: int = NOON) -> events.ExecutionStarted:
        return events.ExecutionStarted(**self.of, at=at)

    def ended(self, at: int = NOON + SECOND) -> events.ExecutionFinished:
        return events.ExecutionFinished(**self.of, at=at, status=Status.COMPLETED)

    def append(self, *told: Any) -> None:
        """Somebody else tells something, through the general door."""
        batch = Batch(version=WIRE_VERSION, recorder=a_recorder(), events=list(told))
        append_batch(self.database, batch, NOON)


def started(node: dict[str, Any], at: int = NOON, **more: Any) -> events.NodeStarted:
    """An attempt of a node execution begins."""
    return events.NodeStarted(**node, at=at, **more)


def finished(
    node: dict[str, Any], at: int = NOON + 5, status: Status = Status.COMPLETED, **more: Any
) -> events.NodeFinished:
    """A node execution settles."""
    return events.NodeFinished(**node, at=at, status=status, **more)
