"""Node executions: ``with run.node("step") as step: ...``, and the one that runs here."""

from functools import partial

from everyrun.domain.payloads import clean_text
from everyrun.domain.status import Status
from everyrun.tracking.context import CURRENT
from everyrun.tracking.describing import name_on_record
from everyrun.tracking.handles import Handle
from everyrun.tracking.running_executions import RunningExecution
from everyrun.tracking.running_nodes import BLOCK, RunningNode


class NodeExecution(Handle):
    """One run of a node inside an execution; of its attempts, one."""

    _place: RunningNode

    @property
    def key(self) -> str:
        """The node's name."""
        return self._place.key

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self._place.attempt

    def __repr__(self) -> str:
        return f"<NodeExecution {self.key} {self.id}: {self.status}>"


def node_block(run: RunningExecution, name: str, given: object, iteration: object) -> NodeExecution:
    """A step of ``run``, for a ``with`` block."""
    place = RunningNode(run, name_on_record(name), BLOCK)
    place.status = Status.PENDING
    place.iteration = None if iteration is None else clean_text(str(iteration))
    return NodeExecution(place, partial(place.begin_with, given))


def current_node() -> NodeExecution | None:
    """The node execution that runs here, None outside any node."""
    place = CURRENT.get()
    return NodeExecution(place) if isinstance(place, RunningNode) else None
