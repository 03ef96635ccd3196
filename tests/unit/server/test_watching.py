"""Marks of all that is polled are read together, and none is older than it may be."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from threading import Event
from time import monotonic

import pytest
from anyio import CapacityLimiter

from everyrun.server.watching import MOST_WATCHED, Watching
from everyrun.store.marks import Mark
from tests.support.waiting import TIMEOUT


class Ledger:
    """Marks as they stand; what is asked of it is kept. The first reading waits for ``go``."""

    def __init__(self) -> None:
        self.marks = dict.fromkeys(("a", "b"), 1)
        self.asked: list[list[str]] = []
        self.begun, self.go = Event(), Event()

    def __call__(self, ids: list[str]) -> Mapping[str, Mark]:
        self.asked.append(ids)
        found = {id_: Mark(id_, self.marks[id_]) for id_ in ids if id_ in self.marks}
        self.begun.set()
        assert self.go.wait(TIMEOUT)
        return found


def run(work: Callable[[Watching, Ledger], Awaitable[None]], seconds: float = 60) -> Ledger:
    ledger = Ledger()

    async def working() -> None:
        async with asyncio.timeout(TIMEOUT):
            await work(Watching(ledger, CapacityLimiter(1), seconds), ledger)

    asyncio.run(working())
    return ledger


def test_whoever_asks_is_read_along() -> None:
    async def work(watching: Watching, ledger: Ledger) -> None:
        ledger.go.set()
        assert ("a", 1) == await watching.mark("a")
        assert None is await watching.mark("none")
        assert ("b", 1) == await watching.mark("b")
        assert ("a", 1) == await watching.mark("a")

        watching.forget()
        assert ("b", 1) == await watching.mark("b")
        assert ("a", 1) == await watching.mark("a")
        assert None is await watching.mark("none")

    assert [["a"], ["none"], ["b"], ["none", "a", "b"]] == run(work).asked


def test_what_is_new_at_the_same_time_is_read_together() -> None:
    async def work(watching: Watching, ledger: Ledger) -> None:
        first = asyncio.create_task(watching.mark("a"))
        await asyncio.to_thread(ledger.begun.wait, TIMEOUT)
        others = [asyncio.create_task(watching.mark(id_)) for id_ in ("b", "c", "d")]
        await asyncio.sleep(0)
        ledger.go.set()
        await asyncio.gather(first, *others)

    assert [["a"], ["b", "c", "d"]] == run(work).asked


def test_what_is_asked_for_once_is_not_read_along() -> None:
    async def work(watching: Watching, ledger: Ledger) -> None:
        ledger.go.set()
        assert not watching.came_before("once")
        assert not watching.came_before("a")
        assert watching.came_before("a")
        await watching.mark("a")
        await watching.mark("b")
        assert watching.came_before("b")

    assert [["a"], ["b"]] == run(work).asked


def test_only_so_many_are_known_to_have_come() -> None:
    async def work(watching: Watching, ledger: Ledger) -> None:
        for number in range(MOST_WATCHED + 1):
            assert not watching.came_before(f"{number}")
        assert watching.came_before("1")
        assert not watching.came_before("0")

    run(work)


def test_a_mark_is_remembered_for_a_moment_and_not_past_something_written() -> None:
    async def work(watching: Watching, ledger: Ledger) -> None:
        ledger.go.set()
        await watching.mark("a")
        ledger.marks["a"] = 2
        assert ("a", 1) == await watching.mark("a")
        watching.forget()
        assert ("a", 2) == await watching.mark("a")

    run(work)


def test_what_was_being_read_before_something_was_written_is_read_again() -> None:
    async def work(watching: Watching, ledger: Ledger) -> None:
        early = asyncio.create_task(watching.mark("a"))
        await asyncio.to_thread(ledger.begun.wait, TIMEOUT)
        ledger.marks["a"] = 2
        watching.forget()
        late = asyncio.create_task(watching.mark("a"))
        await asyncio.sleep(0)
        ledger.go.set()

        assert [("a", 1), ("a", 2)] == [await early, await late]

    run(work)


def test_a_mark_that_an_answer_showed_is_not_forgotten_for_an_older_one() -> None:
    async def work(watching: Watching, ledger: Ledger) -> None:
        early = asyncio.create_task(watching.mark("a"))
        await asyncio.to_thread(ledger.begun.wait, TIMEOUT)
        watching.saw(monotonic(), Mark("a", 3))
        watching.saw(monotonic(), Mark("a", 2))
        ledger.go.set()

        assert ("a", 3) == await early
        assert ("a", 3) == await watching.mark("a")

    assert [["a"]] == run(work).asked


def test_a_mark_that_an_answer_showed_before_it_was_gone_is_gone() -> None:
    async def work(watching: Watching, ledger: Ledger) -> None:
        ledger.go.set()
        await watching.mark("a")
        watching.saw(monotonic(), Mark("a", 2))
        del ledger.marks["a"]
        watching.forget()

        assert None is await watching.mark("a")

    run(work)


def test_what_nobody_watches_is_not_kept() -> None:
    async def work(watching: Watching, ledger: Ledger) -> None:
        ledger.go.set()
        watching.saw(monotonic(), Mark("a", 2))
        assert ("a", 1) == await watching.mark("a")

    run(work)


def test_an_error_is_raised_to_who_waits_and_to_nobody_after() -> None:
    async def work(watching: Watching, ledger: Ledger) -> None:
        ledger.go.set()
        marks, ledger.marks = ledger.marks, None  # type: ignore[assignment] # breaks the reading
        with pytest.raises(TypeError):
            await watching.mark("a")
        ledger.marks = marks
        assert ("a", 1) == await watching.mark("a")

    run(work)
