"""Timeouts of nodes, by attempt, in seconds.

A coroutine is cancelled where it awaits. A function cannot be stopped from outside: it runs in a
thread of its own, with the caller's context variables, and when its time is out the caller goes
on without it. The thread is left to end by itself (``everyrun.current_node().stopping`` tells it
to) and does not keep the program from ending; when it ends late, a line in its record says so.
"""

from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import Any

from everyrun.domain.status import LogLevel
from everyrun.tracking.harmless import harmless
from everyrun.tracking.places import Place


def run_within(seconds: float, place: Place, act: Callable[[], Any]) -> Any:
    """What ``act`` returns or raises, if it does so in time. Raises ``TimeoutError`` otherwise."""
    from concurrent.futures import Future
    from threading import Thread

    outcome: Future[Any] = Future()
    late = False

    def work() -> None:
        try:
            result = act()
        except BaseException as error:  # noqa: BLE001 - it is the caller's, whatever it is
            if late:
                _say_that_it_ended(place, f"raised {type(error).__name__}")
            outcome.set_exception(error)
        else:
            if late:
                _say_that_it_ended(place, "returned")
            outcome.set_result(result)

    Thread(target=copy_context().run, args=(work,), name=place.key, daemon=True).start()
    try:
        return outcome.result(seconds)
    except BaseException as error:
        if outcome.done():
            return outcome.result()
        late = True
        place.ask_to_stop()
        if isinstance(error, TimeoutError):
            raise TimeoutError(_sentence(place, seconds)) from None
        raise


async def run_within_async(seconds: float, place: Place, act: Callable[[], Awaitable[Any]]) -> Any:
    """What ``act`` returns or raises, if it does so in time. Raises ``TimeoutError`` otherwise."""
    from asyncio import CancelledError, timeout

    try:
        async with timeout(seconds) as limit:
            return await act()
    except TimeoutError as error:
        if limit.expired() and isinstance(error.__cause__, CancelledError):
            raise TimeoutError(_sentence(place, seconds)) from error
        raise


def _sentence(place: Place, seconds: float) -> str:
    return f"{place.key} did not end within {seconds:g} s"


@harmless
def _say_that_it_ended(place: Place, how: str) -> None:
    place.record_line(LogLevel.WARNING, f"ended after its time was out: it {how}")
