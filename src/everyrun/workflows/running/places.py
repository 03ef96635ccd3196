"""Where code inside a node finds itself: ``everyrun.log`` and nested nodes go on record there."""

from collections.abc import Callable

from everyrun.domain.events import AnyEvent, LineLogged, NodeProgressed
from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import LogLevel, Status
from everyrun.tracking.places import Reached
from everyrun.tracking.running_executions import RunningExecution
from everyrun.tracking.running_nodes import RunningNode

KIND = "graph"
Tell = Callable[[AnyEvent], None]


class GraphPlace(RunningExecution):
    """The execution of a graph, to what is recorded inside it. The engine settles it."""

    def __init__(self, execution_id: str, workflow: str, first_number: int) -> None:
        super().__init__(workflow, KIND, execution_id)
        self._numbers = iter(range(first_number, 1 << 31))

    def _finish(self, status: Status, error: CapturedError | None, output: object) -> None:
        """The engine commits how executions end."""


class NodePlace(RunningNode):
    """One attempt of a node of a graph. Its progress and lines are also told to whoever watches."""

    def __init__(self, run: GraphPlace, key: str, node_type: str, tell: Tell) -> None:
        super().__init__(run, key, node_type)
        self.outer = run
        self._tell = tell

    def _finish(self, status: Status, error: CapturedError | None, output: object) -> None:
        """The engine commits how node executions end."""

    def record_line(
        self, level: LogLevel, text: str, data: object = None, logger: str | None = None
    ) -> LineLogged:
        """Put one line of this attempt on record, and tell it."""
        line = super().record_line(level, text, data, logger)
        self._tell(line)
        return line

    def _record_progress(self, reached: Reached, at: int) -> None:
        super()._record_progress(reached, at)
        self._tell(
            NodeProgressed(
                execution_id=self.run.id,
                workflow=self.run.workflow,
                kind=self.run.kind,
                at=at,
                node=self.key,
                node_execution_id=self.id,
                attempt=self.attempt,
                iteration=self.iteration,
                current=reached.current,
                total=reached.total,
                message=reached.message,
            )
        )
