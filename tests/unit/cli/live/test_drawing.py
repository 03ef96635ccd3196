"""A run as lines that fit."""

from typing import Any

import pytest

from everyrun.cli.live.bars import progress_bar
from everyrun.cli.live.drawing import LiveLines, frame
from everyrun.cli.node_lines import chosen_rows
from everyrun.domain import events
from everyrun.domain.status import Status
from tests.unit.cli.live.telling import Teller, moment


def report() -> Teller:
    told = Teller("fetch", "parse", "each", "send").tell(events.ExecutionStarted, 0)
    told.begin("fetch", 0).retry("fetch", 1, attempt=1, began=0, error="refused")
    told.begin("fetch", 2, attempt=2).end("fetch", 3, began=2, attempt=2)
    told.begin("parse", 3)
    told.tell(
        events.LineLogged,
        3.5,
        id="1",
        message="row 7\nis odd",
        node="parse",
        node_execution_id="parse",
    )
    told.fail("parse", 4, "no amount", began=3)
    told.begin("each", 3)
    for turn in range(20):
        loop: Any = {"iteration": str(turn), "parent_node_execution_id": "each"}
        told.begin("each.check", 3 + turn * 0.1, **loop)
        if turn < 18:
            told.end("each.check", 3.5 + turn * 0.1, began=3 + turn * 0.1, **loop)
    told.tell(
        events.NodeProgressed,
        5,
        node="each",
        node_execution_id="each",
        current=18.0,
        total=20.0,
    )
    return told


def drawn(told: Teller, width: int = 80, height: int = 40, at: float = 5.0) -> list[str]:
    return [line.plain for line in frame(told.tree, moment(at), width, height, "Ctrl-C cancels")]


def test_the_heading_says_how_far_it_is() -> None:
    heading = drawn(report())[0]

    assert heading.endswith("20/24  ▶ 3  ✔ 19  ✘ 1  5.0 s")
    assert " report  " in heading


def test_every_node_is_drawn_where_there_is_room() -> None:
    lines = drawn(report(), height=60)

    assert 20 == sum("each.check[" in line for line in lines)
    assert any(line.startswith("├─ ✔ fetch ×2") for line in lines)
    assert any("✘ attempt 1" in line and "ConnectError: refused" in line for line in lines)
    assert ["└─", "◌", "send", "–"] == lines[-2].split()
    assert "Ctrl-C cancels" == lines[-1]


def test_a_failed_node_has_its_error_and_its_last_log_lines_below_it() -> None:
    lines = drawn(report())
    place = next(number for number, line in enumerate(lines) if "✘ parse" in line)

    assert [
        "│    ValueError: no amount",
        "│    │ row 7",
        "│    │ is odd",
    ] == lines[place + 1 : place + 4]


def test_a_node_that_says_how_far_it_is_has_a_bar() -> None:
    lines = drawn(report())
    place = next(number for number, line in enumerate(lines) if " each  " in line)

    assert "│    ━━━━━━━━━━━━━━━━━━━━━─── 90%  18 / 20" == lines[place + 1]


@pytest.mark.parametrize("height", [4, 8, 12, 16, 24])
@pytest.mark.parametrize("width", [30, 80, 140])
def test_a_frame_fits_the_terminal(width: int, height: int) -> None:
    lines = frame(report().tree, moment(5), width, height, "Ctrl-C cancels")

    assert len(lines) <= height
    assert max(line.cell_len for line in lines) <= width


def test_in_a_small_terminal_what_runs_is_drawn_and_the_rest_is_counted() -> None:
    lines = drawn(report(), height=12)

    assert any("each.check[18]" in line for line in lines)
    assert any("each.check[19]" in line for line in lines)
    assert any("… 18 more (18 completed)" in line for line in lines)


def test_a_run_that_waits_says_for_what() -> None:
    told = Teller("fetch")
    told.tree.waits_for = "waits for 1 of the same workflow"

    assert drawn(told)[0].endswith("waits for 1 of the same workflow")


def test_when_it_has_ended_there_are_no_spinners() -> None:
    told = report()
    for turn in (18, 19):
        told.end("each.check", 6, iteration=str(turn), parent_node_execution_id="each")
    told.end("each", 6, began=3).end("send", 6, Status.SKIPPED, error_message="parse failed")
    told.tell(events.ExecutionFinished, 6, status=Status.FAILED)
    rows, hidden = chosen_rows(told.tree.nodes, told.tree.attempts, "all", everything=False)
    lines = [line.plain for line in LiveLines(told.tree, moment(6), 80).draw(rows)]

    assert 0 == hidden
    assert not any(sign in line for sign in "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏" for line in lines)
    assert "     parse failed" == lines[-1]


@pytest.mark.parametrize(
    ("done", "share"),
    [(0, 0.0), (1, 0.001), (5, 0.5), (9, 0.999), (10, 1.0), (10, 7.0), (0, -1.0)],
)
def test_a_bar_is_full_only_when_all_is_done(done: int, share: float) -> None:
    assert ("━" * done, "─" * (10 - done)) == progress_bar(share, 10)
