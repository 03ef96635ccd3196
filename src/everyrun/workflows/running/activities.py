"""Attempts that are under way: what a node is given, and how its end comes back to the run."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from inspect import isawaitable
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from everyrun.domain.status import LogLevel, Status
from everyrun.nodes.base import Chosen, NodeType
from everyrun.nodes.context import Answer, NodeSettings
from everyrun.store.requests import Request
from everyrun.tracking.context import CURRENT
from everyrun.tracking.harmless import harmless
from everyrun.workflows.running.failing import Failure, failure_of
from everyrun.workflows.running.outputs import flowing
from everyrun.workflows.running.places import NodePlace
from everyrun.workflows.running.preparing import Prepared
from everyrun.workflows.running.scopes import Scope

if TYPE_CHECKING:
    from everyrun.workflows.running.surroundings import Surroundings


class Returned(NamedTuple):
    """A node did its work. ``plain`` goes on record, ``output`` flows on."""

    plain: Any
    output: Any
    branch: str | None = None


class Ending(NamedTuple):
    """How an attempt that was told to stop will settle, whatever it still says."""

    status: Status
    failure: Failure


class Activity:
    """One node execution under way; the context that its node is given."""

    def __init__(
        self,
        scope: Scope,
        key: str,
        prepared: Prepared,
        id_: str,
        order: int,
        surroundings: "Surroundings",
    ) -> None:
        self.scope = scope
        self.key = key
        self.prepared = prepared
        self.id = id_
        self.order = order
        self.attempt = 1
        self.resumed = False
        """Whether another process began it."""
        self.started_at = 0
        self.first_started_at = 0
        self.type: NodeType | None = None
        self.input: Any = None
        self.ending: Ending | None = None
        self.killing = False
        """Whether what it started is to be left no time."""
        self.heard: set[str] = set()
        """Requests that it was told of."""
        self.slot: str | None = None
        """The concurrency key that it runs under."""
        self.place: NodePlace
        self.cancel_task: Callable[[], None] | None = None
        self._surroundings = surroundings
        self._lock = Lock()
        self._on_stop: list[Callable[[], None]] = []
        self._answers: deque[Answer] = deque()
        self._awaiting: asyncio.Future[None] | None = None

    @property
    def label(self) -> str:
        """Its key, with the turn of the loop: how people name it."""
        turn = self.scope.label
        return self.prepared.key if turn is None else f"{self.prepared.key}[{turn}]"

    # What the node is given (nodes.context.Context).

    @property
    def execution_id(self) -> str:
        return self._surroundings.place.id

    @property
    def workflow(self) -> str:
        return self._surroundings.place.workflow

    @property
    def node(self) -> str:
        return self.prepared.key

    @property
    def node_execution_id(self) -> str:
        return self.id

    @property
    def directory(self) -> Path:
        return self._surroundings.directory

    @property
    def settings(self) -> NodeSettings:
        settings = self._surroundings.settings
        return replace(settings, cancel_grace=0.0) if self.killing else settings

    @property
    def stopping(self) -> bool:
        return self.place.is_stopping()

    def on_stop(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if not self.place.to_stop:
                self._on_stop.append(callback)
                return
        callback()

    def now(self) -> int:
        return self._surroundings.clock.now()

    def log(self, level: str, message: str, *, logger: str | None = None, **data: object) -> None:
        kept = self._surroundings.capturer.plain(data) if data else None
        self._record_line(LogLevel(level), message, kept, logger)

    def progress(
        self, current: float, total: float | None = None, message: str | None = None
    ) -> None:
        self.place.progress(current, total, message)

    async def answer(self) -> Answer:
        while True:
            with self._lock:
                if self._answers:
                    return self._answers.popleft()
                self._awaiting = asyncio.get_running_loop().create_future()
            await self._awaiting

    @harmless
    def _record_line(self, level: LogLevel, message: str, data: object, logger: str | None) -> None:
        self.place.record_line(level, message, data, logger)

    # What the run does with it.

    def begin(self, at: int) -> None:
        """An attempt begins."""
        self.started_at = at
        self.first_started_at = self.first_started_at or at
        self.ending = None
        self.cancel_task = None
        surroundings = self._surroundings
        place = NodePlace(
            surroundings.place, self.prepared.key, self.prepared.definition.type, surroundings.tell
        )
        place.id = place.node_execution_id = self.id
        place.attempt = self.attempt
        place.number = self.order
        place.iteration = self.scope.label
        place.parent_id = self.scope.parent_id
        place.started_at = at
        self.place = place

    def tell(self, requests: Sequence[Request]) -> None:
        """Hand on what somebody told this node."""
        self.heard.update(request.id for request in requests)
        answers = [
            Answer(action=each.action, data=each.data, asked_by=each.by, asked_at=each.at)
            for each in requests
        ]
        with self._lock:
            self._answers.extend(answers)
            waiting, self._awaiting = self._awaiting, None
        if waiting is not None:
            waiting.get_loop().call_soon_threadsafe(_wake, waiting)

    def stop(self, *, kill: bool = False) -> None:
        """Ask it to end; ``kill`` leaves what it started no time."""
        with self._lock:
            first = not self.place.to_stop
            self.place.to_stop = True
            self.killing = self.killing or kill
            callbacks, self._on_stop = self._on_stop, []
        if not first:
            return
        for callback in callbacks:
            Thread(target=callback, name=f"stop {self.label}", daemon=True).start()
        if self.cancel_task is not None:
            self.cancel_task()

    def work(self) -> None:
        """Run the node in a thread, and send back how it ended."""
        place = self.place
        CURRENT.set(place)
        try:
            assert self.type is not None
            value = self.type.run(self)
            if isawaitable(value):
                self._surroundings.await_in_loop(self, value)
                return
            end: Returned | Failure = self.returned(value)
        except BaseException as error:  # noqa: BLE001 - whatever a node raises is its outcome
            end = self.failure(error)
        finally:
            CURRENT.set(None)
            _say_what_was_held_back(place)
        self._surroundings.send(self, end, place)

    def start_in_loop(self) -> None:
        """Run an asynchronous node on the event loop, and send back how it ended."""
        self._surroundings.await_in_loop(self)

    def work_at_once(self) -> "Returned | Failure":
        """Run a quick node on the spot."""
        try:
            assert self.type is not None
            return self.returned(self.type.run(self))
        except Exception as error:  # noqa: BLE001 - whatever a node raises is its outcome
            return self.failure(error)

    async def work_in_loop(self, awaitable: Awaitable[Any] | None = None) -> None:
        """Run the node on the event loop, and send back how it ended."""
        place = self.place
        CURRENT.set(place)
        try:
            if awaitable is None:
                assert self.type is not None
                awaitable = self.type.run(self)
            end: Returned | Failure = self.returned(await awaitable)
        except BaseException as error:  # noqa: BLE001 - whatever a node raises is its outcome
            end = self.failure(error)
        _say_what_was_held_back(place)
        self._surroundings.send(self, end, place)

    def returned(self, value: Any) -> Returned:
        """What a node gave back, as an outcome."""
        branch = None
        if type(value) is Chosen:
            branch = value.branch
            told = value.output if isinstance(value.output, dict) else {"value": value.output}
            value = {"branch": branch, **told}
        if value is None:
            return Returned(None, None)
        plain, output = flowing(self._surroundings.output_capturer, value)
        return Returned(plain, output, branch)

    def failure(self, error: BaseException) -> Failure:
        """An exception as an outcome."""
        surroundings = self._surroundings
        return failure_of(error, surroundings.capturer, surroundings.settings.output_limit)

    def send_back(self, end: Returned | Failure, place: NodePlace) -> None:
        """An attempt that was worked on elsewhere has ended."""
        _say_what_was_held_back(place)
        self._surroundings.send(self, end, place)


def _say_what_was_held_back(place: NodePlace) -> None:
    if place.marked:
        with suppress(Exception):
            place.say_last_progress()
            place.say_partial_lines()


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
