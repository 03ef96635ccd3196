"""Nodes that are tried again."""

import asyncio
import time
from collections.abc import Iterator

import pytest

import everyrun
from everyrun.domain.events import NodeEvent
from everyrun.domain.status import Status
from everyrun.testing import HandClock, Runs
from everyrun.tracking.retrying import RealPauses, RetryPolicy, use_pauses
from everyrun.tracking.running_executions import RunningExecution
from everyrun.tracking.running_nodes import RunningNode


class Flaky:
    """Fails as often as told, with an error of its own each time."""

    def __init__(self, *errors: BaseException) -> None:
        self._errors = list(errors)
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)
        return "done"


def test_a_node_is_tried_again_until_it_succeeds(runs: Runs, clock: HandClock) -> None:
    flaky = Flaky(ValueError("first"), ValueError("second"))

    @everyrun.node(retries=3)
    def step(number: int) -> str:
        clock.forward(seconds=1)
        return flaky()

    assert "done" == step(7)

    node = runs.one().node("step")
    assert Status.COMPLETED == node.status
    assert 3 == node.attempt
    assert ["first", "second"] == [error.message for error in node.failures]
    assert {"number": 7} == node.input
    assert "done" == node.output
    assert node.error is None


def test_each_attempt_is_begun_and_ended_on_record(runs: Runs) -> None:
    step = everyrun.node(name="step", retries=1)(Flaky(ValueError("first")))

    with everyrun.execution("run"):
        step()

    told = [
        (type(event).__name__, event.attempt)
        for event in runs.events
        if isinstance(event, NodeEvent)
    ]
    expected = [("NodeStarted", 1), ("NodeRetrying", 1), ("NodeStarted", 2), ("NodeFinished", 2)]
    assert expected == told
    rows = {event.node_execution_id for event in runs.events if isinstance(event, NodeEvent)}
    assert 1 == len(rows)


def test_the_last_failure_is_the_callers(runs: Runs) -> None:
    last = ValueError("third")
    step = everyrun.node(name="step", retries=2)(Flaky(ValueError("1"), ValueError("2"), last))

    with pytest.raises(ValueError, match="third") as caught:
        step()

    assert last is caught.value
    assert last.__context__ is None
    node = runs.one().node("step")
    assert Status.FAILED == node.status
    assert 3 == node.attempt
    assert 2 == len(node.failures)
    assert node.error is not None
    assert "third" == node.error.message


def test_pauses_grow_up_to_the_longest(runs: Runs) -> None:
    step = everyrun.node(
        name="step",
        retries=5,
        retry_delay=2,
        retry_backoff=3,
        retry_jitter=0,
        retry_delay_max=20,
    )(Flaky(*[ValueError()] * 5))

    step()

    assert [2, 6, 18, 20, 20] == runs.pauses


def test_jitter_lengthens_a_pause_by_its_part_at_most(runs: Runs) -> None:
    step = everyrun.node(
        name="step", retries=50, retry_delay=10, retry_backoff=1, retry_jitter=0.5
    )(Flaky(*[ValueError()] * 50))

    step()

    assert all(10 <= pause <= 15 for pause in runs.pauses)
    assert len(set(runs.pauses)) > 1


def test_many_retries_do_not_overflow() -> None:
    policy = RetryPolicy(retries=10_000, backoff=10.0, jitter=0, longest=60)
    place = RunningNode(RunningExecution("run", "job"), "step", "function")
    place.attempt = 9_999

    assert 60 == policy.pause_after(place, ValueError())


def test_only_what_retry_on_names_is_tried_again(runs: Runs) -> None:
    step = everyrun.node(name="step", retries=3, retry_on=(KeyError, OSError))(
        Flaky(KeyError(), ValueError("final"))
    )

    with pytest.raises(ValueError, match="final"):
        step()

    assert 2 == runs.one().node("step").attempt


def test_a_function_can_decide_what_is_tried_again(runs: Runs) -> None:
    step = everyrun.node(name="step", retries=3, retry_on=lambda error: "busy" in str(error))(
        Flaky(ValueError("busy"), ValueError("broken"))
    )

    with pytest.raises(ValueError, match="broken"):
        step()

    assert 2 == runs.one().node("step").attempt


