"""How often a server is asked what has changed: at once again while things move, else less."""

from collections.abc import Callable

QUICKEST, SLOWEST = 0.2, 2.0
"""Seconds between two questions (R3.6)."""
_GROWTH = 1.4


class Pace:
    """The pauses between questions."""

    def __init__(self, pause: Callable[[float], object]) -> None:
        self._pause = pause
        self._seconds = QUICKEST

    def wait(self, *, moved: bool) -> None:
        """Wait for as long as it is worth."""
        self._seconds = QUICKEST if moved else min(self._seconds * _GROWTH, SLOWEST)
        self._pause(self._seconds)
