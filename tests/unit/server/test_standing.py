"""What stood a moment ago is remembered for that moment, and not past something written."""

import asyncio
from time import monotonic

from everyrun.server.standing import Asked, Standing

PROGRESS = b"/api/v1/executions/1/progress?"


def noted(seconds: float, *, ago: float = 0.0) -> Standing:
    """A memory in which one state was read so many seconds ago."""
    standing = Standing(seconds)
    asked = standing.begin()
    standing.note(Asked(monotonic() - ago, asked.states), PROGRESS, '"a"')
    return standing


def test_a_state_is_remembered_for_its_target_alone() -> None:
    standing = noted(60)

    assert ('"a"', None) == (standing.etag(PROGRESS), standing.etag(PROGRESS + b"limit=1"))


def test_a_state_is_as_old_as_the_beginning_of_its_reading() -> None:
    assert '"a"' == noted(60, ago=59).etag(PROGRESS)
    assert None is noted(60, ago=61).etag(PROGRESS)


def test_nothing_is_remembered_for_no_time() -> None:
    assert None is noted(0).etag(PROGRESS)


def test_what_was_read_before_something_was_written_is_not_remembered_after_it() -> None:
    standing = noted(60)
    asked = standing.begin()
    standing.forget()
    standing.note(asked, PROGRESS, '"b"')

    assert None is standing.etag(PROGRESS)


def test_the_memory_is_bounded() -> None:
    standing = Standing(60)
    asked = standing.begin()
    for number in range(25_000):
        standing.note(asked, b"%d" % number, '"a"')

    assert 10_000 >= len(asked.states)
    assert '"a"' == standing.etag(b"24999")


def test_what_is_being_read_is_waited_for_by_who_asks_the_same() -> None:
    async def asking() -> list[str | None]:
        standing, may_end, found = Standing(60), asyncio.Event(), list[str | None]()

        async def first() -> None:
            async with standing.seen_together(PROGRESS):
                asked = standing.begin()
                await may_end.wait()
                standing.note(asked, PROGRESS, '"a"')

        async def second() -> None:
            async with standing.seen_together(PROGRESS):
                found.append(standing.etag(PROGRESS))

        tasks = [asyncio.create_task(each()) for each in (first, second, second)]
        await asyncio.sleep(0)
        may_end.set()
        await asyncio.gather(*tasks)
        return found

    assert ['"a"', '"a"'] == asyncio.run(asking())
