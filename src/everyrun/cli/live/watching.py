"""An execution run by an engine of this process, and shown while it is.

The engine works in a thread of its own; this one draws, and hears Ctrl-C.
"""

import os
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from enum import Enum, auto
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Protocol

from everyrun.cli.exits import ExitCode
from everyrun.cli.live.change_lines import change_lines, waiting_line
from everyrun.cli.live.interrupts import Interrupts
from everyrun.cli.messages import say
from everyrun.domain.errors import EveryrunError
from everyrun.domain.events import AnyEvent

if TYPE_CHECKING:
    from everyrun.cli.live.tree import RunTree
    from everyrun.store.database import Database
    from everyrun.workflows.running import Engine

SECONDS_BETWEEN_LOOKS = 0.1
_DUMB = ("dumb", "unknown")
SECONDS_TO_DIE = 2.0
"""How long an engine that was told to kill everything has, before its process ends anyway."""


class View(Protocol):
    """How a run is shown."""

    def show(self, told: Sequence[AnyEvent], hint: str) -> None:
        """Something happened, or a moment has passed."""
        ...

    def end(self) -> None:
        """The run has ended."""
        ...


class Silence:
    """Shows nothing."""

    def show(self, told: Sequence[AnyEvent], hint: str) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""


class Lines:
    """A line for each change, on standard error."""

    def __init__(self, tree: "RunTree", zone: tzinfo) -> None:
        self._tree = tree
        self._zone = zone
        self._hint = ""
        self._said_why = False

    def show(self, told: Sequence[AnyEvent], hint: str) -> None:
        """Write what happened."""
        if self._tree.waits_for and not self._said_why:
            self._said_why = True
            now = datetime.now(UTC)
            sys.stderr.write(f"{waiting_line(self._tree.waits_for, now, self._zone)}\n")
        for line in change_lines(self._tree, told, self._zone):
            sys.stderr.write(f"{line}\n")
        if hint and hint != self._hint:
            sys.stderr.write(f"{hint}\n")
        self._hint = hint
        sys.stderr.flush()

    def end(self) -> None:
        """Nothing is left to write."""


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
        self, engine: "Engine", database: "Database", tree: "RunTree", view: View, by: str | None
    ) -> None:
        """Run to the end.

        Raises what the engine raises, and ends the process when it was told to and cannot wait.
        """
        thread = Thread(target=self._work, args=(engine, tree.id), name="everyrun-run", daemon=True)
        with Interrupts(lambda: self._calls.put(_Call.WAKE)) as interrupts:
            asked = _Asked(engine, database, tree.id, by, interrupts)
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

    def _work(self, engine: "Engine", execution_id: str) -> None:
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


class _Asked:
    """What signals have asked of the run, and what was done about it."""

    def __init__(
        self,
        engine: "Engine",
        database: "Database",
        execution_id: str,
        by: str | None,
        interrupts: Interrupts,
    ) -> None:
        self._engine = engine
        self._database = database
        self._id = execution_id
        self._by = by
        self._interrupts = interrupts
        self._answered = 0
        self._ends_at: float | None = None

    @property
    def hint(self) -> str:
        """What a person is told below the tree."""
        if self._answered:
            return say("killing" if self._answered > 1 else "cancelling")
        return ""

    def answer(self) -> None:
        """Cancel at the first signal, kill at the second, leave at the third."""
        heard = self._interrupts.count
        if heard > self._answered:
            self._answered = heard
            if heard == 1:
                self._ask(kill=False)
            else:
                self._ends_at = self._ends_at or time.monotonic() + SECONDS_TO_DIE
                self._ask(kill=True)
        if self._ends_at is not None and (heard > 2 or time.monotonic() > self._ends_at):
            leave(self._interrupts.exit_code)

    def _ask(self, *, kill: bool) -> None:
        from everyrun.store.explaining import explained
        from everyrun.workflows.controlling import cancel, sentence

        reason = self._interrupts.name
        if kill:
            self._engine.stop(self._id, sentence(self._by, reason), kill=True)
        try:
            with explained():
                cancel(self._database, self._id, by=self._by, kill=kill, reason=reason)
        except EveryrunError:  # settled a moment ago, or the ledger is away: the engine is here
            self._engine.stop(self._id, sentence(self._by, reason), kill=kill)


def leave(code: int) -> None:
    """End the process now, whatever its threads still do."""
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code or ExitCode.INTERRUPTED)


def view_for(tree: "RunTree", *, quiet: bool) -> View:
    """How a run is shown here: drawn on a terminal, told line by line elsewhere."""
    if quiet:
        return Silence()
    if sys.stderr.isatty() and os.environ.get("TERM") not in _DUMB:
        from everyrun.cli.live.screen import Screen

        return Screen(tree)
    from everyrun.cli.moments import chosen_zone

    return Lines(tree, chosen_zone(utc=False, local=False))