def test_a_decision_that_fails_leaves_the_error_and_is_told_of(runs: Runs) -> None:
    def decide(error: Exception) -> bool:
        raise LookupError("who knows")

    step = everyrun.node(name="step", retries=3, retry_on=decide)(Flaky(ValueError("it")))

    with pytest.raises(ValueError, match="it"):
        step()

    assert ["not tried again: retry_on raised LookupError: who knows"] == runs.one().messages


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(1), asyncio.CancelledError()])
def test_who_stops_it_is_not_asked_again(runs: Runs, error: BaseException) -> None:
    flaky = Flaky(error)

    with pytest.raises(type(error)):
        everyrun.node(name="step", retries=3)(flaky)()

    assert 1 == flaky.calls
    assert [] == runs.pauses


def test_who_stops_it_is_not_asked_again_even_if_the_decision_would_be(runs: Runs) -> None:
    step = everyrun.node(name="step", retries=3, retry_on=lambda error: True)(
        Flaky(KeyboardInterrupt())
    )

    with pytest.raises(KeyboardInterrupt):
        step()

    assert 1 == runs.one().node("step").attempt


def test_an_interrupt_between_attempts_settles_the_node(runs: Runs) -> None:
    class Interrupting:
        def pause(self, seconds: float) -> None:
            raise KeyboardInterrupt

        async def pause_async(self, seconds: float) -> None:
            raise KeyboardInterrupt

    use_pauses(Interrupting())
    with pytest.raises(KeyboardInterrupt):
        everyrun.node(name="step", retries=3)(Flaky(ValueError()))()

    assert Status.CANCELLED == runs.one().node("step").status
    assert Status.CANCELLED == runs.one().status


def test_a_coroutine_is_tried_again_likewise(runs: Runs) -> None:
    flaky = Flaky(ValueError("first"))

    @everyrun.node(retries=1)
    async def step() -> str:
        await asyncio.sleep(0)
        return flaky()

    assert "done" == asyncio.run(step())

    node = runs.one().node("step")
    assert 2 == node.attempt
    assert ["first"] == [error.message for error in node.failures]
    assert 1 == len(runs.pauses)


def test_a_coroutine_cancelled_between_attempts_is_cancelled(runs: Runs) -> None:
    async def main() -> None:
        pausing = asyncio.Event()

        class Waiting:
            def pause(self, seconds: float) -> None: ...

            async def pause_async(self, seconds: float) -> None:
                pausing.set()
                await asyncio.Event().wait()

        use_pauses(Waiting())

        @everyrun.node(retries=1)
        async def step() -> None:
            raise ValueError

        task = asyncio.create_task(step())
        await pausing.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())

    assert Status.CANCELLED == runs.one().node("step").status


def test_lines_belong_to_the_attempt_that_wrote_them(runs: Runs) -> None:
    flaky = Flaky(ValueError())

    @everyrun.node(retries=1)
    def step() -> str:
        everyrun.log.info("trying")
        return flaky()

    step()

    assert [1, 2] == [line.attempt for line in runs.one().lines]


def test_between_attempts_the_caller_runs_in_its_own_place(runs: Runs) -> None:
    places = []

    class Looking:
        def pause(self, seconds: float) -> None:
            places.append((everyrun.current_execution(), everyrun.current_node()))

        async def pause_async(self, seconds: float) -> None: ...

    use_pauses(Looking())
    with everyrun.execution("run") as run:
        everyrun.node(name="step", retries=1)(Flaky(ValueError()))()

    assert [(run, None)] == places


@pytest.mark.parametrize(
    "options",
    [
        {"retries": -1},
        {"retries": 32_767},
        {"retry_delay": -1},
        {"retry_backoff": 0.5},
        {"retry_jitter": -0.1},
        {"retry_delay_max": -1},
        {"timeout": 0},
        {"timeout": -1},
    ],
)
def test_numbers_that_make_no_sense_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"negative|shorter|more than 0"):
        everyrun.node(**options)  # type: ignore[call-overload]


def test_a_generator_cannot_be_tried_again() -> None:
    def items() -> Iterator[int]:
        yield 1

    for options in ({"retries": 1}, {"timeout": 1}):
        with pytest.raises(TypeError, match="items is a generator"):
            everyrun.node(**options)(items)  # type: ignore[call-overload]


def test_real_pauses_take_the_time_they_say() -> None:
    pauses, soon = RealPauses(), 0.01

    before = time.monotonic()
    pauses.pause(soon)
    between = time.monotonic()
    asyncio.run(pauses.pause_async(soon))
    after = time.monotonic()

    assert between - before >= soon
    assert after - between >= soon
