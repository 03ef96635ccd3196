"""``wait``: for a real while, real files, and words from outside."""

import asyncio
import time
from collections.abc import Callable
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import pytest

from everyrun.domain.clock import SystemClock
from everyrun.nodes.deadlines import TimedOut
from everyrun.nodes.parameters import build
from everyrun.nodes.wait import Wait
from everyrun.testing import HandClock, node_context
from everyrun.testing.node_contexts import NodeContext
from tests.support.running_nodes import failure_of, output_of, problem_with

SECOND = 1_000_000


@pytest.fixture
def context(tmp_path: Path) -> NodeContext:
    return node_context(tmp_path, clock=SystemClock())


async def _meanwhile(
    context: NodeContext, parameters: dict[str, Any], *deeds: Callable[[], object]
) -> Any:
    """What a wait answers while ``deeds`` are done, one every 50 ms."""
    waiting = asyncio.ensure_future(build(Wait, parameters).run(context))
    for deed in deeds:
        await asyncio.sleep(0.05)
        assert not waiting.done()
        deed()
    async with asyncio.timeout(20):
        return await waiting


def test_a_span_is_waited_for(context: NodeContext) -> None:
    began = context.first_started_at
    output = output_of(Wait, context, **{"for": "100ms"})

    assert 100_000 <= context.now() - began < 1_000_000
    assert "time" == output["reason"]
    assert 0.1 <= output["seconds"] < 1


def test_a_resume_does_not_start_over(tmp_path: Path) -> None:
    clock = HandClock()
    context = node_context(tmp_path, clock=clock, first_started_at=clock.now() - 3600 * SECOND)

    assert {"reason": "time", "seconds": 3600} == output_of(Wait, context, **{"for": "1h"})


def test_a_clock_that_is_set_forward_ends_the_wait(tmp_path: Path) -> None:
    clock = HandClock()
    context = node_context(tmp_path, clock=clock)
    parameters = {"until": "13:00", "zone": "UTC"}
    output = asyncio.run(_meanwhile(context, parameters, lambda: clock.forward(hours=1)))

    assert {"reason": "time", "seconds": 3600} == output


def test_what_has_passed_is_not_waited_for(context: NodeContext) -> None:
    assert "time" == output_of(Wait, context, until="2020-01-01T00:00:00Z")["reason"]


def test_the_next_time_of_day_is_that_after_the_first_attempt(tmp_path: Path) -> None:
    clock = HandClock()  # noon; it began an hour earlier, before 11:30
    context = node_context(tmp_path, clock=clock, first_started_at=clock.now() - 3600 * SECOND)

    assert "time" == output_of(Wait, context, until="11:30", zone="UTC")["reason"]


def test_a_file_is_waited_for(context: NodeContext, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    output = asyncio.run(_meanwhile(context, {"file": "in.csv"}, path.touch))

    assert ("file", [str(path)]) == (output["reason"], output["files"])


def test_files_are_found_by_a_pattern(context: NodeContext, tmp_path: Path) -> None:
    for name in ("가/2.csv", "가/1.csv", "가/3.txt", "[x].csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert [str(tmp_path / "가/1.csv"), str(tmp_path / "가/2.csv")] == output_of(
        Wait, context, file="**/[12].csv"
    )["files"]
    assert [str(tmp_path / "[x].csv")] == output_of(Wait, context, file="[x].csv")["files"]


def test_a_file_that_is_still_written_is_not_there_yet(
    context: NodeContext, tmp_path: Path
) -> None:
    path = tmp_path / "in.csv"
    written: list[float] = []

    def write() -> None:
        with path.open("a") as file:
            file.write("row\n")
        written.append(time.monotonic())

    parameters = {"file": "in.csv", "stable_for": "300ms"}
    output = asyncio.run(_meanwhile(context, parameters, *[write] * 10))

    assert "file" == output["reason"]
    assert time.monotonic() - written[-1] >= 0.25


def test_a_signal_is_waited_for(context: NodeContext) -> None:
    def send() -> None:
        context.tell("signal", {"paid": 7}, by="bank")

    output = asyncio.run(_meanwhile(context, {"signal": "payment"}, send))

    assert ("signal", {"paid": 7}, "bank") == (output["reason"], output["data"], output["by"])
    assert ["waiting for a signal: payment"] == context.messages


def test_a_signal_that_came_early_is_taken(context: NodeContext) -> None:
    context.tell("signal", None)

    assert None is output_of(Wait, context, signal=True)["data"]


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"file": "in.csv"}, "nothing came: no file in.csv in time"),
        ({"signal": True}, "nothing came: no signal in time"),
        ({"signal": "payment"}, "nothing came: no signal in time (payment)"),
    ],
)
def test_what_does_not_come_in_time_is_a_failure_unless_told_otherwise(
    context: NodeContext, parameters: dict[str, Any], sentence: str
) -> None:
    failure = failure_of(Wait, context, **parameters, at_most="50ms")
    output = output_of(Wait, context, **parameters, at_most="50ms", on_timeout="continue")

    assert (TimedOut, sentence) == (type(failure), str(failure))
    assert "timeout" == output["reason"]


def test_the_time_for_it_counts_from_the_first_attempt(tmp_path: Path) -> None:
    clock = HandClock()
    context = node_context(tmp_path, clock=clock, first_started_at=clock.now() - 3600 * SECOND)

    assert isinstance(failure_of(Wait, context, signal=True, at_most="59m"), TimedOut)


def test_a_wait_that_is_stopped_ends_at_once(context: NodeContext) -> None:
    async def stop() -> None:
        for parameters in ({"for": "1h"}, {"file": "in.csv"}, {"signal": True}):
            waiting = asyncio.ensure_future(build(Wait, parameters).run(context))
            await asyncio.sleep(0.05)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting

    asyncio.run(stop())


def test_a_wait_takes_no_place_among_those_that_run() -> None:
    assert Wait.waiting
    assert iscoroutinefunction(Wait.run)


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "a wait is for one of 'for', 'until', 'file' and 'signal', and it is none of them"),
        ({"for": "1s", "file": "a"}, "'signal', not both 'for' and 'file'"),
        ({"signal": False}, "and it is none of them"),
        ({"for": "soon"}, "parameter 'for': 'soon' is no span of time"),
        ({"until": "soon"}, "parameter 'until': 'soon' is no moment"),
        ({"until": "06:30"}, "parameter 'until': '06:30' is a time of day; say of which zone"),
        ({"until": "2026-01-15T06:30"}, "parameter 'until': '2026-01-15T06:30' has no zone"),
        ({"until": "06:30", "zone": "Asia/Soul"}, "parameter 'zone': there is no time zone"),
        ({"file": ""}, "parameter 'file' is empty"),
        ({"file": 3}, "parameter 'file' must be text or null"),
        ({"signal": 3}, "parameter 'signal' must be true or false or text"),
        ({"file": "a", "stable_for": "x"}, "parameter 'stable_for': 'x' is no span of time"),
        ({"signal": True, "at_most": -1}, "parameter 'at_most'"),
        ({"signal": True, "on_timeout": "stop"}, "parameter 'on_timeout' cannot be 'stop'"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, Any], sentence: str) -> None:
    assert sentence in problem_with(Wait, parameters)


def test_templates_are_not_judged() -> None:
    assert [] == Wait.problems_of({"until": "{{ inputs.at }}", "zone": "{{ inputs.zone }}"})
    assert [] == Wait.problems_of({"until": "06:30", "zone": "{{ inputs.zone }}"})
