"""``everyrun.progress`` and ``run.progress``."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import everyrun
from everyrun.testing import HandClock, Runs


def told(runs: Runs) -> list[tuple[float, float | None]]:
    """Each progress event: (current, total)."""
    return [
        (event.current, event.total)  # type: ignore[union-attr]
        for event in runs.events
        if "Progressed" in type(event).__name__
    ]


def test_the_first_and_the_last_are_always_told(runs: Runs) -> None:
    with everyrun.execution("import"):
        assert [1, 2, 3] == list(everyrun.progress([1, 2, 3]))

    assert [(0, 3), (3, 3)] == told(runs)


def test_between_them_one_each_half_second_is_told(runs: Runs, clock: HandClock) -> None:
    with everyrun.execution("import"):
        for _ in everyrun.progress(range(10)):
            clock.forward(milliseconds=200)

    assert [(0, 10), (3, 10), (6, 10), (9, 10), (10, 10)] == told(runs)


def test_an_item_is_done_when_the_next_is_asked_for(runs: Runs) -> None:
    with everyrun.execution("import"):
        for item in everyrun.progress(range(10)):
            if item == 4:
                break

    assert [(0, 10), (4, 10)] == told(runs)


def test_a_loop_left_by_an_error_tells_how_far_it_came(runs: Runs) -> None:
    with pytest.raises(ValueError), everyrun.execution("import"):  # noqa: PT011, PT012
        for item in everyrun.progress(range(10)):
            if item == 4:
                raise ValueError("stop")

    assert (4, 10) == runs.one().progress


def test_an_iterator_has_no_total_unless_it_is_given(runs: Runs) -> None:
    def items() -> Iterator[int]:
        yield from range(2)

    with everyrun.execution("a"):
        list(everyrun.progress(items()))
    with everyrun.execution("b"):
        list(everyrun.progress(items(), total=2))

    assert (2, None) == runs.one("a").progress
    assert (2, 2) == runs.one("b").progress


def test_it_is_told_to_the_node_that_runs(runs: Runs) -> None:
    with everyrun.execution("import") as run, run.node("load"):
        list(everyrun.progress([1, 2], description="reading"))

    assert runs.one().progress is None
    assert (2, 2) == runs.one().node("load").progress
    messages = {event.message for event in runs.events if hasattr(event, "current")}  # type: ignore[union-attr]
    assert {"reading"} == messages


def test_where_nothing_runs_it_is_only_a_loop(runs: Runs) -> None:
    assert [1, 2] == list(everyrun.progress([1, 2]))

    assert [] == runs.events


def test_an_async_loop_is_told_of_likewise(runs: Runs) -> None:
    async def items() -> AsyncIterator[int]:
        for item in range(3):
            await asyncio.sleep(0)
            yield item

    async def main() -> list[int]:
        async with everyrun.execution("import"):
            return [item async for item in everyrun.progress(items(), total=3)]

    assert [0, 1, 2] == asyncio.run(main())
    assert [(0, 3), (3, 3)] == told(runs)


def test_an_async_loop_where_nothing_runs_is_only_a_loop(runs: Runs) -> None:
    async def items() -> AsyncIterator[int]:
        yield 1

    async def main() -> list[int]:
        return [item async for item in everyrun.progress(items())]

    assert [1] == asyncio.run(main())
    assert [] == runs.events


def test_a_length_that_fails_is_unknown(runs: Runs) -> None:
    class Odd:
        def __len__(self) -> int:
            raise ValueError

        def __iter__(self) -> Iterator[int]:
            return iter([1])

    with everyrun.execution("import"):
        assert [1] == list(everyrun.progress(Odd()))

    assert [(0, None), (1, None)] == told(runs)


def test_a_handle_can_be_told_directly(runs: Runs, clock: HandClock) -> None:
    with everyrun.execution("import") as run:
        run.progress(1, total=10)
        run.progress(2, total=10)
        clock.forward(seconds=1)
        run.progress(3, total=10)
        run.progress(4, total=10, message="nearly")

    assert [(1, 10), (3, 10), (4, 10)] == told(runs)


def test_the_same_is_not_told_twice(runs: Runs, clock: HandClock) -> None:
    with everyrun.execution("import") as run:
        for _ in range(3):
            run.progress(1, total=10)
            clock.forward(seconds=1)

    assert [(1, 10)] == told(runs)


def test_a_clock_that_goes_back_does_not_silence_it(runs: Runs, clock: HandClock) -> None:
    with everyrun.execution("import") as run:
        run.progress(1)
        clock.forward(hours=-1)
        run.progress(2)

    assert [(1, None), (2, None)] == told(runs)


@pytest.mark.parametrize("odd", ["many", float("nan"), float("inf"), None])
def test_what_is_no_number_is_counted_and_no_more(odd: Any) -> None:
    with (  # noqa: PT012
        pytest.raises(AssertionError, match="could not be recorded"),
        everyrun.testing.recorded() as runs,
        everyrun.execution("import") as run,
    ):
        run.progress(odd)
        run.progress(1, total=float("inf"))

    assert (1, None) == runs.one().progress
