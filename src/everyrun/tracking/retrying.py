"""Retries of nodes: which failures are tried again, and after how long.

Only an ``Exception`` is: who cancels, interrupts or exits means it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from everyrun.domain.status import LogLevel
from everyrun.tracking.harmless import harmless
from everyrun.tracking.running_nodes import RunningNode

RetryOn = type[Exception] | tuple[type[Exception], ...] | Callable[[Exception], bool]
"""Kinds of exceptions, or a function that is asked about each."""


MOST_RETRIES = 32_766
"""The ledger numbers attempts up to 32,767."""


class Pauses(Protocol):
    """Lets time pass between two attempts, in seconds."""

    def pause(self, seconds: float) -> None:
        """Return after ``seconds``."""
        ...

    async def pause_async(self, seconds: float) -> None:
        """Return after ``seconds``, letting other tasks run meanwhile."""
        ...


class RealPauses:
    """Pauses that take the time they say."""

    def pause(self, seconds: float) -> None:
        """Return after ``seconds``."""
        from threading import Event

        Event().wait(seconds)

    async def pause_async(self, seconds: float) -> None:
        """Return after ``seconds``, letting other tasks run meanwhile."""
        from asyncio import sleep

        await sleep(seconds)


class _Chosen:
    pauses: Pauses = RealPauses()


def pauses() -> Pauses:
    """What lets time pass between attempts now."""
    return _Chosen.pauses


def use_pauses(pauses: Pauses) -> Pauses:
    """Let time pass between attempts in another way; answers the former one. For tests."""
    former, _Chosen.pauses = _Chosen.pauses, pauses
    return former


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When a failed attempt is tried again.

    ``retries`` more attempts at most. The first pause is ``delay`` seconds, each later one
    ``backoff`` times the one before, none over ``longest`` seconds; a random part of up to
    ``jitter`` times the pause is added, so that many callers do not come back at once.
    """

    retries: int = 0
    delay: float = 1.0
    backoff: float = 2.0
    jitter: float = 0.1
    longest: float = 300.0
    on: RetryOn = Exception

    def __post_init__(self) -> None:
        if not 0 <= self.retries <= MOST_RETRIES:
            raise ValueError(f"retries must be from 0 to {MOST_RETRIES:,}, not negative or more")
        if self.delay < 0 or self.jitter < 0 or self.longest < 0:
            raise ValueError("a pause between attempts cannot be negative")
        if self.backoff < 1:
            raise ValueError("retry_backoff below 1 would make each pause shorter")

    def pause_after(self, place: RunningNode, error: BaseException) -> float | None:
        """Seconds until the attempt after ``place``'s, None when ``error`` is final."""
        if place.attempt > self.retries or not self._is_tried_again(place, error):
            return None
        pause = self.delay
        for _ in range(place.attempt - 1):
            pause *= self.backoff
            if pause >= self.longest:
                break
        return min(pause, self.longest) * (1 + self.jitter * _random_part())

    def _is_tried_again(self, place: RunningNode, error: BaseException) -> bool:
        if not isinstance(error, Exception):
            return False
        if isinstance(self.on, type | tuple):
            return isinstance(error, self.on)
        try:
            return bool(self.on(error))
        except Exception as doubt:  # noqa: BLE001 - the caller is to get `error`, not this
            _say_that_it_could_not_be_asked(place, doubt)
            return False


def _random_part() -> float:
    """A number from 0 to 1. Of the system, because forked processes must not come back together."""
    return os.urandom(1)[0] / 255


@harmless
def _say_that_it_could_not_be_asked(place: RunningNode, doubt: Exception) -> None:
    place.record_line(
        LogLevel.WARNING,
        f"not tried again: retry_on raised {type(doubt).__name__}: {doubt}",
    )
