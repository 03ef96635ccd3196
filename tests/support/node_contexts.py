"""A context for a node that runs alone: what it says is kept, what it waits for is told by hand."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from everyrun.domain.clock import Clock, SystemClock
from everyrun.nodes.base import NodeType
from everyrun.nodes.context import Answer, NodeSettings

TIMEOUT = 20.0


class Line(NamedTuple):
    """A line that a node put on record."""

    level: str
    message: str
    logger: str | None
    data: dict[str, object]


@dataclass
class ToldContext:
    """Runs one node. ``stop`` asks it to end, ``tell`` answers it, from any thread."""

    directory: Path
    settings: NodeSettings = field(default_factory=NodeSettings)
    clock: Clock = field(default_factory=SystemClock)
    attempt: int = 1
    execution_id: str = "0198c5a0-0000-7000-8000-000000000001"
    node_execution_id: str = "0198c5a0-0000-7000-8000-000000000002"
    workflow: str = "test"
    node: str = "step"
    stopping: bool = False
    lines: list[Line] = field(default_factory=list)
    on_line: Callable[[Line], None] | None = None
    first_started_at: int = 0

    def __post_init__(self) -> None:
        self.first_started_at = self.first_started_at or self.clock.now()
        self._callbacks: list[Callable[[], None]] = []
        self._answers: asyncio.Queue[Answer] = asyncio.Queue()
        self._lock = threading.Lock()

    def on_stop(self, callback: Callable[[], None]) -> None:
        with self._lock:
            self._callbacks.append(callback)
            at_once = self.stopping
        if at_once:
            callback()

    def stop(self) -> None:
        """Ask the node to end."""
        with self._lock:
            self.stopping = True
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    def now(self) -> int:
        return self.clock.now()

    def log(self, level: str, message: str, *, logger: str | None = None, **data: object) -> None:
        line = Line(level, message, logger, data)
        self.lines.append(line)
        if self.on_line is not None:
            self.on_line(line)

    def progress(
        self, current: float, total: float | None = None, message: str | None = None
    ) -> None:
        """Nobody looks."""

    async def answer(self) -> Answer:
        return await self._answers.get()

    def tell(self, action: str, data: Any, by: str | None = None) -> None:
        """Answer the node."""
        self._answers.put_nowait(
            Answer(action=action, data=data, asked_by=by, asked_at=self.clock.now())
        )

    def run(self, node: NodeType) -> Any:
        """Run ``node`` to its end."""
        result = node.run(self)
        if not node.is_async(self):
            return result

        async def within_limits() -> Any:
            async with asyncio.timeout(TIMEOUT):
                return await result

        return asyncio.run(within_limits())
