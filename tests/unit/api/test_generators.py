"""Decorated generators, which take turns with their callers."""

import asyncio
import gc
from collections.abc import AsyncIterator, Generator, Iterator

import pytest

import everyrun
from everyrun.domain.status import Status
from everyrun.testing import HandClock, Runs


@everyrun.node
def numbers(count: int) -> Generator[int, str, str]:
    answers = []
    for number in range(count):
        everyrun.log.info(f"giving {number}")
        answers.append((yield number))
    return ",".join(str(answer) for answer in answers)


@everyrun.node
async def numbers_async(count: int) -> AsyncIterator[int]:
    for number in range(count):
        await asyncio.sleep(0)
        everyrun.log.info(f"giving {number}")
        yield number


def test_a_generator_is_on_record_from_its_first_item_to_its_end(
    runs: Runs, clock: HandClock
) -> None:
    @everyrun.workflow
    def pages() -> Iterator[int]:
        yield 1
        yield 2

    waiting = pages()
    assert [] == runs.all()

    clock.forward(minutes=1)
    assert 1 == next(waiting)
    assert Status.RUNNING == runs.one().status

    clock.forward(minutes=1)
    assert [2] == list(waiting)

    run = runs.one()
    assert Status.COMPLETED == run.status
    assert {"items": 2} == run.output
    assert run.started_at is not None
    assert run.ended_at == run.started_at + 60_000_000


def test_what_is_sent_thrown_and_returned_passes_through(runs: Runs) -> None:
    class Oops(Exception):
        pass

    caught = []

    @everyrun.workflow
    def talk() -> Generator[str, str, str]:
        try:
            got = yield "first"
        except Oops as error:
            caught.append(error)
            got = yield "caught"
        return f"got {got}"

    oops = Oops()
    talking = talk()
    assert "first" == next(talking)
    assert "caught" == talking.throw(oops)
    with pytest.raises(StopIteration) as end:
        talking.send("this")

    assert [oops] == caught
    assert "got this" == end.value.value
    assert {"items": 2, "returned": "got this"} == runs.one().output


def test_the_caller_runs_in_its_own_place_between_items(runs: Runs) -> None:
    with everyrun.execution("outer") as run:
        for number in numbers(2):
            assert run == everyrun.current_execution()
            assert everyrun.current_node() is None
            everyrun.log.info(f"got {number}")

    lines = [(line.message, line.node) for line in runs.one().lines]
    expected = [("giving 0", "numbers"), ("got 0", None), ("giving 1", "numbers"), ("got 1", None)]
    assert expected == lines


def test_a_block_that_a_generator_is_in_waits_with_it(runs: Runs) -> None:
    @everyrun.workflow
    def pages() -> Iterator[int]:
        current = everyrun.current_execution()
        assert current is not None
        with current.node("page"):
            yield 1
            everyrun.log.info("in the page")
        everyrun.log.info("after the page")

    for _ in pages():
        assert everyrun.current_execution() is None

    lines = [(line.message, line.node) for line in runs.one().lines]
    assert [("in the page", "page"), ("after the page", None)] == lines


def test_two_generators_in_turns_keep_to_themselves(runs: Runs) -> None:
    first, second = numbers(2), numbers(2)
    for _ in zip(first, second, strict=True):
        pass
    for rest in (first, second):
        list(rest)

    one, two = runs.all("numbers")
    assert ["giving 0", "giving 1"] == one.messages == two.messages


def test_leaving_the_loop_early_completes_the_generator(runs: Runs) -> None:
    for number in numbers(10):
        if number == 2:
            break
    gc.collect()

    run = runs.one()
    assert Status.COMPLETED == run.status
    assert {"items": 3, "closed_early": True} == run.output
    assert run.error is None


def test_a_generator_that_will_not_be_closed_fails(runs: Runs) -> None:
    @everyrun.workflow
    def stubborn() -> Iterator[int]:
        try:
            yield 1
        finally:
            yield 2

    begun = stubborn()
    next(begun)
    with pytest.raises(RuntimeError, match="ignored GeneratorExit"):
        begun.close()  # type: ignore[attr-defined]

    assert Status.FAILED == runs.one().status


def test_a_generator_cleans_up_in_its_own_place(runs: Runs) -> None:
    @everyrun.workflow
    def pages() -> Iterator[int]:
        try:
            yield 1
        finally:
            everyrun.log.info("cleaned up")

    begun = pages()
    next(begun)
    del begun
    gc.collect()

    assert ["cleaned up"] == runs.one().messages


def test_an_error_in_the_body_fails_the_generator(runs: Runs) -> None:
    @everyrun.workflow
    def pages() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        list(pages())

    run = runs.one()
    assert Status.FAILED == run.status
    assert run.error is not None
    assert "no more" == run.error.message


def test_an_async_generator_is_on_record_likewise(runs: Runs) -> None:
    async def main() -> None:
        async with everyrun.execution("outer") as run:
            async for number in numbers_async(2):
                assert run == everyrun.current_execution()
                assert everyrun.current_node() is None
                everyrun.log.info(f"got {number}")

    asyncio.run(main())

    run = runs.one()
    assert Status.COMPLETED == run.node("numbers_async").status
    assert {"items": 2} == run.node("numbers_async").output
    lines = [(line.message, line.node is not None) for line in run.lines]
    expected = [("giving 0", True), ("got 0", False), ("giving 1", True), ("got 1", False)]
    assert expected == lines


def test_an_async_generator_that_is_closed_early_is_completed(runs: Runs) -> None:
    async def main() -> None:
        begun = numbers_async(5)
        async for _ in begun:
            break
        await begun.aclose()  # type: ignore[attr-defined]

    asyncio.run(main())

    run = runs.one()
    assert Status.COMPLETED == run.status
    assert {"items": 1, "closed_early": True} == run.output


def test_an_async_generator_that_is_forgotten_is_completed_by_the_loop(runs: Runs) -> None:
    async def main() -> None:
        async for _ in numbers_async(5):
            break
        for _ in range(3):  # the loop closes what was forgotten in a task of its own
            await asyncio.sleep(0)

    asyncio.run(main())

    assert {"items": 1, "closed_early": True} == runs.one().output


def test_an_async_generator_that_is_cancelled_is_cancelled(runs: Runs) -> None:
    started = asyncio.Event()

    @everyrun.workflow
    async def endless() -> AsyncIterator[int]:
        yield 1
        started.set()
        await asyncio.Event().wait()

    async def consume() -> None:
        async for _ in endless():
            pass

    async def main() -> None:
        task = asyncio.create_task(consume())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())

    assert Status.CANCELLED == runs.one().status


def test_what_is_thrown_into_an_async_generator_reaches_its_body(runs: Runs) -> None:
    @everyrun.workflow
    async def talk() -> AsyncIterator[str]:
        try:
            yield "first"
        except KeyError:
            yield "caught"

    async def main() -> str:
        talking = talk()
        await anext(talking)
        answer: str = await talking.athrow(KeyError())  # type: ignore[attr-defined]
        await talking.aclose()  # type: ignore[attr-defined]
        return answer

    assert "caught" == asyncio.run(main())
    assert {"items": 2, "closed_early": True} == runs.one().output
