"""The gate that a fork shuts."""

import threading

import pytest

from everyrun.store import forking
from everyrun.store.forking import ForkGate
from tests.support.waiting import TIMEOUT, wait_until


class Holder:
    """Counts how often it let go."""

    let_go_of = 0

    def let_go(self) -> None:
        self.let_go_of += 1


def test_a_fork_waits_for_what_is_under_way_and_what_comes_waits_for_the_fork() -> None:
    gate, holder = ForkGate(), Holder()
    gate.watch(holder)
    is_in, may_leave, came_late = threading.Event(), threading.Event(), threading.Event()

    def use() -> None:
        with gate.in_use():
            is_in.set()
            assert may_leave.wait(TIMEOUT)

    def come_late() -> None:
        with gate.in_use():
            came_late.set()

    user, latecomer = threading.Thread(target=use), threading.Thread(target=come_late)
    forker = threading.Thread(target=gate.before_fork)
    user.start()
    assert is_in.wait(TIMEOUT)
    forker.start()
    wait_until(lambda: gate._forks, "the gate is shut")
    latecomer.start()
    assert 0 == holder.let_go_of
    may_leave.set()
    forker.join()

    assert 1 == holder.let_go_of
    assert not came_late.is_set()
    gate.after_fork_in_parent()
    assert came_late.wait(TIMEOUT)
    user.join()
    latecomer.join()


def test_what_is_in_use_may_use_more_while_a_fork_waits() -> None:
    gate = ForkGate()
    with gate.in_use():
        forker = threading.Thread(target=gate.before_fork)
        forker.start()
        wait_until(lambda: gate._forks, "the gate is shut")
        with gate.in_use():
            assert forker.is_alive()
    forker.join()


def test_a_fork_goes_on_where_it_would_wait_for_too_long(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(forking, "PATIENCE_SECONDS", 0.01)
    gate, holder = ForkGate(), Holder()
    gate.watch(holder)
    is_in, may_leave = threading.Event(), threading.Event()

    def use() -> None:
        with gate.in_use():
            is_in.set()
            assert may_leave.wait(TIMEOUT)

    user = threading.Thread(target=use)
    user.start()
    assert is_in.wait(TIMEOUT)
    gate.before_fork()
    gate.after_fork_in_parent()
    may_leave.set()
    user.join()

    assert 0 == holder.let_go_of
    assert "may wait for it in vain" in caplog.text


def test_a_child_begins_with_an_open_gate() -> None:
    gate = ForkGate()
    gate.before_fork()
    gate.after_fork_in_child()
    with gate.in_use():
        pass
