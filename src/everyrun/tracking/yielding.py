"""Decorated generators: on record from their first item until they end or are closed.

A generator is the place where code runs only while its body does. Between two items its caller
runs, in the caller's own place. A generator that is closed early, by ``break`` or by being
forgotten, has given what was wanted of it: it is completed, and its output says ``closed_early``.
"""

from collections.abc import AsyncGenerator, Callable, Generator
from functools import wraps
from typing import Any

from everyrun.tracking.context import CURRENT
from everyrun.tracking.places import Place
from everyrun.tracking.tracked import Tracked


class Turns:
    """The turns that a generator's body and its caller take."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.inside: Place | None = place
        self.outside: Place | None = None
        self.items = 0

    def go_on(self) -> None:
        """The body's turn: from now on this is where code runs."""
        self.outside = CURRENT.get()
        CURRENT.set(self.inside)

    def give(self) -> None:
        """The caller's turn: the body has given an item."""
        self.items += 1
        self.inside = CURRENT.get()
        CURRENT.set(self.outside)

    def end(self, returned: object = None, *, closed_early: bool = False) -> None:
        """The body came to its end. Its items are counted, not kept."""
        CURRENT.set(self.outside)
        output: dict[str, Any] = {"items": self.items}
        if returned is not None:
            output["returned"] = returned
        if closed_early:
            output["closed_early"] = True
        self.place.complete(output)

    def fail(self, error: BaseException) -> None:
        """The body was left by ``error``."""
        CURRENT.set(self.outside)
        self.place.fail_with(error)


def tracked_generator(tracked: Tracked) -> Callable[..., Any]:
    """The generator function, each of whose generators is put on record."""
    function = tracked.function
    begin = tracked.begin

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        turns = Turns(begin(args, kwargs))
        body = function(*args, **kwargs)
        sent: Any = None
        thrown: BaseException | None = None
        while True:
            turns.go_on()
            try:
                item = body.send(sent) if thrown is None else body.throw(thrown)
            except StopIteration as end:
                turns.end(end.value)
                return end.value
            except BaseException as error:
                turns.fail(error)
                raise
            turns.give()
            sent = thrown = None
            try:
                sent = yield item
            except GeneratorExit:
                turns.go_on()
                try:
                    body.close()
                except BaseException as error:
                    turns.fail(error)
                    raise
                turns.end(closed_early=True)
                raise
            except BaseException as error:  # noqa: BLE001 - the body is to have it
                thrown = error

    return call


def tracked_async_generator(tracked: Tracked) -> Callable[..., Any]:
    """The asynchronous generator function, each of whose generators is put on record."""
    function = tracked.function
    begin = tracked.begin

    @wraps(function)
    async def call(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        turns = Turns(begin(args, kwargs))
        body = function(*args, **kwargs)
        sent: Any = None
        thrown: BaseException | None = None
        while True:
            turns.go_on()
            try:
                item = await (body.asend(sent) if thrown is None else body.athrow(thrown))
            except StopAsyncIteration:
                turns.end()
                return
            except BaseException as error:
                turns.fail(error)
                raise
            turns.give()
            sent = thrown = None
            try:
                sent = yield item
            except GeneratorExit:
                turns.go_on()
                try:
                    await body.aclose()
                except BaseException as error:
                    turns.fail(error)
                    raise
                turns.end(closed_early=True)
                raise
            except BaseException as error:  # noqa: BLE001 - the body is to have it
                thrown = error

    return call
