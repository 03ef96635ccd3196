"""``everyrun show``, as a user runs it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from tests.acceptance.cli.conftest import Cli, Told
from tests.acceptance.cli.stories import failed_settlement, large_loop

Record = Callable[..., Cli]


def test_an_execution_is_shown_with_its_tree(told_on_each: Told) -> None:
    answer = told_on_each.cli("show", told_on_each.settlement.id)
    tree = answer.out.partition("\n\n")[2]

    assert (0, "") == (answer.code, answer.err)
    assert [
        "├─ ✔ load              1.3 s",
        "├─ ✔ check            38.7 s",
        "│  ├─ ✔ row[0]         8.0 s",
        "│  ├─ ✔ row[1]         9.0 s",
        "│  ├─ ✔ row[2]        10.0 s",
        "│  └─ ✔ row[3]        11.0 s",
        "└─ ✘ report ×3      2 m 24 s ▲1",
        "      ✘ attempt 1      3.0 s     TimeoutError: no answer after 3 s",
        "      ✘ attempt 2     20.0 s     TimeoutError: no answer after 20 s",
        "     ValueError: row 17 has no amount",
    ] == tree.splitlines()


def test_the_header_says_what_when_where_and_why(told: Told) -> None:
    answer = told.cli("show", "settle-2026-10", "--utc")
    header = answer.out.partition("\n\n")[0].splitlines()
    fields = dict(line.strip().split("  ", 1) for line in header[1:-1])

    assert "✘ failed  월말 정산" == header[0]
    assert told.settlement.id == fields["id"].strip()
    assert "settle-2026-10" == fields["external id"].strip()
    assert "schedule, by kim" == fields["trigger"].strip()
    assert "nightly, v2" == fields["tags"].strip()
    assert "settle.py (pid 4711) on db1" == fields["process"].strip()
    assert "3 m 04 s" == fields["duration"].strip()
    assert "7  ✔ 6 completed  ✘ 1 failed" == fields["nodes"].strip()
    assert '{"sheet":"2026-10","strict":true}' == fields["input"].strip()
    assert "ValueError: row 17 has no amount" == fields["error"].strip()
    began = datetime.fromtimestamp(told.settlement.began / 1e6, UTC)
    assert fields["started"].strip().startswith(f"{began:%Y-%m-%d %H:%M:%S} UTC  (")


@pytest.mark.parametrize("length", [13, 30])
def test_any_unique_beginning_of_an_id_will_do(told_on_each: Told, length: int) -> None:
    answer = told_on_each.cli("show", told_on_each.invoice.id[:length], "--json")

    assert told_on_each.invoice.id == answer.json["id"]


def test_a_beginning_that_several_share_is_exit_code_4(told: Told) -> None:
    answer = told.cli("show", told.invoice.id[:4])

    assert (4, "") == (answer.code, answer.out)
    assert told.invoice.id in answer.err


@pytest.mark.parametrize("text", ["ffffffff", "'; DROP TABLE x"])
def test_an_unknown_id_is_exit_code_3(told_on_each: Told, text: str) -> None:
    answer = told_on_each.cli("show", text)

    assert (3, "") == (answer.code, answer.out)
    assert f"error: nothing on record has the id {text}; `everyrun list`" in answer.err


def test_the_json_document_is_the_whole_execution(told: Told) -> None:
    shown = told.cli("show", "settle-2026-10", "--json").json

    assert ("월말 정산", "failed", 7) == (
        shown["workflow"],
        shown["status"],
        len(shown["nodes"]),
    )
    assert shown["error_traceback"].startswith("Traceback")
    assert [
        (1, "TimeoutError: no answer after 3 s"),
        (2, "TimeoutError: no answer after 20 s"),
    ] == [(attempt["attempt"], attempt["error"]) for attempt in shown["earlier_attempts"]]


def test_a_node_is_shown_with_payloads_attempts_and_tracebacks(told_on_each: Told) -> None:
    answer = told_on_each.cli("show", "settle-2026-10", "--node", "report")

    assert answer.out.startswith("✘ failed  report\n")
    assert '"page": 3' in answer.out
    assert ["Attempt 1", "Attempt 2", "Attempt 3"] == [
        line for line in answer.lines if line.startswith("Attempt")
    ]
    assert 3 == answer.out.count("Traceback (most recent call last)")


def test_a_node_is_found_by_its_iteration_and_by_its_id(told: Told) -> None:
    row = told.settlement.nodes["row[2]"]

    found = [
        told.cli("show", "settle-2026-10", "--json", "--node", text).json["id"]
        for text in ("row[2]", row)
    ]

    assert [row, row] == found


def test_a_key_that_several_nodes_have_is_exit_code_4(told: Told) -> None:
    answer = told.cli("show", "settle-2026-10", "--node", "row")

    assert 4 == answer.code
    assert "row[0], row[1], row[2], row[3]; give one of these" in answer.err


def test_an_unknown_node_is_exit_code_3(told: Told) -> None:
    answer = told.cli("show", "settle-2026-10", "--node", "nothing")

    assert 3 == answer.code
    assert "has no node nothing" in answer.err


def test_payloads_are_printed_alone(told: Told) -> None:
    assert {"sheet": "2026-10", "strict": True} == told.cli(
        "show", "settle-2026-10", "--input"
    ).json
    assert {"sent": True} == told.cli("show", told.invoice.id, "--output").json
    assert {"input": {"number": 7}, "output": {"sent": True}} == told.cli(
        "show", told.invoice.id, "--input", "--output"
    ).json


def test_only_what_went_wrong_is_drawn_when_asked_for(told: Told) -> None:
    tree = told.cli("show", "settle-2026-10", "--nodes", "failed").out.partition("\n\n")[2]

    assert "└─ ✘ report ×3" == tree.splitlines()[0][:14]
    assert "load" not in tree


def test_an_execution_without_failures_says_so(told: Told) -> None:
    answer = told.cli("show", told.invoice.id, "--nodes", "failed")

    assert "No node failed." == answer.lines[-1]


def test_the_slowest_nodes_are_listed_slowest_first(told: Told) -> None:
    tree = told.cli("show", "settle-2026-10", "--nodes", "slowest").out.partition("\n\n")[2]

    assert ["report", "row[3]", "row[2]", "row[1]", "row[0]", "load"] == [
        line.split()[1] for line in tree.splitlines() if line[:1] in "✔✘"
    ]


def test_a_running_execution_says_how_far_it_is(told: Told) -> None:
    answer = told.cli("show", told.audit.id)

    assert answer.out.startswith("▶ running  environment-audit\n")
    assert "100 / 300 (33%)" in answer.out
    assert "so far" in answer.out


def test_a_lost_execution_says_why_it_is_taken_for_lost(told: Told) -> None:
    answer = told.cli("show", told.lost.id)

    assert "  lost     process 99 on w1 ended without a report" in answer.lines
    assert "└─ ? store          –" in answer.lines


def test_very_many_nodes_are_summarised(record: Record) -> None:
    story = large_loop(600)
    cli = record(story)

    lines = cli.terminal("show", story.id, columns=100).lines

    assert len(lines) < 60
    assert "   ├─ ✘ turn[200]" in [line[:17] for line in lines]
    assert "   ├─ ✘ turn[300]" in [line[:17] for line in lines]
    assert any("turn[591]" in line and "50.0 s ▲1" in line for line in lines)
    assert any("more (" in line and "completed)" in line for line in lines)
    assert any("of 601 nodes not shown; --all shows every one" in line for line in lines)


def test_all_nodes_are_drawn_when_asked_for(record: Record) -> None:
    story = large_loop(600)

    answer = record(story).terminal("show", story.id, "--all")

    assert 600 == sum("turn[" in line and "show" not in line for line in answer.lines)


@pytest.mark.parametrize("columns", [80, 140])
def test_no_line_is_wider_than_the_terminal(record: Record, columns: int) -> None:
    cli = record(failed_settlement())

    answer = cli.terminal("show", "settle-2026-10", columns=columns)
    view = answer.out.partition("Tracebacks:")[0]

    assert all(cell_len(line) <= columns for line in view.splitlines())


def test_a_wide_terminal_shows_when_each_node_ran(record: Record) -> None:
    answer = record(failed_settlement()).terminal("show", "settle-2026-10", columns=140)

    assert any("report ×3" in line and line.rstrip().endswith("▉") for line in answer.lines)


def test_a_script_can_ask_whether_it_failed(told: Told) -> None:
    codes = [
        told.cli("show", story.id, "--exit-status", "--json").code
        for story in (told.settlement, told.lost, told.invoice, told.audit)
    ]

    assert [1, 1, 0, 0] == codes
