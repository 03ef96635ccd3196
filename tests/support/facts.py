"""Facts for tests, with everything that a test does not care about filled in."""

from typing import Any

from everyrun.domain import events
from everyrun.domain.events import WIRE_VERSION, Batch, RecorderInfo
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.store.intake import append_batch

NOON = 1_795_000_000_000_000
SECOND = 1_000_000


def a_recorder(host: str = "host-a", pid: int = 4242) -> RecorderInfo:
    """A recorder that nobody else is."""
    return RecorderInfo(id=new_id(), host=host, pid=pid, started_at=NOON - SECOND)


class Facts:
    """The facts of one execution with one node, told about at will."""

    def __init__(self, workflow: str = "nightly", kind: str = "function") -> None:
        self.execution_id = new_id()
        self.node_execution_id = new_id()
        self.of: dict[str, Any] = {
            "execution_id": self.execution_id,
            "workflow": workflow,
            "kind": kind,
        }
        self.at_node: dict[str, Any] = {
            **self.of,
            "node": "load",
            "node_execution_id": self.node_execution_id,
        }

    def started(self, at: int = NOON, **more: Any) -> events.ExecutionStarted:
        return events.ExecutionStarted(**self.of, at=at, **more)

    def finished(
        self, at: int = NOON + SECOND, status: Status = Status.COMPLETED, **more: Any
    ) -> events.ExecutionFinished:
        return events.ExecutionFinished(**self.of, at=at, status=status, **more)

    def node_started(self, at: int = NOON, **more: Any) -> events.NodeStarted:
        return events.NodeStarted(**self.at_node, at=at, **more)

    def node_retrying(self, at: int = NOON + 1, **more: Any) -> events.NodeRetrying:
        return events.NodeRetrying(**self.at_node, at=at, **more)

    def node_finished(
        self, at: int = NOON + SECOND, status: Status = Status.COMPLETED, **more: Any
    ) -> events.NodeFinished:
        return events.NodeFinished(**self.at_node, at=at, status=status, **more)

    def line(self, message: str = "hello", at: int = NOON, **more: Any) -> events.LineLogged:
        return events.LineLogged(**self.of, id=new_id(), at=at, message=message, **more)

    def node_line(self, message: str = "hello", at: int = NOON) -> events.LineLogged:
        return events.LineLogged(**self.at_node, id=new_id(), at=at, message=message)


def tell(database: Database, *told: Any, recorder: RecorderInfo | None = None) -> None:
    """Append these facts as one batch."""
    batch = Batch(version=WIRE_VERSION, recorder=recorder or a_recorder(), events=list(told))
    append_batch(database, batch, NOON)
