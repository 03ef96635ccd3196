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


class InItsOwnThread:
    """A call in a thread of its own, with the context variables of where it was made."""

    def __init__(self, place: Place, act: Callable[[], Any]) -> None:
        from threading import Event, Thread

        self._place = place
        self._act = act
        self._ended = Event()
        self._given_up = False
        self._result: Any = None
        self._error: BaseException | None = None
        context = copy_context()
        Thread(target=context.run, args=(self._run,), name=place.key, daemon=True).start()

    def ends_within(self, seconds: float) -> bool:
        """Wait; whether it ended."""
        return self._ended.wait(seconds)

    def outcome(self) -> Any:
        """What it returned; raises what it raised."""
        error, self._error = self._error, None
        if error is None:
            return self._result
        try:
            raise error
        finally:
            del error  # else it would keep this frame, and the frame it

    def give_up(self) -> None:
        """Go on without it, and let its record say when it ends."""
        self._given_up = True
        self._place.to_stop = True

    def _run(self) -> None:
        try:
            self._result = self._act()
        except BaseException as error:  # noqa: BLE001 - it is the caller's, whatever it is
            self._error = error
        if self._given_up:
            _say_how_it_ended(self._place, self._error)
        self._ended.set()


def run_within(seconds: float, place: Place, act: Callable[[], Any]) -> Any:
    """What ``act`` returns or raises, if it does so in time. Raises ``TimeoutError`` otherwise."""
    call = InItsOwnThread(place, act)
    try:
        in_time = call.ends_within(seconds)
    except BaseException:  # KeyboardInterrupt, most likely
        call.give_up()
        raise
    if in_time:
        return call.outcome()
    call.give_up()
    raise TimeoutError(_sentence(place, seconds))


async def run_within_async(seconds: float, place: Place, running: Awaitable[Any]) -> Any:
    """What ``running`` gives or raises, if it does so in time. Raises ``TimeoutError`` if not."""
    from asyncio import CancelledError, timeout

    try:
        async with timeout(seconds) as limit:
            return await running
    except TimeoutError as error:
        # Before Python 3.11.4 the limit's own error has a context and no cause.
        is_the_limits = not error.args and isinstance(error.__context__, CancelledError)
        if limit.expired() and is_the_limits:
            raise TimeoutError(_sentence(place, seconds)) from error
        raise


def _sentence(place: Place, seconds: float) -> str:
    return f"{place.key} did not end within {seconds:g} s"


@harmless
def _say_how_it_ended(place: Place, error: BaseException | None) -> None:
    how = "returned" if error is None else f"raised {type(error).__name__}"
    place.record_line(LogLevel.WARNING, f"ended after its time was out: it {how}")
