"""Nodes whose time runs out."""

import asyncio
import contextvars
import threading
from collections.abc import Iterator

import pytest

import everyrun
from everyrun.domain.status import Status
from everyrun.testing import Runs
from everyrun.tracking import timeouts

SOON = 0.01
NEVER = 600


def end_of(name: str) -> None:
    """Wait until the threads of this name have ended."""
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(60)


@pytest.fixture(autouse=True)
def threads_end_in_their_own_test(runs: Runs) -> Iterator[None]:
    """What a thread that was given up says late is in the record of the test that did so."""
    yield
    end_of("step")


def test_a_function_in_time_answers_as_without_a_timeout(runs: Runs) -> None:
    @everyrun.node(timeout=NEVER)
    def step(number: int) -> int:
        return number * 2

    assert 14 == step(7)
    assert Status.COMPLETED == runs.one().node("step").status


def test_a_function_out_of_time_fails_and_the_caller_goes_on(runs: Runs) -> None:
    release, ended = threading.Event(), threading.Event()

    @everyrun.node(timeout=SOON)
    def step() -> None:
        release.wait()
        ended.set()

    with pytest.raises(TimeoutError, match=r"step did not end within 0.01 s"):
        step()

    node = runs.one().node("step")
    assert Status.FAILED == node.status
    assert node.error is not None
    assert "TimeoutError" == node.error.type
    release.set()
    assert ended.wait(60)


@pytest.mark.parametrize(
    ("error", "how"), [(None, "returned"), (ValueError("late"), "raised ValueError")]
)
def test_a_function_that_ends_late_says_so(runs: Runs, error: Exception | None, how: str) -> None:
    release = threading.Event()

    @everyrun.node(timeout=SOON)
    def step() -> None:
        release.wait()
        if error:
            raise error

    with pytest.raises(TimeoutError):
        step()
    release.set()
    end_of("step")

    line = runs.one().lines[0]
    assert (f"ended after its time was out: it {how}", "warning") == (line.message, line.level)
    assert "step" == line.node


def test_a_function_out_of_time_can_look_and_stop(runs: Runs) -> None:
    stopped = threading.Event()

    @everyrun.node
    def within() -> None:
        node = everyrun.current_node()
        assert node is not None
        while not node.stopping:
            threading.Event().wait(0.001)
        stopped.set()

    @everyrun.node(timeout=SOON)
    def step() -> None:
        within()

    with pytest.raises(TimeoutError):
        step()

    assert stopped.wait(60)


def test_the_next_attempt_is_not_asked_to_stop(runs: Runs) -> None:
    release = threading.Event()
    stopping = []

    @everyrun.node(timeout=SOON, retries=1)
    def step() -> None:
        node = everyrun.current_node()
        assert node is not None
        stopping.append(node.stopping)
        if node.attempt == 1:
            release.wait()

    step()
    release.set()

    assert [False, False] == stopping
    assert ["TimeoutError"] == [error.type for error in runs.one().node("step").failures]


def test_context_variables_reach_the_thread(runs: Runs) -> None:
    language = contextvars.ContextVar("language", default="en")
    language.set("ko")

    @everyrun.node(timeout=NEVER)
    def step() -> tuple[str, str]:
        everyrun.log.info("here")
        node = everyrun.current_node()
        assert node is not None
        return language.get(), node.key

    assert ("ko", "step") == step()
    assert "step" == runs.one().lines[0].node


def test_a_timeout_error_of_the_function_itself_is_its_own(runs: Runs) -> None:
    own = TimeoutError("the server's")

    @everyrun.node(timeout=NEVER)
    def step() -> None:
        raise own

    with pytest.raises(TimeoutError, match="the server's") as caught:
        step()

    assert own is caught.value


def test_an_interrupt_while_waiting_settles_the_node(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, stopped = threading.Event(), []

    def interrupted(self: timeouts.InItsOwnThread, seconds: float) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(timeouts.InItsOwnThread, "ends_within", interrupted)

    @everyrun.node(timeout=NEVER)
    def step() -> None:
        release.wait()
        node = everyrun.current_node()
        stopped.append(node and node.stopping)

    with pytest.raises(KeyboardInterrupt):
        step()

    assert Status.CANCELLED == runs.one().node("step").status
    release.set()


def test_a_coroutine_out_of_time_is_cancelled_and_fails(runs: Runs) -> None:
    seen = []

    @everyrun.node(timeout=SOON)
    async def step() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            seen.append(error)
            raise

    with pytest.raises(TimeoutError, match=r"step did not end within 0.01 s"):
        asyncio.run(step())

    assert 1 == len(seen)
    node = runs.one().node("step")
    assert Status.FAILED == node.status
    assert node.error is not None
    assert "TimeoutError" == node.error.type


def test_a_coroutine_in_time_answers(runs: Runs) -> None:
    @everyrun.node(timeout=NEVER)
    async def step() -> int:
        await asyncio.sleep(0)
        return 7

    assert 7 == asyncio.run(step())


def test_a_timeout_error_of_the_coroutine_itself_is_its_own(runs: Runs) -> None:
    own = TimeoutError("the server's")

    @everyrun.node(timeout=NEVER)
    async def step() -> None:
        raise own

    with pytest.raises(TimeoutError) as caught:
        asyncio.run(step())

    assert own is caught.value


def test_a_cancelled_coroutine_with_a_timeout_is_cancelled(runs: Runs) -> None:
    async def main() -> None:
        started = asyncio.Event()

        @everyrun.node(timeout=NEVER)
        async def step() -> None:
            started.set()
            await asyncio.Event().wait()

        task = asyncio.create_task(step())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())

    assert Status.CANCELLED == runs.one().node("step").status
