"""Every way out of tracked code settles it, and the caller gets what it would have got."""

import asyncio
import concurrent.futures
import traceback
from collections.abc import Callable
from typing import NoReturn

import pytest

import everyrun
from everyrun.domain.status import Status
from everyrun.testing import Runs
from everyrun.tracking.outcomes import status_of

OUTCOMES = [
    (ValueError("no"), Status.FAILED),
    (TimeoutError(), Status.FAILED),
    (concurrent.futures.CancelledError(), Status.FAILED),
    (ExceptionGroup("both", [ValueError(), KeyError()]), Status.FAILED),
    (asyncio.CancelledError(), Status.CANCELLED),
    (KeyboardInterrupt(), Status.CANCELLED),
    (GeneratorExit(), Status.CANCELLED),
    (BaseExceptionGroup("both", [KeyboardInterrupt(), asyncio.CancelledError()]), Status.CANCELLED),
    (BaseExceptionGroup("both", [KeyboardInterrupt(), ValueError()]), Status.FAILED),
    (SystemExit(), Status.COMPLETED),
    (SystemExit(0), Status.COMPLETED),
    (SystemExit(3), Status.FAILED),
    (SystemExit("no input"), Status.FAILED),
    (BaseException("strange"), Status.FAILED),
]


def as_workflow(leave: Callable[[], NoReturn]) -> None:
    everyrun.workflow(name="it")(leave)()


def as_node(leave: Callable[[], NoReturn]) -> None:
    everyrun.node(name="it")(leave)()


def as_node_with_retries(leave: Callable[[], NoReturn]) -> None:
    everyrun.node(name="it", retries=3, retry_on=())(leave)()


def as_node_with_a_timeout(leave: Callable[[], NoReturn]) -> None:
    everyrun.node(name="it", timeout=60)(leave)()


def as_coroutine(leave: Callable[[], NoReturn]) -> None:
    async def body() -> None:
        leave()

    drive(everyrun.workflow(name="it")(body)())


def as_block(leave: Callable[[], NoReturn]) -> None:
    with everyrun.execution("it"):
        leave()


def as_async_block(leave: Callable[[], NoReturn]) -> None:
    async def body() -> None:
        async with everyrun.execution("it"):
            leave()

    drive(body())


def as_generator(leave: Callable[[], NoReturn]) -> None:
    @everyrun.workflow(name="it")
    def body() -> object:
        yield 1
        leave()

    list(body())  # type: ignore[call-overload]


def drive(coroutine: object) -> None:
    """Run a coroutine without a loop, which would turn what leaves it into something else."""
    coroutine.send(None)  # type: ignore[attr-defined]


WAYS = [
    as_workflow,
    as_node,
    as_node_with_retries,
    as_node_with_a_timeout,
    as_coroutine,
    as_block,
    as_async_block,
    as_generator,
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("error", "status"), OUTCOMES, ids=lambda value: repr(value)[:40])
def test_what_leaves_the_code_settles_it_and_goes_on(
    runs: Runs, way: Callable[..., None], error: BaseException, status: Status
) -> None:
    def leave() -> NoReturn:
        raise error

    with pytest.raises(type(error)) as caught:
        way(leave)

    assert error is caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert status == runs.one("it").status
    assert everyrun.current_execution() is None
    last_frame = traceback.extract_tb(error.__traceback__)[-1]
    assert "leave" == last_frame.name


def test_an_error_is_recorded_with_type_message_and_traceback(runs: Runs) -> None:
    @everyrun.workflow
    def divide(by: int) -> float:
        return 1 / by

    with pytest.raises(ZeroDivisionError):
        divide(0)

    error = runs.one().error
    assert error is not None
    assert "ZeroDivisionError" == error.type
    assert "division by zero" == error.message
    assert error.traceback is not None
    assert "return 1 / by" in error.traceback
    assert "tracking" not in error.traceback


def test_a_failed_exit_says_its_code(runs: Runs) -> None:
    for code in (3, "no input"):
        with pytest.raises(SystemExit), everyrun.execution("script"):
            raise SystemExit(code)

    errors = [run.error for run in runs]
    assert ["exit code 3", "no input"] == [error and error.message for error in errors]


def test_an_exit_that_is_no_failure_has_no_error(runs: Runs) -> None:
    with pytest.raises(SystemExit), everyrun.execution("script"):
        raise SystemExit(0)

    assert runs.one().error is None


def test_a_chosen_outcome_stands_and_keeps_the_error(runs: Runs) -> None:
    with pytest.raises(ValueError), everyrun.execution("import") as run:  # noqa: PT011, PT012
        run.cancel("asked to")
        raise ValueError("stop")

    recorded = runs.one()
    assert Status.CANCELLED == recorded.status
    assert recorded.error is not None
    assert "stop" == recorded.error.message


def test_an_interrupt_of_a_node_settles_all_that_it_leaves(runs: Runs) -> None:
    @everyrun.node
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), everyrun.execution("import") as run, run.node("outer"):
        interrupted()

    recorded = runs.one()
    assert Status.CANCELLED == recorded.status
    assert [Status.CANCELLED, Status.CANCELLED] == [node.status for node in recorded.nodes]


def test_an_error_that_is_handled_inside_leaves_the_outer_one_completed(runs: Runs) -> None:
    @everyrun.node
    def fails() -> None:
        raise ValueError

    with everyrun.execution("import"), pytest.raises(ValueError):  # noqa: PT011
        fails()

    assert Status.COMPLETED == runs.one().status
    assert Status.FAILED == runs.one().node("fails").status


def test_an_unknown_exception_is_a_failure() -> None:
    class Strange(BaseException):
        pass

    assert Status.FAILED == status_of(Strange())
