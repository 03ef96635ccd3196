"""What signals ask of a run: to be cancelled, then killed, then left."""

import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from everyrun.cli.exits import ExitCode
from everyrun.cli.live.interrupts import Interrupts
from everyrun.cli.messages import say
from everyrun.domain.errors import EveryrunError

if TYPE_CHECKING:
    from everyrun.cli.executors import AnyEngine
    from everyrun.store.database import Database

SIGNALS_TO_LEAVE = 3
SECONDS_TO_DIE = 2.0
"""How long an engine that was told to kill everything has, before its process ends anyway."""


class Asked:
    """What signals have asked of the run, and what was done about it."""

    def __init__(
        self,
        engine: "AnyEngine",
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
        is_late = self._ends_at is not None and time.monotonic() > self._ends_at
        if heard >= SIGNALS_TO_LEAVE or is_late:
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
    with suppress(OSError, RuntimeError):  # the second when a signal came in the midst of a line
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code or ExitCode.INTERRUPTED)
