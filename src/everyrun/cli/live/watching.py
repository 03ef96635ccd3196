"""An execution run by an engine of this process, and shown while it is.

The engine works in a thread of its own; this one draws, and hears Ctrl-C.
"""

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from enum import Enum, auto
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Self

from everyrun.cli.live.interrupts import Interrupts
from everyrun.cli.live.stopping import SIGNALS_TO_LEAVE, Asked, leave
from everyrun.cli.live.views import View
from everyrun.domain.events import AnyEvent

if TYPE_CHECKING:
    from everyrun.cli.executors import AnyEngine
    from everyrun.cli.live.tree import RunTree
    from everyrun.store.database import Database

SECONDS_BETWEEN_LOOKS = 0.1


class _Call(Enum):
    WAKE = auto()
    DONE = auto()


class Watched:
    """One execution, run here by ``engine``, which tells :attr:`told` of its events.

    Within ``with`` signals are heard: from before the execution is made, so that one that comes
    before anybody watches is not lost on it.
    """

    def __init__(self) -> None:
        self.told: deque[AnyEvent] = deque()
        self._calls: SimpleQueue[_Call] = SimpleQueue()
        self._interrupts = Interrupts(self._hear_signal)
        self._failure: BaseException | None = None
        self._is_read = True
        self._is_watching = False

    def __enter__(self) -> Self:
        self._interrupts.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._interrupts.__exit__()

    @property
    def signalled(self) -> int:
        """The exit code that the signals heard ask for, 0 without any."""
        return self._interrupts.exit_code

    def hear(self, events: Iterable[AnyEvent]) -> None:
        """What the engine calls after each commit, from any thread."""
        self.told.extend(events)

    def run(
        self, engine: "AnyEngine", database: "Database", tree: "RunTree", view: View, by: str | None
    ) -> None:
        """Run to the end.

        Raises what the engine raises, and ends the process when it was told to and cannot wait.
        """
        thread = Thread(target=self._work, args=(engine, tree.id), name="everyrun-run", daemon=True)
        asked = Asked(engine, database, tree.id, by, self._interrupts)
        thread.start()
        self._is_watching = True
        while not self._is_done():
            self._show(tree, view, asked.hint)
            asked.answer()
        self._is_watching = False
        self._show(tree, view, asked.hint)
        with suppress(OSError):
            view.end()
        if self._failure is not None:
            raise self._failure

    def _hear_signal(self) -> None:
        if self._interrupts.count >= SIGNALS_TO_LEAVE and not self._is_watching:
            leave(self._interrupts.exit_code)
        self._calls.put(_Call.WAKE)

    def _work(self, engine: "AnyEngine", execution_id: str) -> None:
        try:
            engine.run(execution_id)
        except BaseException as error:  # noqa: BLE001 - raised where the run was asked for
            self._failure = error
        self._calls.put(_Call.DONE)

    def _is_done(self) -> bool:
        with suppress(Empty):
            return self._calls.get(timeout=SECONDS_BETWEEN_LOOKS) is _Call.DONE
        return False

    def _show(self, tree: "RunTree", view: View, hint: str) -> None:
        told = []
        with suppress(IndexError):
            while True:
                told.append(self.told.popleft())
        tree.feed(told)
        if self._is_read:
            try:
                view.show(told, hint)
            except OSError:  # the terminal was closed, or whoever read our errors has gone
                self._is_read = False
