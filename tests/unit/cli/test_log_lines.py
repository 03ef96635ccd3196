"""Log lines as text."""

from datetime import UTC, datetime
from typing import Any

import pytest

from everyrun.cli.log_lines import LineWriter, data_text
from everyrun.domain.views.logs import LogLine


def line(message: str, **given: Any) -> LogLine:
    values: dict[str, Any] = {
        "id": "0192f3a4-5b6c-7d8e-8a00-000000000001",
        "position": 1,
        "level": "info",
        "timestamp": datetime(2026, 11, 20, 9, 30, 0, 123_456, tzinfo=UTC),
        "message": message,
        "node_execution_id": None,
        "node": None,
        "attempt": 1,
        "logger": None,
        "data": None,
    }
    return LogLine(**values | given)


def text(logged: LogLine, *, timestamps: bool = False, coloured: bool = False) -> str:
    writer = LineWriter(UTC, timestamps=timestamps, as_json=False)
    writer.coloured = coloured
    return writer.text(logged)


def test_a_line_names_its_level_and_its_node() -> None:
    assert "warning  [load]  odd row" == text(line("odd row", level="warning", node="load"))


def test_a_timestamp_has_milliseconds() -> None:
    assert "2026-11-20 09:30:00.123  info     done" == text(line("done"), timestamps=True)


def test_further_lines_of_a_message_are_indented() -> None:
    assert "info     first\n    second" == text(line("first\nsecond\n"))


def test_a_pipe_gets_no_escape_sequence() -> None:
    message = "\x1b[1;32mgreen\x1b[0m \x1b]0;title\x07\x1b[2Jclear \x1bMup"

    assert "info     green clear up" == text(line(message))


def test_a_terminal_gets_colours_and_nothing_that_moves_it() -> None:
    message = "\x1b[1;32mgreen\x1b[0m\x1b[2J\x07"

    assert "info     \x1b[1;32mgreen\x1b[0m␇\x1b[0m" == text(line(message), coloured=True)


@pytest.mark.parametrize(
    ("said", "data"),
    [
        ("rows=3", {"rows": 3}),
        ('name=kim path="a b" empty=""', {"name": "kim", "path": "a b", "empty": ""}),
        ('nested={"a":[1,null]}', {"nested": {"a": [1, None]}}),
        ("[1,2]", [1, 2]),
        ("0", 0),
        ('"\\u001b[2J"', "\x1b[2J"),
    ],
)
def test_data_is_said_on_one_line(said: str, data: Any) -> None:
    assert said == data_text(data)
