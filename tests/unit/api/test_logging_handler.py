"""``everyrun.Handler``: the standard library's records on record."""

import logging
from collections.abc import Iterator

import pytest

import everyrun
from everyrun.testing import Runs
from everyrun.tracking.background import in_background


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """A logger that files what it gets, of every level."""
    logger = logging.getLogger("shop.orders")
    handler = everyrun.Handler()
    logger.addHandler(handler)
    logger.setLevel(1)
    logger.propagate = False
    yield logger
    logger.removeHandler(handler)
    logger.propagate = True


def test_a_record_is_filed_under_what_runs(runs: Runs, logger: logging.Logger) -> None:
    with everyrun.execution("import") as run, run.node("load"):
        logger.info("read %d rows", 3)

    line = runs.one().lines[0]
    assert "read 3 rows" == line.message
    assert "shop.orders" == line.logger
    assert "load" == line.node
    assert line.data is None


def test_levels_are_mapped_to_ours(runs: Runs, logger: logging.Logger) -> None:
    levels = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60]
    with everyrun.execution("import"):
        for level in levels:
            logger.log(level, "x")

    expected = ["debug"] * 3 + ["info"] * 2 + ["warning"] * 2 + ["error"] * 4
    assert expected == [line.level for line in runs.one().lines]


def test_the_handlers_level_holds(runs: Runs, logger: logging.Logger) -> None:
    logger.handlers[0].setLevel("WARNING")
    with everyrun.execution("import"):
        logger.info("a")
        logger.warning("b")

    assert ["b"] == runs.one().messages
    assert logging.INFO == everyrun.Handler(level=logging.INFO).level


def test_where_nothing_runs_nothing_is_filed(runs: Runs, logger: logging.Logger) -> None:
    logger.info("nobody is there")

    assert [] == runs.events


def test_extra_fields_exceptions_and_stacks_stand_in_the_data(
    runs: Runs, logger: logging.Logger
) -> None:
    with everyrun.execution("import"):
        try:
            raise ValueError("wrong")
        except ValueError:
            logger.exception("could not", extra={"rows": 3}, stack_info=True)

    data = runs.one().lines[0].data
    assert {"rows", "exception", "stack"} == set(data)
    assert 3 == data["rows"]
    assert "ValueError" == data["exception"]["type"]
    assert "wrong" == data["exception"]["message"]
    assert "raise ValueError" in data["exception"]["traceback"]
    assert "test_logging_handler.py" in data["stack"]


def test_exc_info_without_an_exception_is_nothing(runs: Runs, logger: logging.Logger) -> None:
    with everyrun.execution("import"):
        logger.error("x", exc_info=True)

    assert runs.one().lines[0].data is None


def test_arguments_that_do_not_fit_do_not_hide_the_message(
    runs: Runs, logger: logging.Logger
) -> None:
    record = logger.makeRecord("shop", 20, "x.py", 1, "read %d rows", ("three",), None)
    with everyrun.execution("import"):
        logger.handlers[0].handle(record)

    assert ["'read %d rows' with ('three',)"] == runs.one().messages


def test_a_formatter_writes_the_line(runs: Runs, logger: logging.Logger) -> None:
    logger.handlers[0].setFormatter(logging.Formatter("%(name)s says %(message)s"))
    with everyrun.execution("import"):
        logger.info("hello")

    assert ["shop.orders says hello"] == runs.one().messages


def test_our_own_loggers_are_left_out(runs: Runs, logger: logging.Logger) -> None:
    handler = logger.handlers[0]
    with everyrun.execution("import"):
        for name in ("everyrun", "everyrun.tracking", "everyrunner"):
            handler.handle(logging.LogRecord(name, 20, "x.py", 1, name, (), None))

    assert ["everyrunner"] == runs.one().messages


def test_what_is_logged_while_shipping_is_left_out(runs: Runs, logger: logging.Logger) -> None:
    with everyrun.execution("import"), in_background():
        logger.info("POST /api/events")

    assert [] == runs.one().messages


def test_a_value_that_logs_when_it_is_captured_does_not_loop(
    runs: Runs, logger: logging.Logger
) -> None:
    looked_at = logger.makeRecord("shop", 20, "x.py", 1, "I was looked at", (), None)

    class Chatty:
        def __repr__(self) -> str:
            logger.handlers[0].handle(looked_at)
            return "<Chatty>"

        __str__ = __repr__

    record = logger.makeRecord("shop", 20, "x.py", 1, "look at %s", (Chatty(),), None)
    with everyrun.execution("import"):
        logger.handlers[0].handle(record)

    assert ["look at <Chatty>"] == runs.one().messages
