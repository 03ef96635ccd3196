"""``everyrun.log``."""

import threading

import pytest

import everyrun
from everyrun.domain.status import LogLevel
from everyrun.testing import HandClock, Runs


def test_each_level_has_its_own_word(runs: Runs) -> None:
    with everyrun.execution("import"):
        everyrun.log.debug("a")
        everyrun.log.info("b")
        everyrun.log.warning("c")
        everyrun.log.error("d")

    expected = [
        (LogLevel.DEBUG, "a"),
        (LogLevel.INFO, "b"),
        (LogLevel.WARNING, "c"),
        (LogLevel.ERROR, "d"),
    ]
    assert expected == [(line.level, line.message) for line in runs.one().lines]


def test_a_line_says_when_it_was_written(runs: Runs, clock: HandClock) -> None:
    with everyrun.execution("import"):
        began = clock.now()
        clock.forward(seconds=2)
        everyrun.log.info("later")

    assert began + 2_000_000 == runs.one().lines[0].at


def test_data_stands_beside_the_message(runs: Runs) -> None:
    with everyrun.execution("import"):
        everyrun.log.info("read", rows=3, message="x", level="y")
        everyrun.log.info("nothing more")

    first, second = runs.one().lines
    assert {"rows": 3, "message": "x", "level": "y"} == first.data
    assert second.data is None


def test_a_line_belongs_to_the_innermost_node(runs: Runs) -> None:
    with everyrun.execution("import") as run:
        everyrun.log.info("a")
        with run.node("load") as step:
            everyrun.log.info("b")
            run.log.info("c")
        step.log.info("d")

    recorded = runs.one()
    node = recorded.node("load").id
    assert [None, node, None, node] == [line.node_execution_id for line in recorded.lines]
    assert [None, "load", None, "load"] == [line.node for line in recorded.lines]


def test_a_line_where_nothing_runs_is_not_recorded(runs: Runs) -> None:
    everyrun.log.info("nobody is there")

    assert [] == runs.events


def test_the_exception_that_is_handled_stands_in_the_data(runs: Runs) -> None:
    with everyrun.execution("import"):
        try:
            raise ValueError("wrong")
        except ValueError:
            everyrun.log.exception("could not read", path="a.csv")
        everyrun.log.exception("no exception here")

    first, second = runs.one().lines
    assert LogLevel.ERROR == first.level == second.level
    assert "a.csv" == first.data["path"]
    assert "ValueError" == first.data["exception"]["type"]
    assert "wrong" == first.data["exception"]["message"]
    assert 'raise ValueError("wrong")' in first.data["exception"]["traceback"]
    assert second.data is None


def test_a_message_can_be_any_object(runs: Runs) -> None:
    with everyrun.execution("import"):
        everyrun.log.info(ValueError("no"))
        everyrun.log.info(7)

    assert ["no", "7"] == runs.one().messages


def test_secrets_are_hidden_in_message_and_data(runs: Runs) -> None:
    everyrun.register_secret("open-sesame-1")
    with everyrun.execution("import"):
        everyrun.log.info("it is open-sesame-1", words=["open-sesame-1"], password="x")

    line = runs.one().lines[0]
    assert "it is ***" == line.message
    assert {"words": ["***"], "password": "***"} == line.data


def test_a_line_that_cannot_be_read_hurts_nobody() -> None:
    class Hostile:
        def __str__(self) -> str:
            raise ValueError("no text")

    with (  # noqa: PT012
        pytest.raises(AssertionError, match="1 things could not be recorded"),
        everyrun.testing.recorded() as runs,
        everyrun.execution("import"),
    ):
        everyrun.log.info(Hostile())
        everyrun.log.info("goes on")

    assert ["goes on"] == runs.one().messages


def test_a_handle_writes_from_any_thread(runs: Runs) -> None:
    with everyrun.execution("import") as run:
        thread = threading.Thread(target=run.log.info, args=("from a thread",))
        thread.start()
        thread.join()

    assert ["from a thread"] == runs.one().messages
