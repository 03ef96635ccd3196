"""Signals that come while a server is asked to run something, and while it runs."""

import signal

import pytest

from everyrun.cli.ledgers.there.signals import Watching


def test_ctrl_c_before_the_server_answered_is_passed_on_once_it_has() -> None:
    asked: list[bool] = []
    with Watching() as watching:
        signal.raise_signal(signal.SIGINT)
        assert not watching.leaves()
        watching.follow(asked.append)

        assert not watching.leaves()
        assert [False] == asked
        signal.raise_signal(signal.SIGINT)
        assert not watching.leaves()
        assert [False, True] == asked
        signal.raise_signal(signal.SIGINT)
        assert watching.leaves()

    assert [False, True] == asked
    assert 128 + signal.SIGINT == watching.exit_code


def test_a_second_ctrl_c_does_not_wait_for_a_server_that_does_not_answer() -> None:
    with Watching():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_who_is_told_to_end_before_the_server_answered_leaves_what_runs() -> None:
    asked: list[bool] = []
    with Watching() as watching:
        signal.raise_signal(signal.SIGTERM)
        watching.follow(asked.append)

        assert watching.leaves()

    assert [] == asked
    assert 128 + signal.SIGTERM == watching.exit_code
