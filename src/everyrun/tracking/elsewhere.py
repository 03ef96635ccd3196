"""What runs here as another process knows it, and where that process is to record."""

from typing import TYPE_CHECKING, NamedTuple

from everyrun.tracking import recording
from everyrun.tracking.places import Place
from everyrun.tracking.running_executions import RunningExecution
from everyrun.tracking.running_nodes import RunningNode

if TYPE_CHECKING:
    from everyrun.tracking.settings import Settings


def record_with(settings: "Settings") -> None:
    """Record as another process does, whatever this one's environment says."""
    if recording.current().settings != settings:
        former = recording.use(recording.make_recorder(settings))
        if former is not None:
            former.close()


class PlaceElsewhere(NamedTuple):
    """A place as another process knows it: enough to record into it, never to settle it.

    Node executions begun there take the number that was next when it was bound.
    """

    execution_id: str
    workflow: str
    kind: str
    number: int
    key: str | None
    node_execution_id: str | None
    node_type: str | None
    attempt: int
    settings: "Settings"

    @classmethod
    def of(cls, place: Place) -> "PlaceElsewhere":
        """``place`` as another process is to know it."""
        run = place.execution
        return cls(
            execution_id=run.id,
            workflow=run.workflow,
            kind=run.kind,
            number=run.next_number(),
            key=place.key,
            node_execution_id=place.node_execution_id,
            node_type=place.node_type if isinstance(place, RunningNode) else None,
            attempt=place.attempt,
            settings=recording.current().settings,
        )

    def place(self) -> Place:
        """The place, in this process, which records as the other one does from now on."""
        record_with(self.settings)
        run = RunningExecution(self.workflow, self.kind, self.execution_id)
        run.number_all_as(self.number)
        if self.node_execution_id is None or self.key is None:
            return run
        node = RunningNode(run, self.key, self.node_type or "")
        node.id = node.node_execution_id = self.node_execution_id
        node.attempt = self.attempt
        return node
