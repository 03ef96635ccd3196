"""A command that is stopped, or whose engine is killed, leaves nothing running."""

import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from everyrun.nodes.base import NodeFailed
from everyrun.nodes.commands import ending
from everyrun.nodes.context import NodeSettings
from everyrun.nodes.shell import Shell
from everyrun.testing.node_contexts import Line, NodeContext, node_context
from tests.integration.nodes import programs
from tests.support.processes import children_of, is_running, processes_with
from tests.support.programs import start
from tests.support.running_nodes import run_node
from tests.support.waiting import wait_until

PYTHON = sys.executable
USUAL_GRACE = 0.5


@pytest.fixture
def context(tmp_path: Path) -> NodeContext:
    return node_context(tmp_path, settings=NodeSettings(cancel_grace=USUAL_GRACE))


@pytest.fixture
def sign() -> Iterator[str]:
    """Seconds to sleep that nobody else sleeps: our processes are found by that too."""
    seconds = f"1000.{secrets.randbelow(10**12):012}"
    yield seconds
    for process in processes_with(seconds):
        os.kill(process, signal.SIGKILL)


class _Stopped:
    """Runs a command that says ``ready``, stops it then, and keeps how it ended."""

    def __init__(
        self, context: NodeContext, node: Shell, then: Callable[[Line], object] = lambda _: None
    ) -> None:
        ready = threading.Event()

        def listen(line: Line) -> None:
            if line.message == "ready":
                ready.set()
            then(line)

        def run() -> None:
            with pytest.raises(NodeFailed) as caught:
                run_node(node, context)
            self.failure = caught.value

        context.on_line = listen
        thread = threading.Thread(target=run)
        thread.start()
        assert ready.wait(20)
        asked = time.monotonic()
        context.stop()
        thread.join(20)
        self.seconds = time.monotonic() - asked


def test_a_command_that_obeys_ends_at_once(context: NodeContext, sign: str) -> None:
    command = f"trap 'echo tidied; exit 0' TERM; echo ready; sleep {sign} & wait"
    stopped = _Stopped(context, Shell(command=command, grace=30))

    assert "stopped" == str(stopped.failure)
    assert "ready\ntidied" == stopped.failure.output["stdout"]
    assert stopped.seconds < 1
    assert [] == processes_with(sign)


def test_a_command_that_does_not_listen_is_killed(context: NodeContext, sign: str) -> None:
    command = f"trap '' TERM; echo ready; while :; do sleep {sign}; done"
    stopped = _Stopped(context, Shell(command=command))

    assert USUAL_GRACE <= stopped.seconds < 3
    assert 137 == stopped.failure.output["exit_code"]
    assert [] == processes_with(sign)


def test_the_grace_is_the_nodes_own(context: NodeContext, sign: str) -> None:
    command = f"trap '' TERM; echo ready; sleep {sign}; sleep {sign}"
    stopped = _Stopped(context, Shell(command=command, grace=0))

    assert stopped.seconds < USUAL_GRACE
    assert [] == processes_with(sign)


def test_one_that_is_asked_twice_is_killed_at_once(context: NodeContext, sign: str) -> None:
    def ask_again(line: Line) -> None:
        if line.message == "asked":
            context.settings = NodeSettings(cancel_grace=0)

    command = f"trap 'echo asked' TERM; echo ready; while :; do sleep {sign} & wait; done"
    stopped = _Stopped(context, Shell(command=command, grace=1000), ask_again)

    assert stopped.seconds < 2
    assert [] == processes_with(sign)


def test_a_command_that_stands_still_ends(context: NodeContext, sign: str) -> None:
    command = f"sleep {sign} & kill -STOP $!; echo ready; wait"
    stopped = _Stopped(context, Shell(command=command, grace=30))

    assert stopped.seconds < 1
    assert [] == processes_with(sign)


def test_what_has_left_its_group_is_found(context: NodeContext, sign: str) -> None:
    command = f"setsid sleep {sign} & echo ready; wait"
    _Stopped(context, Shell(command=command))

    assert [] == processes_with(sign)


def test_a_daemon_is_found(context: NodeContext, sign: str) -> None:
    command = f"{PYTHON} -c '{programs.ESCAPES}' {sign} & sleep 0.3; echo ready; wait"
    _Stopped(context, Shell(command=command))

    assert [] == processes_with(sign)


def test_what_has_another_environment_is_found(context: NodeContext, sign: str) -> None:
    command = f"env -i /usr/bin/setsid -w /bin/sleep {sign} & echo ready; wait"
    _Stopped(context, Shell(command=command))

    assert [] == processes_with(sign)


def test_what_forks_while_it_is_ended_is_found(context: NodeContext, sign: str) -> None:
    command = (
        f"trap '' TERM; echo ready; i=0; while [ $i -lt 300 ]; do "
        f"setsid sleep {sign} & i=$((i+1)); done; wait"
    )
    _Stopped(context, Shell(command=command))

    assert [] == processes_with(sign)


def test_one_that_floods_us_with_output_ends(context: NodeContext, sign: str) -> None:
    command = f"trap '' TERM; echo ready; sleep {sign} & exec cat /dev/zero"
    stopped = _Stopped(context, Shell(command=command, log=True))

    assert stopped.seconds < 2
    assert [] == processes_with(sign)


def test_one_that_was_to_stop_before_it_began_never_begins(
    context: NodeContext, tmp_path: Path
) -> None:
    context.stop()
    with pytest.raises(NodeFailed, match="stopped before it began"):
        Shell(command="touch begun").run(context)

    assert not (tmp_path / "begun").exists()


def test_systems_without_proc_are_asked_by_ps(
    context: NodeContext, sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ending, "_PROC", "/proc/none")
    command = f"trap '' TERM; echo ready; sleep {sign}; sleep {sign}"
    _Stopped(context, Shell(command=command))

    assert [] == processes_with(sign)


@contextmanager
def _engine(sign: str, how: str = "run", processes: int = 5) -> Iterator["Popen[str]"]:
    """An engine with a command, whose processes carry ``sign``; killed at the block's end."""
    with start(programs.__name__, "engine", sign, how) as engine:
        try:
            wait_until(lambda: processes == len(processes_with(sign)), "the command runs")
            yield engine
        finally:
            engine.kill()


def test_nothing_outlives_an_engine_that_was_killed(sign: str) -> None:
    with _engine(sign):
        pass

    wait_until(lambda: not processes_with(sign), "the guard ends all")


def test_nothing_outlives_an_engine_whose_pipe_is_held_open(sign: str) -> None:
    with _engine(sign, "hold", processes=6):
        pass

    wait_until(lambda: 1 == len(processes_with(sign)), "the guard ends all but the holder")


def test_a_guard_that_was_killed_is_replaced(sign: str) -> None:
    with _engine(sign, "replace"):
        pass

    wait_until(lambda: not processes_with(sign), "the new guard ends all")


def test_the_guard_ends_with_its_engine(sign: str) -> None:
    with _engine(sign) as engine:
        guard = _guard_of(engine.pid)

    wait_until(lambda: not is_running(guard), "the guard ends")


def test_a_signal_to_the_terminal_does_not_reach_the_guard(sign: str) -> None:
    with _engine(sign) as engine:
        guard = _guard_of(engine.pid)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(guard, number)

        wait_until(lambda: guard == os.getsid(guard), "the guard has a session of its own")
    wait_until(lambda: not processes_with(sign), "the guard ends all")


def _guard_of(engine: int) -> int:
    (guard,) = set(processes_with(ending.__file__)) & set(children_of(engine))
    return guard
