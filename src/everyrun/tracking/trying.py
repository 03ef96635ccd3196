"""Calls of nodes that have retries or a timeout: attempt after attempt, one node execution."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from everyrun.tracking.context import CURRENT, leave
from everyrun.tracking.nodes import NodeExecution
from everyrun.tracking.retrying import RetryPolicy, pauses
from everyrun.tracking.timeouts import run_within, run_within_async
from everyrun.tracking.tracked import Tracked


def tried_call(tracked: Tracked, policy: RetryPolicy, seconds: float | None) -> Callable[..., Any]:
    """The function, tried again by ``policy``, each attempt ``seconds`` long at most."""
    function = tracked.function

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        place: NodeExecution = tracked.begin(args, kwargs)
        act = partial(function, *args, **kwargs)
        while True:
            CURRENT.set(place)
            try:
                result = act() if seconds is None else run_within(seconds, place, act)
            except BaseException as error:
                leave(place)
                pause = policy.pause_after(place, error)
                if pause is None:
                    place.fail_with(error)
                    raise
                place.retry_after(error)
            else:
                CURRENT.set(place.outer)
                place.complete(result)
                return result
            try:
                pauses().pause(pause)
            except BaseException as stop:
                place.fail_with(stop)
                raise
            place = place.next_attempt()
            place.begin_again()

    return call


def tried_coroutine(
    tracked: Tracked, policy: RetryPolicy, seconds: float | None
) -> Callable[..., Any]:
    """The coroutine function, tried again by ``policy``, each attempt ``seconds`` at most."""
    function = tracked.function

    @wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        place: NodeExecution = tracked.begin(args, kwargs)
        act = partial(function, *args, **kwargs)
        while True:
            CURRENT.set(place)
            try:
                result = await (act() if seconds is None else run_within_async(seconds, place, act))
            except BaseException as error:
                leave(place)
                pause = policy.pause_after(place, error)
                if pause is None:
                    place.fail_with(error)
                    raise
                place.retry_after(error)
            else:
                CURRENT.set(place.outer)
                place.complete(result)
                return result
            try:
                await pauses().pause_async(pause)
            except BaseException as stop:
                place.fail_with(stop)
                raise
            place = place.next_attempt()
            place.begin_again()

    return call
