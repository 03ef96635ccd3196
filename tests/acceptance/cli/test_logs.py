"""``everyrun logs``, as a user runs it."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from everyrun.domain.status import LogLevel, Status
from tests.acceptance.cli.conftest import Cli, Told
from tests.acceptance.cli.stories import Story, long_log, write
from tests.support.postgresql_server import PostgresqlServer
from tests.support.warm_processes import WarmProcesses

Record = Callable[..., Cli]

SETTLEMENT = [
    'info     [load]  reading the sheet  path="/data/a b.xlsx" rows=17',
    "warning  [load]  row 17 looks odd",
    "error    [report]  no amount in row 17",
    "    sheet 2026-10",
    "info     giving up",
]


def test_lines_come_in_the_order_they_were_logged(told_on_each: Told) -> None:
    answer = told_on_each.cli("logs", "settle-2026-10")

    assert (0, SETTLEMENT, "") == (answer.code, answer.lines, answer.err)


def test_a_log_opens_at_its_tail(record: Record) -> None:
    story = long_log(250)

    answer = record(story).terminal("logs", story.id)

    assert "Only the last 100 lines; --all shows every one." == answer.lines[0]
    assert ["info     line 151", "info     line 250"] == [answer.lines[1], answer.lines[-1]]


def test_the_number_of_last_lines_can_be_chosen(record: Record) -> None:
    story = long_log(20)

    assert ["info     line 19", "info     line 20"] == record(story)(
        "logs", story.id, "-n", "2"
    ).lines


def test_every_line_is_shown_when_asked_for(record: Record) -> None:
    story = long_log(1_250)

    answer = record(story)("logs", story.id, "--all")

    assert [f"info     line {number}" for number in range(1, 1_251)] == answer.lines


def test_a_level_brings_the_graver_ones_along(told: Told) -> None:
    answer = told.cli("logs", "settle-2026-10", "--level", "warning")

    assert SETTLEMENT[1:4] == answer.lines


def test_the_lines_of_one_node(told: Told) -> None:
    assert SETTLEMENT[:2] == told.cli("logs", "settle-2026-10", "--node", "load").lines


def test_json_is_one_document_a_line(told: Told) -> None:
    lines = [json.loads(line) for line in told.cli("logs", "settle-2026-10", "--json").lines]

    assert [1, 2, 3, 4] == [line["position"] for line in lines]
    assert ("reading the sheet", {"rows": 17, "path": "/data/a b.xlsx"}, "load") == (
        lines[0]["message"],
        lines[0]["data"],
        lines[0]["node"],
    )


def test_timestamps_are_those_of_the_readers_zone(told: Told) -> None:
    in_seoul = told.cli("logs", "settle-2026-10", "-t", TZ="Asia/Seoul").lines[0][:23]
    in_utc = told.cli("logs", "settle-2026-10", "-t", "--utc", TZ="Asia/Seoul").lines[0][:23]

    assert (9, in_utc[-10:]) == (
        (int(in_seoul[11:13]) - int(in_utc[11:13])) % 24,
        in_seoul[-10:],
    )


def test_nothing_logged_says_so(told: Told) -> None:
    answer = told.cli.terminal("logs", told.invoice.id)

    assert (0, ["No lines logged."]) == (answer.code, answer.lines)


def test_following_ends_when_the_execution_has_settled(record: Record) -> None:
    story = Story("slow", age=5).start().log(0.1, "first")
    cli = record(story)
    assert cli.url is not None

    with cli.start("logs", story.id, "--follow") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        story.events.clear()
        story.log(1, "second").log(2, "third").finish(3, Status.COMPLETED)
        write(cli.url, story)
        rest = process.stdout.read()
        code = process.wait()
        assert process.stderr is not None
        complaints = process.stderr.read()

    assert (b"info     first\n", b"info     second\ninfo     third\n") == (first, rest)
    assert (0, b"") == (code, complaints)


@pytest.mark.postgresql
def test_following_outlasts_a_restart_of_the_database(
    postgresql_server: PostgresqlServer, own_home: Path, warm: WarmProcesses
) -> None:
    cli = Cli(postgresql_server.url(), own_home, warm)
    story = Story("slow", age=5).start().log(0.1, "first")
    write(postgresql_server.url(), story)

    with cli.start("logs", story.id, "--follow") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        postgresql_server.crash()
        postgresql_server.start()
        story.events.clear()
        story.log(1, "second").finish(3, Status.COMPLETED)
        write(postgresql_server.url(), story)
        rest = process.stdout.read()
        code = process.wait()

    assert (0, b"info     first\n", b"info     second\n") == (code, first, rest)


def test_following_from_now_on_shows_no_earlier_line(record: Record) -> None:
    story = long_log(3)

    assert "" == record(story)("logs", story.id, "-f", "-n", "0").out


def test_following_tells_a_person_how_it_ended(told: Told) -> None:
    answer = told.cli.terminal("logs", "settle-2026-10", "-f")

    assert "월말 정산 failed after 3 m 04 s" == answer.lines[-1]


def test_following_can_end_as_the_execution_did(told: Told) -> None:
    codes = [
        told.cli("logs", story.id, "-f", "--exit-status").code
        for story in (told.settlement, told.lost, told.invoice)
    ]

    assert [1, 1, 0] == codes


def test_following_a_failed_execution_is_no_failure_of_the_command(told: Told) -> None:
    assert 0 == told.cli("logs", "settle-2026-10", "-f").code


def test_ctrl_c_ends_quietly_with_130(record: Record) -> None:
    story = Story("slow", age=5).start().log(0.1, "first")

    with record(story).start("logs", story.id, "-f") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        complaints = process.stderr.read()
        code = process.wait()

    assert (130, b"") == (code, complaints)


def test_a_closed_pipe_ends_quietly_with_141(record: Record) -> None:
    story = long_log(5_000)
    cli = record(story)

    with cli.start("logs", story.id, "--all") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        complaints = process.stderr.read()
        code = process.wait()

    assert (141, b"") == (code, complaints)


def test_a_text_is_found_in_every_log_newest_first(told_on_each: Told) -> None:
    answer = told_on_each.cli("logs", "--search", "ROW 17")

    assert [
        "error    " + told_on_each.settlement.id[:13] + " 월말 정산  [report]  no amount in row 17",
        "    sheet 2026-10",
        "warning  " + told_on_each.settlement.id[:13] + " 월말 정산  [load]  row 17 looks odd",
    ] == [line[25:] if line[:2] == "20" else line for line in answer.lines]


@pytest.mark.parametrize(
    ("count", "filters"),
    [
        (1, ["--level", "error"]),
        (2, ["--workflow", "월말 정산"]),
        (0, ["--workflow", "send_invoice"]),
        (0, ["--since", "5m"]),
        (0, ["--until", "10h"]),
        (1, ["-n", "1"]),
    ],
)
def test_a_search_is_narrowed(told: Told, count: int, filters: list[str]) -> None:
    answer = told.cli("logs", "--search", "row 17", "--json", *filters)

    assert (0, count) == (answer.code, len(answer.lines))


def test_a_search_goes_on_by_the_command_that_is_printed(record: Record) -> None:
    story = long_log(5)
    cli = record(story)

    first = cli("logs", "--search", "line", "-n", "3")
    second = cli(*first.err.strip().removeprefix("More: everyrun ").split())

    assert ([5, 4, 3], [2, 1]) == (
        [int(line[-1]) for line in first.lines],
        [int(line[-1]) for line in second.lines],
    )


def test_one_execution_is_searched(told: Told) -> None:
    answer = told.cli("logs", "settle-2026-10", "--search", "giving")

    assert 1 == len(answer.lines)


def test_nothing_found_says_so(told: Told) -> None:
    answer = told.cli("logs", "--search", "unicorn")

    assert (0, "", "No line matches.\n") == (answer.code, answer.out, answer.err)


def test_logs_of_nothing_are_bad_input(told: Told) -> None:
    assert 2 == told.cli("logs").code


def test_a_commands_colours_pass_to_a_terminal_and_not_to_a_pipe(record: Record) -> None:
    story = Story("colourful").start().log(1, "\x1b[32mgreen\x1b[0m \x1b]0;title\x07text")
    cli = record(story.finish(2, Status.COMPLETED))

    assert "\x1b[32mgreen\x1b[0m text" in cli.terminal("logs", story.id, raw=True).out
    assert ["info     green text"] == cli("logs", story.id).lines


def test_a_level_is_seen_by_its_colour(record: Record) -> None:
    story = Story("alarming").start().log(1, "careful", LogLevel.WARNING)

    answer = record(story.finish(2, Status.COMPLETED)).terminal("logs", story.id, raw=True)

    assert "\x1b[33mwarning\x1b[0m" in answer.out
