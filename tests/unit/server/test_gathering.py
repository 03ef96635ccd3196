"""What many ask for at the same time is asked for together."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from threading import Event

import pytest
from anyio import CapacityLimiter

from everyrun.server.gathering import MOST_AT_ONCE, Gathering
from tests.support.waiting import TIMEOUT

Squares = Gathering[int, int]


class Asked:
    """Answers with squares, and keeps what it was asked; the first time, not before ``go``."""

    def __init__(self) -> None:
        self.times: list[list[int]] = []
        self.begun, self.go = Event(), Event()

    def __call__(self, keys: list[int]) -> Mapping[int, int]:
        self.times.append(keys)
        self.begun.set()
        assert self.go.wait(TIMEOUT)
        if -1 in keys:
            raise ValueError("no such number")
        return {key: key * key for key in keys}


def run(work: Callable[[Squares, Asked], Awaitable[None]]) -> Asked:
    asked = Asked()

    async def working() -> None:
        async with asyncio.timeout(TIMEOUT):
            await work(Gathering(asked, CapacityLimiter(1)), asked)

    asyncio.run(working())
    return asked


async def begun(squares: Squares, asked: Asked) -> "asyncio.Task[int]":
    """One question that is under way."""
    first = asyncio.create_task(squares.get(0))
    await asyncio.to_thread(asked.begun.wait, TIMEOUT)
    return first


def test_what_is_wanted_meanwhile_is_asked_for_at_once() -> None:
    async def work(squares: Squares, asked: Asked) -> None:
        first = await begun(squares, asked)
        others = [asyncio.create_task(squares.get(key)) for key in (1, 2, 1, 3)]
        await asyncio.sleep(0)
        asked.go.set()

        assert 0 == await first
        assert [1, 4, 1, 9] == [await each for each in others]

    assert [[0], [1, 2, 3]] == run(work).times


def test_there_is_a_most_that_is_asked_for_at_once() -> None:
    async def work(squares: Squares, asked: Asked) -> None:
        first = await begun(squares, asked)
        others = [asyncio.create_task(squares.get(key)) for key in range(1, MOST_AT_ONCE + 2)]
        await asyncio.sleep(0)
        asked.go.set()
        await asyncio.gather(first, *others)

    assert [1, MOST_AT_ONCE, 1] == [len(keys) for keys in run(work).times]


def test_an_error_is_raised_to_all_whom_it_concerns_and_to_nobody_after() -> None:
    async def work(squares: Squares, asked: Asked) -> None:
        asked.go.set()
        both = asyncio.gather(squares.get(-1), squares.get(1), return_exceptions=True)

        assert [ValueError, ValueError] == [type(each) for each in await both]
        assert 4 == await squares.get(2)

    run(work)


def test_who_goes_away_takes_the_answer_from_nobody_else() -> None:
    async def work(squares: Squares, asked: Asked) -> None:
        first = await begun(squares, asked)
        impatient, patient = (asyncio.create_task(squares.get(5)) for _ in range(2))
        await asyncio.sleep(0)
        impatient.cancel()
        asked.go.set()

        assert [0, 25] == [await first, await patient]
        with pytest.raises(asyncio.CancelledError):
            await impatient

    run(work)
