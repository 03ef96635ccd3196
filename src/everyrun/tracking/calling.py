"""Calls of decorated functions and coroutine functions: begin, run, settle."""

from collections.abc import Awaitable, Callable
from functools import wraps
from types import CoroutineType
from typing import Any

from everyrun.tracking.context import CURRENT, leave
from everyrun.tracking.places import Place
from everyrun.tracking.tracked import Tracked


def tracked_call(tracked: Tracked) -> Callable[..., Any]:
    """The function, each of whose calls is put on record."""
    function = tracked.function
    begin = tracked.begin
    set_place = CURRENT.set

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        place = begin(args, kwargs)
        set_place(place)
        try:
            result = function(*args, **kwargs)
        except BaseException as error:
            set_place(place.outer)
            place.fail_with(error)
            raise
        set_place(place.outer)
        if type(result) is CoroutineType:
            # A coroutine function under a decorator that hides what it is: it runs when awaited.
            return settled_when_awaited(place, result)
        place.complete(result)
        return result

    return call


def tracked_coroutine(tracked: Tracked) -> Callable[..., Any]:
    """The coroutine function, each of whose runs is on record from its first step on."""
    function = tracked.function
    begin = tracked.begin
    set_place = CURRENT.set

    @wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        place = begin(args, kwargs)
        set_place(place)
        try:
            result = await function(*args, **kwargs)
        except BaseException as error:
            leave(place)
            place.fail_with(error)
            raise
        set_place(place.outer)
        place.complete(result)
        return result

    return call


async def settled_when_awaited(place: Place, running: Awaitable[Any]) -> Any:
    """What ``running`` gives when it is awaited in ``place``, which settles then."""
    CURRENT.set(place)
    try:
        result = await running
    except BaseException as error:
        leave(place)
        place.fail_with(error)
        raise
    CURRENT.set(place.outer)
    place.complete(result)
    return result
