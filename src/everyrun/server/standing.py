"""How what is polled stood a moment ago: who has that state already is told so at once.

A poll that finds nothing new then costs no thread and no question to the ledger, however many
people look at the same thing.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import NamedTuple

_MOST_REMEMBERED = 10_000


class Asked(NamedTuple):
    """Since when a state is being read, by :func:`time.monotonic`, and into which memory."""

    at: float
    states: dict[bytes, tuple[float, str]]


class Standing:
    """ETags by what was asked for, each remembered for ``seconds`` from before it was read.

    So it may be that much older than the ledger, never newer: who goes by it learns of a change a
    moment later, and misses none. Safe to share between threads.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._states: dict[bytes, tuple[float, str]] = {}
        self._under_way: dict[bytes, asyncio.Future[None]] = {}

    def begin(self) -> Asked:
        """To be called before reading what :meth:`note` is told."""
        return Asked(monotonic(), self._states)

    def note(self, asked: Asked, target: bytes, etag: str) -> None:
        """Remember the state that was read; not when something was written meanwhile."""
        states = asked.states
        if self._seconds and states is self._states:
            if len(states) >= _MOST_REMEMBERED:
                states.clear()
            states[target] = (asked.at + self._seconds, etag)

    def etag(self, target: bytes) -> str | None:
        """The state that was seen a moment ago, None where that is too long ago."""
        found = self._states.get(target)
        return found[1] if found is not None and monotonic() < found[0] else None

    @asynccontextmanager
    async def seen_together(self, target: bytes) -> AsyncIterator[None]:
        """Within, nobody else of this event loop begins to read how ``target`` stands.

        Whoever waited for that may find it in the memory. Without one nobody waits.
        """
        under_way = self._under_way.get(target) if self._seconds else None
        if under_way is not None:
            await asyncio.wait([under_way])
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        first = self._under_way.setdefault(target, mine)
        try:
            yield
        finally:
            if first is mine:
                del self._under_way[target]
            mine.set_result(None)

    def forget(self) -> None:
        """Read everything anew: this process has just written something."""
        self._states = {}
