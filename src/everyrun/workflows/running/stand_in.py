"""The context of a node that runs in another process than its engine."""

from collections.abc import Callable
from inspect import isawaitable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from everyrun.domain.clock import SystemClock
from everyrun.domain.payloads.registering import REGISTRY
from everyrun.domain.status import LogLevel
from everyrun.nodes.base import NodeType
from everyrun.nodes.context import Answer, NodeSettings
from everyrun.tracking import recording
from everyrun.tracking.elsewhere import PlaceElsewhere
from everyrun.tracking.places import Place
from everyrun.workflows.running.failing import Failure, failure_of

if TYPE_CHECKING:
    from everyrun.workflows.running.activities import Activity


class Assignment(NamedTuple):
    """What a process is told of the node execution that it runs."""

    place: PlaceElsewhere
    directory: Path
    settings: NodeSettings
    first_started_at: int
    secrets: frozenset[str]

    @classmethod
    def of(cls, activity: "Activity") -> "Assignment":
        """The assignment of an activity's current attempt."""
        return cls(
            place=PlaceElsewhere.of(activity.place),
            directory=activity.directory,
            settings=activity.settings,
            first_started_at=activity.first_started_at,
            secrets=REGISTRY.values(),
        )


class StandIn:
    """A node's context in its own process; whoever stops it ends the process."""

    def __init__(self, assignment: Assignment) -> None:
        for secret in assignment.secrets:
            REGISTRY.add(secret)
        self._assignment = assignment
        self._clock = SystemClock()
        self.place: Place = assignment.place.place()
        self.stopping = False

    @property
    def execution_id(self) -> str:
        return self._assignment.place.execution_id

    @property
    def workflow(self) -> str:
        return self._assignment.place.workflow

    @property
    def node(self) -> str:
        return self._assignment.place.key or ""

    @property
    def node_execution_id(self) -> str:
        return self._assignment.place.node_execution_id or ""

    @property
    def attempt(self) -> int:
        return self._assignment.place.attempt

    @property
    def first_started_at(self) -> int:
        return self._assignment.first_started_at

    @property
    def directory(self) -> Path:
        return self._assignment.directory

    @property
    def settings(self) -> NodeSettings:
        return self._assignment.settings

    def on_stop(self, callback: Callable[[], None]) -> None:
        """The process is ended instead."""

    def now(self) -> int:
        return self._clock.now()

    def log(self, level: str, message: str, *, logger: str | None = None, **data: object) -> None:
        kept = recording.current().capturer.plain(data) if data else None
        self.place.record_line(LogLevel(level), message, kept, logger)

    def progress(
        self, current: float, total: float | None = None, message: str | None = None
    ) -> None:
        self.place.progress(current, total, message)

    async def answer(self) -> Answer:
        raise NotImplementedError("a node in a process of its own cannot be answered")

    def value_of(self, node: NodeType) -> Any:
        """Run the node, to its end."""
        value = node.run(self)
        if isawaitable(value):
            import asyncio

            async def wait() -> Any:
                return await value

            return asyncio.run(wait())
        return value

    def failure(self, error: BaseException) -> Failure:
        """An exception as an outcome."""
        return failure_of(error, recording.current().capturer, self.settings.output_limit)
