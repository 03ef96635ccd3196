"""Signals while an execution runs here."""

import os
import signal

from everyrun.cli.live.interrupts import Interrupts


def test_signals_are_counted_and_the_first_one_says_how_to_end() -> None:
    called: list[int] = []
    with Interrupts(lambda: called.append(1)) as interrupts:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        signal.getsignal(signal.SIGINT)

    assert (2, [1, 1]) == (interrupts.count, called)
    assert (128 + signal.SIGTERM, "SIGTERM") == (interrupts.exit_code, interrupts.name)


def test_without_a_signal_there_is_no_code() -> None:
    with Interrupts(lambda: None) as interrupts:
        pass

    assert (0, "") == (interrupts.exit_code, interrupts.name)


def test_what_was_there_before_is_there_again() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts(lambda: None):
        assert before is not signal.getsignal(signal.SIGINT)

    assert before is signal.getsignal(signal.SIGINT)


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupts(lambda: None):
            assert signal.SIG_IGN is signal.getsignal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
