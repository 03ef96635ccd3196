"""``everyrun list``, as a user runs it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from rich.cells import cell_len

from everyrun.domain.status import Status
from tests.acceptance.cli.conftest import Cli, Told
from tests.acceptance.cli.stories import Story, completed_invoice, failed_settlement

Record = Callable[..., Cli]


def test_a_home_without_a_ledger_says_how_to_record_the_first_run(fresh: Cli) -> None:
    answer = fresh("list")

    assert (0, "") == (answer.code, answer.out)
    assert "everyrun exec -- echo hello" in answer.err


def test_a_home_without_a_ledger_has_an_empty_list(fresh: Cli) -> None:
    answer = fresh("list", "--json")

    assert {"items": [], "next": None, "searched_to": None} == answer.json
    assert (0, "") == (answer.code, answer.err)


def test_looking_makes_no_ledger(fresh: Cli) -> None:
    fresh("list")

    assert not fresh.home.exists()


def test_executions_come_newest_first(told_on_each: Told) -> None:
    items = told_on_each.cli("list", "--json").json["items"]

    assert [
        ("environment-audit", "running"),
        ("월말 정산", "failed"),
        ("send_invoice", "completed"),
        ("nightly-import", "lost"),
    ] == [(item["workflow"], item["status"]) for item in items]


@pytest.mark.parametrize(
    ("workflows", "filters"),
    [
        (["월말 정산"], ["--failed"]),
        (["월말 정산", "nightly-import"], ["--status", "failed", "-s", "lost"]),
        (["environment-audit", "월말 정산"], ["--failed", "--running"]),
        (["nightly-import"], ["--workflow", "nightly-import", "--kind", "celery"]),
        (["월말 정산"], ["--tag", "v2"]),
        (["send_invoice"], ["--text", "INVOICE"]),
        (["월말 정산"], ["--text", "settle-2026-10"]),
        (["send_invoice"], ["--since", "90m", "--until", "30m"]),
        (["월말 정산"], ["--kind", "job", "--trigger", "schedule", "--failed"]),
        ([], ["--kind", "job", "--trigger", "api"]),
    ],
)
def test_filters_combine(told: Told, workflows: list[str], filters: list[str]) -> None:
    items = told.cli("list", "--json", *filters).json["items"]

    assert workflows == [item["workflow"] for item in items]


def test_filters_combine_on_each_database(told_on_each: Told) -> None:
    filters = ["--kind", "job", "--trigger", "schedule", "--failed", "--tag", "v2"]

    items = told_on_each.cli("list", "--json", *filters).json["items"]

    assert ["월말 정산"] == [item["workflow"] for item in items]


def test_pages_follow_each_other_by_the_command_that_is_printed(record: Record) -> None:
    cli = record(*(completed_invoice(age) for age in (300, 200, 100)))

    first = cli("list", "-n", "2")
    command = first.err.strip().removeprefix("More: everyrun ").split()
    second = cli(*command)

    assert (3, 2) == (len(first.lines), len(second.lines))
    assert "" == second.err


def test_a_pipe_gets_plain_rows_with_whole_ids_and_times(told: Told) -> None:
    answer = told.cli("list", "--failed")
    row = answer.lines[1].split("\t")

    began = datetime.fromtimestamp(told.settlement.began / 1e6, UTC)
    assert [
        told.settlement.id,
        "failed",
        "월말 정산",
        "job",
        "schedule",
        began.isoformat(timespec="milliseconds"),
        "184.200",
        "7",
        "1",
        "nightly,v2",
        "ValueError: row 17 has no amount",
    ] == row
    assert "\x1b" not in answer.out


@pytest.mark.parametrize("columns", [60, 80, 140, 200])
def test_no_line_is_wider_than_the_terminal(record: Record, columns: int) -> None:
    cli = record(failed_settlement(), completed_invoice())

    answer = cli.terminal("list", columns=columns)

    assert 3 == len(answer.lines)
    assert all(cell_len(line) <= columns for line in answer.lines)


def test_a_wide_terminal_shows_why_it_failed(record: Record) -> None:
    answer = record(failed_settlement()).terminal("list", columns=200)

    assert "ValueError: row 17 has no amount" in answer.out
    assert "nightly, v2" in answer.out


def test_a_status_is_colour_and_icon_and_word(record: Record) -> None:
    answer = record(failed_settlement()).terminal("list", raw=True)

    assert "\x1b[1;31m✘ failed\x1b[0m" in answer.out


def test_no_color_is_respected(record: Record) -> None:
    answer = record(failed_settlement()).terminal("list", raw=True, NO_COLOR="1")

    assert "✘ failed" in answer.out
    assert "\x1b[3" not in answer.out.replace("\x1b[3m", "")


def test_times_are_absolute_when_asked_for(record: Record) -> None:
    began = datetime.now(UTC) - timedelta(seconds=900)

    answer = record(failed_settlement()).terminal("list", "--utc", columns=100)

    assert "STARTED (UTC)" in answer.out
    assert f"{began:%Y-%m-%d %H:}" in answer.out


def test_korean_is_spoken_where_it_is_asked_for(record: Record) -> None:
    answer = record(failed_settlement()).terminal("list", LANG="ko_KR.UTF-8")

    assert ["상태", "ID", "워크플로우", "시작", "소요", "노드"] == answer.lines[0].split()
    assert "✘ 실패" in answer.lines[1]
    assert "15분 전" in answer.lines[1]


def test_a_name_cannot_drive_the_terminal(record: Record) -> None:
    story = Story("evil\x1b]0;title\x07\nname").start().finish(1, Status.COMPLETED)

    answer = record(story).terminal("list", raw=True, columns=100)

    assert "evil␛]0;title␇⏎name" in answer.out
    assert "\x1b]0" not in answer.out


@pytest.mark.parametrize(
    ("complaint", "arguments"),
    [
        ("soon is no moment", ["--since", "soon"]),
        ("'odd' is not one of", ["--status", "odd"]),
        ("No such option: --colour", ["--colour"]),
        ("cursor was not made by this list", ["--cursor", "abc"]),
        ("give either --utc or --local", ["--utc", "--local"]),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    told: Told, complaint: str, arguments: list[str]
) -> None:
    answer = told.cli("list", *arguments)

    assert (2, "", 1) == (answer.code, answer.out, len(answer.err.splitlines()))
    assert answer.err.startswith("error: ")
    assert complaint in answer.err
