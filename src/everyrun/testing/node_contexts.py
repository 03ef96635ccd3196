"""``everyrun.testing.node_context()``: what a node type is given while it runs, for its tests."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from everyrun.domain.clock import Clock
from everyrun.domain.identifiers import new_id
from everyrun.nodes.context import Answer, NodeSettings
from everyrun.testing.hand_clock import HandClock


class Line(NamedTuple):
    """A line that a node put on record."""

    level: str
    message: str
    data: dict[str, object]
    logger: str | None = None


class Progress(NamedTuple):
    """How far a node said that it was."""

    current: float
    total: float | None
    message: str | None


class NodeContext:
    """Stands in for the engine: keeps what the node says, and stops and answers it when told to."""

    def __init__(
        self,
        directory: Path,
        clock: Clock,
        settings: NodeSettings,
        *,
        workflow: str,
        node: str,
        attempt: int,
        first_started_at: int,
    ) -> None:
        self.execution_id = new_id()
        self.node_execution_id = new_id()
        self.workflow = workflow
        self.node = node
        self.attempt = attempt
        self.first_started_at = first_started_at
        self.directory = directory
        self.settings = settings
        self.lines: list[Line] = []
        """Every line that was logged."""
        self.on_line: Callable[[Line], object] | None = None
        """Called with each line, where the node logs it."""
        self.reached: list[Progress] = []
        """Every word on its progress."""
        self._clock = clock
        self._lock = threading.Lock()
        self._stopping = False
        self._on_stop: list[Callable[[], None]] = []
        self._answers: deque[Answer] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()

    # What the node is given (nodes.context.Context).

    @property
    def stopping(self) -> bool:
        """Whether the node was asked to end."""
        return self._stopping

    def on_stop(self, callback: Callable[[], None]) -> None:
        """Call this when the node is asked to end; at once if it was."""
        with self._lock:
            if not self._stopping:
                self._on_stop.append(callback)
                return
        callback()

    def now(self) -> int:
        """The time of the clock, µs UTC."""
        return self._clock.now()

    def log(self, level: str, message: str, *, logger: str | None = None, **data: object) -> None:
        """Keep a line."""
        line = Line(level, message, data, logger)
        self.lines.append(line)
        if self.on_line is not None:
            self.on_line(line)

    def progress(
        self, current: float, total: float | None = None, message: str | None = None
    ) -> None:
        """Keep how far it is."""
        self.reached.append(Progress(current, total, message))

    async def answer(self) -> Answer:
        """Wait until the test answers."""
        while True:
            with self._lock:
                if self._answers:
                    return self._answers.popleft()
                waiting = asyncio.get_running_loop().create_future()
                self._waiting.append(waiting)
            await waiting

    # What a test does with it.

    @property
    def messages(self) -> list[str]:
        """The text of every line."""
        return [line.message for line in self.lines]

    @property
    def is_awaiting_answer(self) -> bool:
        """Whether the node waits for somebody's answer."""
        with self._lock:
            return any(not waiting.done() for waiting in self._waiting)

    def stop(self) -> None:
        """Ask the node to end, and return when all callbacks have."""
        with self._lock:
            self._stopping = True
            callbacks, self._on_stop = self._on_stop, []
        for callback in callbacks:
            callback()

    def tell(self, action: str, data: Any = None, *, by: str | None = "tester") -> None:
        """Answer the node, from any thread: ``tell("answer", {"approved": True})``."""
        answer = Answer(action=action, data=data, asked_by=by, asked_at=self.now())
        with self._lock:
            self._answers.append(answer)
            waiting = list(self._waiting)
            self._waiting.clear()
        for future in waiting:
            future.get_loop().call_soon_threadsafe(_wake, future)


def node_context(
    directory: Path | str = ".",
    *,
    clock: Clock | None = None,
    settings: NodeSettings | None = None,
    workflow: str = "workflow",
    node: str = "node",
    attempt: int = 1,
    first_started_at: int | None = None,
) -> NodeContext:
    """A context to run a node with: ``Greet(who="Kim").run(node_context())``.

    ``directory`` is where relative paths start. Without a ``clock`` it is noon of 15 January 2026,
    and stays so.
    """
    clock = clock or HandClock()
    return NodeContext(
        Path(directory).absolute(),
        clock,
        settings or NodeSettings(),
        workflow=workflow,
        node=node,
        attempt=attempt,
        first_started_at=clock.now() if first_started_at is None else first_started_at,
    )


def _wake(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
