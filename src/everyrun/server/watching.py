"""The marks of all executions that somebody polls, read together, a few times a second.

However many people look at however many executions, that is one question to the ledger each time.
"""

import asyncio
from collections.abc import Callable, Mapping
from math import inf
from time import monotonic
from typing import NamedTuple

from anyio import CapacityLimiter, to_thread

from everyrun.store.marks import Mark

WATCHED_SECONDS = 6.0
"""How long an execution is read along after somebody asked for it; polls come every two seconds."""
MOST_WATCHED = 2_000


class _Seen(NamedTuple):
    """What a reading saw; ``began`` by :func:`time.monotonic`. No mark: not on record by the id."""

    began: float
    mark: Mark | None


class Watching:
    """Marks, each as it stood at most ``seconds`` ago. For one event loop."""

    def __init__(
        self,
        read: Callable[[list[str]], Mapping[str, Mark]],
        threads: CapacityLimiter,
        seconds: float,
    ) -> None:
        self._read = read
        self._threads = threads
        self._seconds = seconds
        self._asked: dict[str, float] = {}
        self._came: dict[str, float] = {}
        self._new: dict[str, None] = {}
        self._seen: dict[str, _Seen] = {}
        self._reading: asyncio.Task[None] | None = None
        self._written_at = 0.0

    def came_before(self, id_: str) -> bool:
        """Whether somebody asked for an execution lately; notes that somebody did now.

        One that is asked for a single time is not worth reading along.
        """
        now = monotonic()
        came = max(self._asked.get(id_, -inf), self._came.pop(id_, -inf))
        self._came[id_] = now
        if len(self._came) > MOST_WATCHED:
            del self._came[next(iter(self._came))]
        return came >= now - WATCHED_SECONDS

    async def mark(self, id_: str) -> Mark | None:
        """The mark of an execution by its full id; None where it is not on record by that.

        Raises what reading raises.
        """
        now = monotonic()
        self._asked.pop(id_, None)
        self._asked[id_] = now  # the one asked for last is the last
        oldest = max(now - self._seconds, self._written_at)
        while True:
            seen = self._seen.get(id_)
            if seen is not None and seen.began >= oldest:
                return seen.mark
            if seen is None:
                self._new[id_] = None
            if self._reading is None:
                self._reading = asyncio.create_task(self._read_on(seen is None))
            # One who goes away takes the answer from nobody else.
            await asyncio.shield(self._reading)

    def saw(self, began: float, mark: Mark) -> None:
        """An answer shows this mark: no answer shows an older one from now on.

        ``began``: when it began to be made, by :func:`time.monotonic`.
        """
        if mark.execution_id in self._asked:
            self._seen[mark.execution_id] = self._newer(began, mark.execution_id, mark)

    def forget(self) -> None:
        """Go by nothing that was read before now. May be called from any thread."""
        self._written_at = monotonic()

    async def _read_on(self, only_new: bool) -> None:
        """Read the marks of what is new, or of all that is watched."""
        try:
            ids = list(self._new) if only_new else self._watched()
            self._new.clear()
            began = monotonic()
            marks = await to_thread.run_sync(self._read, ids, limiter=self._threads)
            read = {id_: self._newer(began, id_, marks.get(id_)) for id_ in ids}
            is_in_bounds = only_new and len(self._seen) < MOST_WATCHED
            self._seen = self._seen | read if is_in_bounds else read
        finally:
            self._reading = None

    def _newer(self, began: float, id_: str, mark: Mark | None) -> _Seen:
        """What is known of an execution now that it was seen once more: marks only grow."""
        seen = self._seen.get(id_)
        if seen is None or seen.mark is None or mark is None:
            return seen if seen is not None and seen.began > began else _Seen(began, mark)
        return _Seen(max(seen.began, began), max(seen.mark, mark))

    def _watched(self) -> list[str]:
        oldest = monotonic() - WATCHED_SECONDS
        for id_, at in list(self._asked.items()):
            if at >= oldest and len(self._asked) <= MOST_WATCHED:
                break
            del self._asked[id_]
        return list(self._asked)
