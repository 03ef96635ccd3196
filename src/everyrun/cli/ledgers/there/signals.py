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

    ``stop`` is called with whether to kill.
    """

    def __init__(self, stop: Callable[[bool], object]) -> None:
        self._stop = stop
        self._heard = 0
        self._woken = Event()
        self._interrupts = Interrupts(self._woken.set)

    def __enter__(self) -> Self:
        self._interrupts.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._interrupts.__exit__()

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
        while self._heard < interrupts.count:
            self._heard += 1
            self._stop(self._heard > 1)
        return False
