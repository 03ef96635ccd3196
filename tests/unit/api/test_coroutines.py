"""Decorated coroutine functions, in tasks and out of them."""

import asyncio
import gc
from contextvars import copy_context
from typing import Any

import pytest

import everyrun
from everyrun.domain.status import Status
from everyrun.testing import Runs


@everyrun.node
async def fetch(page: int) -> int:
    await asyncio.sleep(0)
    everyrun.log.info(f"fetching {page}")
    await asyncio.sleep(0)
    return page


def test_nodes_in_gathered_tasks_belong_to_the_execution_around_them(runs: Runs) -> None:
    @everyrun.workflow
    async def crawl() -> list[int]:
        return await asyncio.gather(*(fetch(page) for page in range(5)))

    asyncio.run(crawl())

    run = runs.one()
    assert [0, 1, 2, 3, 4] == run.output
    assert [Status.COMPLETED] * 5 == [node.status for node in run.nodes]
    written = {line.node_execution_id: line.message for line in run.lines}
    assert {node.id: f"fetching {node.input['page']}" for node in run.nodes} == written


def test_executions_in_tasks_of_their_own_do_not_mix(runs: Runs) -> None:
    @everyrun.workflow
    async def crawl(first: int) -> None:
        await fetch(first)
        await fetch(first + 1)

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for first in (10, 20, 30):
                group.create_task(crawl(first))

    asyncio.run(main())

    for run in runs.all("crawl"):
        first = run.input["first"]
        assert [f"fetching {first}", f"fetching {first + 1}"] == run.messages
        assert run.parent_execution_id is None


def test_a_task_that_outlives_its_node_still_belongs_to_it(runs: Runs) -> None:
    left: list[asyncio.Task[int]] = []

    @everyrun.node
    async def begin() -> None:
        left.append(asyncio.create_task(fetch(1)))

    @everyrun.workflow
    async def crawl() -> None:
        await begin()
        await left[0]

    asyncio.run(crawl())

    run = runs.one()
    assert run.node("begin").id == run.node("fetch").parent_id


def test_a_thread_of_asyncio_belongs_to_what_runs(runs: Runs) -> None:
    @everyrun.node
    def work() -> None:
        everyrun.log.info("in a thread")

    @everyrun.workflow
    async def crawl() -> None:
        await asyncio.to_thread(work)

    asyncio.run(crawl())

    assert Status.COMPLETED == runs.one().node("work").status
    assert ["in a thread"] == runs.one().messages


def test_a_cancelled_task_is_cancelled(runs: Runs) -> None:
    async def main() -> None:
        started = asyncio.Event()

        @everyrun.workflow
        async def wait() -> None:
            started.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(wait())
        await started.wait()
        task.cancel("enough")
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())

    run = runs.one()
    assert Status.CANCELLED == run.status
    assert run.error is not None
    assert "enough" == run.error.message


def test_a_coroutine_that_is_never_awaited_never_ran(runs: Runs) -> None:
    fetch(1).close()

    assert [] == runs.all()


def test_a_coroutine_that_is_forgotten_is_cancelled_and_disturbs_nobody(runs: Runs) -> None:
    class Forever:
        def __await__(self) -> object:
            yield

    @everyrun.workflow
    async def forgotten() -> None:
        await Forever()  # type: ignore[misc]

    begun = forgotten()
    copy_context().run(begun.send, None)
    with everyrun.execution("other") as other:
        del begun
        gc.collect()

        assert other == everyrun.current_execution()

    assert Status.CANCELLED == runs.one("forgotten").status


def test_an_async_block_is_an_execution(runs: Runs) -> None:
    async def main() -> None:
        async with everyrun.execution("crawl") as run, run.node("page") as step:
            step.output = await fetch(3)

    asyncio.run(main())

    run = runs.one("crawl")
    assert Status.COMPLETED == run.status
    assert 3 == run.node("page").output
    assert run.node("page").id == run.node("fetch").parent_id


def undecided(function: Any) -> Any:
    """A decorator that does not say that what it answers is to be awaited."""

    def call(*args: Any) -> Any:
        return function(*args)

    return call


@pytest.mark.parametrize(
    "decorate",
    [
        everyrun.workflow(name="fetch"),
        everyrun.node(name="fetch"),
        everyrun.node(name="fetch", timeout=60),
        everyrun.node(name="fetch", retries=1),
    ],
)
def test_a_coroutine_function_that_looks_like_another_settles_when_awaited(
    runs: Runs, decorate: Any
) -> None:
    async def fetch(page: int) -> int:
        await asyncio.sleep(0)
        everyrun.log.info("fetching")
        return 7 // page

    hidden = decorate(undecided(fetch))

    async def main() -> int:
        running = hidden(1)
        assert everyrun.current_execution() is None
        assert "running" == runs.one().status
        answer: int = await running
        assert everyrun.current_execution() is None
        return answer

    assert 7 == asyncio.run(main())
    assert Status.COMPLETED == runs.one("fetch").status
    assert 7 == runs.one("fetch").output
    assert ["fetching"] == runs.one("fetch").messages
    with pytest.raises(ZeroDivisionError):
        asyncio.run(hidden(0))
    assert Status.FAILED == runs.all("fetch")[1].status


def test_a_call_that_does_not_fit_is_a_failure_on_record(runs: Runs) -> None:
    @everyrun.workflow
    async def crawl(page: int) -> None: ...

    with pytest.raises(TypeError):
        asyncio.run(crawl())  # type: ignore[call-arg]

    assert Status.FAILED == runs.one().status
