"""Whatever goes wrong in recording, the recorded code runs as it would without."""

import contextlib
import gc
import os
import sys
from collections.abc import Iterator

import pytest

import everyrun
from everyrun.domain.events import AnyEvent
from everyrun.domain.status import Status
from everyrun.testing import HandClock, Runs
from everyrun.testing.recorded import MemoryRecorder
from everyrun.tracking import recording
from everyrun.tracking.recorder import SilentRecorder
from everyrun.tracking.settings import Settings


class Broken(MemoryRecorder):
    """Breaks the promise that every recorder makes."""

    def record(self, event: AnyEvent) -> None:
        """Fail."""
        raise OSError("no space left")


@pytest.fixture
def broken(runs: Runs) -> Iterator[Broken]:
    """Recording that always fails."""
    recorder = Broken(HandClock())
    former = recording.use(recorder)
    yield recorder
    recording.use(former)


def test_everything_works_when_recording_always_fails(broken: Broken) -> None:
    @everyrun.node(retries=1)
    def step(number: int) -> int:
        return number * 2

    @everyrun.node
    def items() -> Iterator[int]:
        yield from everyrun.progress([1, 2])

    @everyrun.workflow(tags="a")
    def work() -> int:
        everyrun.log.info("hello")
        with everyrun.execution("inner", capture_output=True) as run, run.node("block"):
            print("hello")
            run.tag("b")
            run.progress(1)
        return step(7) + sum(items())

    assert 17 == work()
    assert 17 == everyrun.submit(work).result(60)
    assert broken.swallowed > 10


def test_an_error_is_the_callers_when_recording_fails(broken: Broken) -> None:
    error = ValueError("own")

    @everyrun.workflow
    def work() -> None:
        raise error

    with pytest.raises(ValueError, match="own") as caught:
        work()

    assert error is caught.value
    assert error.__context__ is None


def test_runaway_recursion_is_told_of_whole(runs: Runs) -> None:
    @everyrun.node
    def deeper(depth: int) -> None:
        deeper(depth + 1)

    with pytest.raises(RecursionError), everyrun.execution("import"):
        deeper(0)

    nodes = runs.one("import").nodes
    assert len(nodes) > 50
    assert {Status.FAILED} == {node.status for node in nodes}
    assert Status.FAILED == runs.one("import").status
    assert runs.all() == [runs.one("import")]


def test_recursion_that_is_caught_on_the_way_is_settled_there(runs: Runs) -> None:
    @everyrun.node
    def deeper() -> None:
        deeper()

    @everyrun.node
    def careful() -> str:
        try:
            deeper()
        except RecursionError:
            return "too deep"
        return "never"

    assert "too deep" == careful()

    nodes = runs.one("careful").nodes
    assert Status.COMPLETED == nodes[0].status
    assert {Status.FAILED} == {node.status for node in nodes[1:]}


def test_recursion_inside_something_long_is_settled_at_once(runs: Runs) -> None:
    @everyrun.node
    def deeper() -> None:
        deeper()

    with everyrun.execution("server"):
        with pytest.raises(RecursionError):
            deeper()

        nodes = runs.one("server").nodes
        assert len(nodes) > 50
        assert {Status.FAILED} == {node.status for node in nodes}


def test_objects_that_cannot_be_read_can_be_passed_and_returned(runs: Runs) -> None:
    class Hostile:
        def __repr__(self) -> str:
            raise ValueError("no")

        def __eq__(self, other: object) -> bool:
            raise ValueError("no")

        __hash__ = None  # type: ignore[assignment]

    @everyrun.workflow
    def hand_back(it: Hostile) -> Hostile:
        return it

    hostile = Hostile()
    assert hostile is hand_back(hostile)
    assert Status.COMPLETED == runs.one().status


def test_when_recording_is_off_nothing_is_captured(runs: Runs) -> None:
    looked_at = []

    class Watched:
        def __repr__(self) -> str:
            looked_at.append(self)
            return "<Watched>"

    silent = SilentRecorder(Settings(enabled=False))
    former = recording.use(silent)
    try:

        @everyrun.workflow
        def work(it: Watched) -> Watched:
            everyrun.log.info("hello", it=it)
            return it

        work(Watched())
        with pytest.raises(ValueError), everyrun.execution("import") as run:  # noqa: PT011, PT012
            run.output = Watched()
            raise ValueError("no")
    finally:
        recording.use(former)

    assert [] == looked_at
    assert 0 == silent.swallowed
    assert [] == runs.events


def test_a_forked_child_begins_outside_and_settles_nothing_of_its_parent(runs: Runs) -> None:
    reader, writer = os.pipe()
    with everyrun.execution("parent", capture_output=True) as run:
        child = os.fork()
        if child == 0:  # pragma: no cover - measured in the parent
            outside = everyrun.current_execution() is None
            recorder = MemoryRecorder(HandClock())
            recording.use(recorder)
            run.__exit__(None, None, None)
            settled = len(recorder.events)
            os.write(writer, f"{outside} {settled}".encode())
            os._exit(0)
        os.waitpid(child, 0)
    os.close(writer)
    told = os.read(reader, 100).decode()
    os.close(reader)

    assert "True 0" == told
    assert Status.COMPLETED == runs.one("parent").status


def test_recording_leaves_no_cycles_behind(runs: Runs) -> None:
    @everyrun.node(retries=1, timeout=60)
    def step() -> None:
        raise ValueError

    @everyrun.workflow
    def work() -> None:
        with everyrun.execution("inner") as run, run.node("block"):
            everyrun.log.info("hello")

    def call_both() -> None:
        work()
        with contextlib.suppress(ValueError):
            step()

    call_both()
    gc.collect()
    gc.disable()
    try:
        call_both()
        found = gc.collect()
    finally:
        gc.enable()

    assert 0 == found


def test_the_stack_is_three_frames_deeper_at_most(runs: Runs) -> None:
    def depth() -> int:
        frame, count = sys._getframe(), 0
        while frame.f_back is not None:
            frame, count = frame.f_back, count + 1
        return count

    plain = depth()

    assert plain + 1 == everyrun.workflow(depth)()
    assert plain + 1 == everyrun.node(depth)()
    assert plain + 1 == everyrun.node(retries=1)(depth)()
