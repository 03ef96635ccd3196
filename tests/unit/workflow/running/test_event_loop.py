"""Whatever was begun on the event loop hears that it is cancelled, however early that comes."""

import asyncio
from queue import SimpleQueue
from threading import Event

from everyrun.workflows.running.event_loop import EventLoop
from tests.support.waiting import TIMEOUT


async def _hold(heard: "SimpleQueue[str]") -> None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        heard.put("cancelled")


def test_one_that_is_cancelled_before_its_first_step_hears_of_it() -> None:
    loop, heard, go = EventLoop(), SimpleQueue[str](), Event()
    first = loop.start(_hold(heard))
    loop.call(lambda: go.wait(TIMEOUT))  # so that the next one is begun and cancelled in one go

    loop.start(_hold(heard))()
    go.set()

    assert "cancelled" == heard.get(timeout=TIMEOUT)
    first()
    assert "cancelled" == heard.get(timeout=TIMEOUT)
    loop.close()


def test_one_that_is_just_begun_hears_of_the_loops_end() -> None:
    loop, heard, go = EventLoop(), SimpleQueue[str](), Event()
    loop.start(_hold(heard))
    loop.call(lambda: go.wait(TIMEOUT))

    loop.start(_hold(heard))
    go.set()
    loop.close()

    assert ["cancelled", "cancelled"] == [heard.get(timeout=TIMEOUT) for _ in range(2)]
