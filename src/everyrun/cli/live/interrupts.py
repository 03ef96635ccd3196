"""Ctrl-C and the signals that end a process, heard while an execution runs here."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Counts how often the process was asked to end; the first signal says how it does.

    Within ``with``, in the main thread. ``on_signal`` is called by the handler and must do next to
    nothing.
    """

    def __init__(self, on_signal: Callable[[], object]) -> None:
        self.count = 0
        self.first: int | None = None
        self._on_signal = on_signal
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in _ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    @property
    def exit_code(self) -> int:
        """What a process that this signal ended would have as its exit code; 0 without one."""
        return 0 if self.first is None else 128 + self.first

    @property
    def name(self) -> str:
        """How people call the first signal."""
        if self.first == signal.SIGINT:
            return "Ctrl-C"
        return "" if self.first is None else signal.Signals(self.first).name

    def _take(self, number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.first is None:
            self.first = number
        self._on_signal()
