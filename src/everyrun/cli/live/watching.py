"""An execution run by an engine of this process, and shown while it is.

The engine works in a thread of its own; this one draws, and hears Ctrl-C.
"""

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from enum import Enum, auto
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from everyrun.cli.live.interrupts import Interrupts
from everyrun.cli.live.stopping import Asked
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
    """One execution, run here by ``engine``, which tells :attr:`told` of its events."""

    def __init__(self) -> None:
        self.told: deque[AnyEvent] = deque()
        self.signalled = 0
        """The exit code that the signals heard ask for, 0 without any."""
        self._calls: SimpleQueue[_Call] = SimpleQueue()
        self._failure: BaseException | None = None
        self._is_read = True

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
        with Interrupts(lambda: self._calls.put(_Call.WAKE)) as interrupts:
            asked = Asked(engine, database, tree.id, by, interrupts)
            thread.start()
            while not self._is_done():
                self._show(tree, view, asked.hint)
                asked.answer()
            self._show(tree, view, asked.hint)
            with suppress(OSError):
                view.end()
        self.signalled = interrupts.exit_code
        if self._failure is not None:
            raise self._failure

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
