"""Nodes of one run that wait for a place under a concurrency key take turns at asking for it."""

from collections import deque
from collections.abc import Callable

from everyrun.workflows.running.activities import Activity
from everyrun.workflows.running.timers import Timers

PAUSE = 0.1
"""Seconds between two tries, for places that other executions hold."""

Claim = Callable[[str, int, str], bool]


class KeyTurns:
    """For each key: who waits, the longest waiting first. Only that one asks the ledger."""

    def __init__(
        self, timers: Timers, claim: Claim, make_ready: Callable[[Activity], None]
    ) -> None:
        self._timers = timers
        self._claim = claim
        self._make_ready = make_ready
        self._waiting: dict[str, deque[Activity]] = {}

    def claim(self, activity: Activity, key: str, limit: int) -> bool:
        """Whether an activity has a place; else it is made ready again when it is its turn."""
        waiting = self._waiting.setdefault(key, deque())
        is_first = not waiting or waiting[0] is activity
        if is_first and self._claim(key, limit, activity.id):
            activity.slot = key
            if waiting:
                waiting.popleft()
            self._next(key)
            return True
        if activity not in waiting:
            waiting.append(activity)
        if is_first:
            self._timers.after(PAUSE, lambda: self._next(key))
        return False

    def freed(self, key: str) -> None:
        """A place was given back here: the next one need not wait."""
        self._next(key)

    def _next(self, key: str) -> None:
        waiting = self._waiting.get(key)
        if waiting:
            self._make_ready(waiting[0])
        else:
            self._waiting.pop(key, None)
