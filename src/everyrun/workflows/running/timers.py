"""What is to happen later in a run: retries, timeouts, the end of patience."""

import heapq
import time
from collections.abc import Callable
from itertools import count


class Timer:
    """One thing that will happen unless it is called off."""

    __slots__ = ("action",)

    def __init__(self, action: Callable[[], None]) -> None:
        self.action: Callable[[], None] | None = action

    def call_off(self) -> None:
        """It shall not happen."""
        self.action = None


class Timers:
    """Things to happen, soonest first. For one thread."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._numbers = count()

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Have ``action`` happen in so many seconds."""
        timer = Timer(action)
        heapq.heappush(self._heap, (time.monotonic() + seconds, next(self._numbers), timer))
        return timer

    def until_next(self) -> float | None:
        """Seconds until the next one; None when there is none."""
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
        return max(0.0, self._heap[0][0] - time.monotonic()) if self._heap else None

    def run_due(self) -> None:
        """Let everything happen whose time has come."""
        while self._heap and self._heap[0][0] <= time.monotonic():
            action = heapq.heappop(self._heap)[2].action
            if action is not None:
                action()
