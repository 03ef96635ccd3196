"""Lanes: how much of one kind of work is under way at once, and how much may wait for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from anyio import CapacityLimiter

from everyrun.domain.errors import EveryrunError

_RETRY_SECONDS = 1.0


class Busy(EveryrunError):
    """The server has all the work of this kind that it can take; try again in a moment."""

    status_code = 429
    retry_after = _RETRY_SECONDS


class Lane:
    """One lane of an event loop: ``at_once`` under way in threads, ``waiting`` more in line.

    Whoever comes then is turned away at once, before anything is read of what they send.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self.threads = CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._at_once = at_once
        self._inside = 0

    @property
    def depth(self) -> int:
        """How many wait."""
        return max(0, self._inside - self._at_once)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """A place in the lane. Raises :class:`Busy`."""
        if self._inside >= self._most:
            raise Busy
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
