"""Ctrl-C and other signals while something is watched that runs on a server.

Ctrl-C has it cancelled, a second one killed, a third one leaves it. A signal that ends this process
leaves it, too: what a server runs does not depend on who watches.
"""

import signal
from collections.abc import Callable
from threading import Event
from typing import Self

from everyrun.cli.live.interrupts import Interrupts

MOST_HEARD = 2


class Watching:
    """Within ``with``: pauses that a signal ends, and what was asked by signals.

    It begins before the server is asked to run something, so that no signal is missed: what comes
    before the answer is passed on after it. A second Ctrl-C does not wait for the answer.
    """

    def __init__(self) -> None:
        self._stop: Callable[[bool], object] | None = None
        self._heard = 0
        self._woken = Event()
        self._interrupts = Interrupts(self._hear)

    def __enter__(self) -> Self:
        self._interrupts.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._interrupts.__exit__()

    def follow(self, stop: Callable[[bool], object]) -> None:
        """It runs: ``stop`` is called from now on, with whether to kill."""
        self._stop = stop

    @property
    def asked(self) -> int:
        """How often Ctrl-C was heard and passed on."""
        return self._heard

    @property
    def exit_code(self) -> int:
        """What the signals heard ask for, 0 without any."""
        return self._interrupts.exit_code

    def pause(self, seconds: float) -> None:
        """Wait, unless there is a signal to answer."""
        self._woken.wait(seconds)
        self._woken.clear()

    def leaves(self) -> bool:
        """Answer what was heard; whether the one who watches is to go now."""
        interrupts = self._interrupts
        if interrupts.first not in {None, signal.SIGINT} or interrupts.count > MOST_HEARD:
            return True
        while self._stop is not None and self._heard < interrupts.count:
            self._heard += 1
            self._stop(self._heard > 1)
        return False

    def _hear(self) -> None:
        self._woken.set()
        if self._stop is None and self._interrupts.count > 1:
            raise KeyboardInterrupt
