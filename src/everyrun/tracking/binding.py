"""``everyrun.bind``: carries what is running to threads and other processes.

A thread begins outside of everything, and so does a forked process: what they do belongs to no
execution until a bound function runs there. asyncio's tasks and ``asyncio.to_thread`` need nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import update_wrapper
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from everyrun.tracking.context import CAPTURING, CURRENT
from everyrun.tracking.places import Place

if TYPE_CHECKING:
    from everyrun.tracking.elsewhere import PlaceElsewhere

P = ParamSpec("P")
R = TypeVar("R")


class Bound:
    """A function that runs in the place where it was bound. Can be pickled if the function can."""

    def __init__(self, function: Callable[..., Any], place: Place, *, capturing: bool) -> None:
        update_wrapper(self, function)
        self._function = function
        self._place = place
        self._capturing = capturing

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function in its place."""
        with self._in_its_place():
            return self._function(*args, **kwargs)

    def __reduce__(self) -> tuple[Any, ...]:
        from everyrun.tracking.elsewhere import PlaceElsewhere

        return _bound_elsewhere, (
            self._function,
            PlaceElsewhere.of(self._place),
            self._capturing,
        )

    @contextmanager
    def _in_its_place(self) -> Iterator[None]:
        outer = CURRENT.get()
        CURRENT.set(self._place)
        try:
            if self._capturing:
                from everyrun.tracking.capturing_output import capture_output

                with capture_output():
                    yield
            else:
                yield
        finally:
            CURRENT.set(outer)
            self._place.settle_what_could_not_be()


class BoundCoroutine(Bound):
    """A coroutine function that runs in the place where it was bound."""

    async def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Await the function in its place."""
        with self._in_its_place():
            return await self._function(*args, **kwargs)


def bind(function: Callable[P, R]) -> Callable[P, R]:
    """``function``, which will run in the execution and node that run here now.

    For threads and process pools: ``pool.submit(everyrun.bind(work), item)``. Outside any
    execution it is ``function`` itself.
    """
    place = CURRENT.get()
    if place is None:
        return function
    return cast("Callable[P, R]", _bound(function, place, capturing=CAPTURING.get()))


def _bound(function: Callable[..., Any], place: Place, *, capturing: bool) -> Bound:
    kind = BoundCoroutine if iscoroutinefunction(function) else Bound
    return kind(function, place, capturing=capturing)


def _bound_elsewhere(
    function: Callable[..., Any], place: "PlaceElsewhere", capturing: bool
) -> Bound:
    return _bound(function, place.place(), capturing=capturing)
