"""Calls of nodes that have retries or a timeout: attempt after attempt, one node execution."""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from types import CoroutineType
from typing import Any

from everyrun.tracking.context import CURRENT, leave
from everyrun.tracking.retrying import RetryPolicy, pauses
from everyrun.tracking.running_nodes import RunningNode
from everyrun.tracking.timeouts import run_within, run_within_async
from everyrun.tracking.tracked import TrackedNode


class Trial:
    """One call and its attempts. ``place`` is the current one's."""

    def __init__(self, place: RunningNode, policy: RetryPolicy) -> None:
        self.place = place
        self._policy = policy

    def begin(self) -> None:
        """From now on the attempt is what runs here."""
        CURRENT.set(self.place)

    def end(self, result: object) -> None:
        """Settle: the attempt returned ``result``."""
        CURRENT.set(self.place.outer)
        self.place.complete(result)

    def fail(self, error: BaseException) -> float | None:
        """The attempt was left by ``error``: settle, or answer the pause before the next one."""
        leave(self.place)
        pause = self._policy.pause_after(self.place, error)
        if pause is None:
            self.place.fail_with(error)
        else:
            self.place.retry_after(error)
        return pause

    def begin_again(self) -> None:
        """Begin the next attempt."""
        self.place = self.place.next_attempt()
        self.place.begin_again()
        self.begin()


def tried_call(
    tracked: TrackedNode, policy: RetryPolicy, seconds: float | None
) -> Callable[..., Any]:
    """The function, tried again by ``policy``, each attempt ``seconds`` long at most."""
    function = tracked.function

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        trial = Trial(tracked.begin(args, kwargs), policy)
        act = partial(function, *args, **kwargs)
        trial.begin()
        while True:
            try:
                result = act() if seconds is None else run_within(seconds, trial.place, act)
            except BaseException as error:
                pause = trial.fail(error)
                if pause is None:
                    raise
            else:
                if type(result) is CoroutineType:
                    # A coroutine function under a decorator that hides what it is.
                    leave(trial.place)
                    return _try_until_settled(trial, result, act, seconds)
                trial.end(result)
                return result
            try:
                pauses().pause(pause)
            except BaseException as stop:
                trial.place.fail_with(stop)
                raise
            trial.begin_again()

    return call


def tried_coroutine(
    tracked: TrackedNode, policy: RetryPolicy, seconds: float | None
) -> Callable[..., Any]:
    """The coroutine function, tried again by ``policy``, each attempt ``seconds`` at most."""
    function = tracked.function

    @wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        trial = Trial(tracked.begin(args, kwargs), policy)
        act = partial(function, *args, **kwargs)
        return await _try_until_settled(trial, None, act, seconds)

    return call


async def _try_until_settled(
    trial: Trial,
    running: Awaitable[Any] | None,
    act: Callable[[], Awaitable[Any]],
    seconds: float | None,
) -> Any:
    """Await attempt after attempt, the first of which may be ``running`` already."""
    trial.begin()
    while True:
        try:
            attempt = act() if running is None else running
            running = None
            result = await (
                attempt if seconds is None else run_within_async(seconds, trial.place, attempt)
            )
        except BaseException as error:
            pause = trial.fail(error)
            if pause is None:
                raise
        else:
            trial.end(result)
            return result
        try:
            await pauses().pause_async(pause)
        except BaseException as stop:
            trial.place.fail_with(stop)
            raise
        trial.begin_again()
