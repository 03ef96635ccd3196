"""A run told without a terminal."""

from datetime import UTC

import pytest

from everyrun.cli import messages
from everyrun.cli.live.change_lines import change_lines, waiting_line
from everyrun.domain import events
from everyrun.domain.status import Status
from tests.unit.cli.live.telling import Teller, moment


def lines(told: Teller) -> list[str]:
    return list(change_lines(told.tree, told.told, UTC))


def test_each_change_is_a_line() -> None:
    told = Teller("fetch", "parse").tell(events.ExecutionStarted, 0)
    told.begin("fetch", 1).retry("fetch", 2.5, attempt=1, began=1, error="refused")
    told.begin("fetch", 3, attempt=2).end("fetch", 4, began=1, attempt=2)
    told.end("parse", 4, Status.SKIPPED, error_message="not needed")

    assert [
        "09:30:01.000  ▶ running    fetch",
        "09:30:02.500  ↻ retrying   fetch  attempt 1  ConnectError: refused",
        "09:30:03.000  ▶ running    fetch",
        "09:30:04.000  ✔ completed  fetch  3.0 s",
        "09:30:04.000  ↷ skipped    parse  not needed",
    ] == lines(told)


def test_turns_and_nodes_of_other_workflows_are_named_in_full() -> None:
    told = Teller("each", "child")
    told.begin("each.check", 1, iteration="3")
    told.begin("load", 2, execution_id="inner", workflow="loading")

    assert [
        "09:30:01.000  ▶ running    each.check[3]",
        "09:30:02.000  ▶ running    loading: load",
    ] == lines(told)


def test_a_node_that_is_lost_says_why() -> None:
    told = Teller("fetch").tell(
        events.NodeLost, 5, node="fetch", node_execution_id="fetch", reason="its engine is gone"
    )

    assert ["09:30:05.000  ? lost       fetch  its engine is gone"] == lines(told)


def test_nothing_in_a_name_drives_the_terminal() -> None:
    (line,) = lines(Teller().begin("a\x1b[2Jb\nc", 0))

    assert line.endswith("a␛[2Jb⏎c")


def test_words_of_two_cells_keep_the_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_in_korean", lambda: True)

    assert ["09:30:01.000  ▶ 실행 중    fetch"] == lines(Teller().begin("fetch", 1))


def test_what_it_waits_for_is_a_line() -> None:
    assert "09:30:01.000  ◌ pending    waits for 2 of the same workflow" == waiting_line(
        "waits for 2 of the same workflow", moment(1), UTC
    )
