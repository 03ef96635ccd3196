"""Passing on to a command the signals that this process is sent."""

import os
import signal
import threading
from contextlib import suppress
from signal import Signals
from subprocess import Popen
from types import FrameType
from typing import Any, Self

PASSED_ON = (
    Signals.SIGINT,
    Signals.SIGTERM,
    Signals.SIGHUP,
    Signals.SIGQUIT,
    Signals.SIGUSR1,
    Signals.SIGUSR2,
    Signals.SIGWINCH,
)

_OF_THE_TERMINAL = (Signals.SIGINT, Signals.SIGQUIT, Signals.SIGWINCH)


class PassedOn:
    """Passes signals on to a child for the length of a block, and remembers which came.

    What a terminal sends goes to the child as well, because both are in its foreground; that is
    not sent twice. A signal that is ignored when the block begins (``nohup``) stays ignored, here
    and in the child. Only the main thread can do this; in another one the block does nothing.
    """

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self._child: Popen[bytes] | None = None
        self._early: list[int] = []
        self._former: dict[int, Any] = {}

    def to(self, child: Popen[bytes]) -> None:
        """Pass on to ``child`` from now on, beginning with what came before it was there."""
        self._child = child
        for number in self._early:
            self._send(child, number)

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in PASSED_ON:
                former = signal.getsignal(number)
                if former not in (signal.SIG_IGN, None):
                    self._former[number] = signal.signal(number, self._take)
        return self

    def __exit__(self, *exc: object) -> None:
        for number, former in self._former.items():
            signal.signal(number, former)

    def _take(self, number: int, frame: FrameType | None) -> None:
        self.seen.add(number)
        if self._child is None:
            self._early.append(number)
        elif not (number in _OF_THE_TERMINAL and _is_in_the_foreground()):
            self._send(self._child, number)

    def _send(self, child: Popen[bytes], number: int) -> None:
        with suppress(ProcessLookupError):  # it has ended meanwhile
            child.send_signal(number)


def _is_in_the_foreground() -> bool:
    """Whether this process, and the child in its group, is what the terminal's keys are for."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
