"""``everyrun db``, as a user runs it."""

import sqlite3
from pathlib import Path

import pytest

from everyrun.store.schema import REVISIONS
from tests.acceptance.cli.conftest import Cli, Told
from tests.acceptance.cli.stories import failed_settlement, write
from tests.support.warm_processes import WarmProcesses

HEAD = REVISIONS[-1]


@pytest.fixture
def bare(empty_url: str, own_home: Path, warm: WarmProcesses) -> Cli:
    """The command with a ledger without tables, on each database in turn."""
    return Cli(empty_url, own_home, warm)


def test_a_ledger_is_made(bare: Cli) -> None:
    made = bare("db", "upgrade", "--json")
    listed = bare("list", "--json")

    assert (0, HEAD) == (made.code, made.json["revision"])
    assert (0, []) == (listed.code, listed.json["items"])


def test_making_it_again_changes_nothing(bare: Cli) -> None:
    answers = [bare("db", "upgrade") for _ in range(2)]

    assert [(0, ""), (0, "")] == [(answer.code, answer.err) for answer in answers]
    assert answers[0].out == answers[1].out


def test_a_ledger_is_taken_back_when_it_is_confirmed(bare: Cli) -> None:
    bare("db", "upgrade")

    taken_back = bare("db", "downgrade", "--revision", "base", "--yes")

    assert 0 == taken_back.code
    assert "is at revision base" in taken_back.out


def test_what_deletes_asks_first(empty: Cli) -> None:
    refused = empty.terminal("db", "downgrade", "--revision", "base", keys="n\n", columns=200)

    assert 1 == refused.code
    assert "every table with everything on record" in refused.out
    assert "Nothing was changed." in refused.out
    assert 0 == empty("list").code


def test_without_a_terminal_to_ask_on_yes_is_needed(empty: Cli) -> None:
    answer = empty("db", "downgrade", "--revision", "base")

    assert 2 == answer.code
    assert "give --yes" in answer.err


def test_an_unknown_revision_is_bad_input(empty: Cli) -> None:
    answer = empty("db", "upgrade", "--revision", "9999")

    assert 2 == answer.code
    assert f"there are head, {REVISIONS[0]}" in answer.err


def test_a_ledger_in_order_passes_the_check(told_on_each: Told) -> None:
    answer = told_on_each.cli("db", "check")

    assert 0 == answer.code
    assert ["  ✔ schema  ok", "  ✔ counters  ok", "  ✔ integrity  ok"] == answer.lines[1:]


def test_differences_are_printed_and_end_with_1(empty: Cli) -> None:
    assert empty.url is not None
    write(empty.url, failed_settlement())
    with sqlite3.connect(empty.url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE workflow_executions SET nodes_failed = 5")
    connection.close()

    answer = empty("db", "check")
    report = empty("db", "check", "--json")

    assert (1, 1) == (answer.code, report.code)
    assert "  ✘ counters  1 difference" == answer.lines[2]
    assert "counts nodes (7, 6, 5, 0, 0)" in answer.lines[3]
    assert (False, [], 1, []) == (
        report.json["ok"],
        report.json["schema"],
        len(report.json["counters"]),
        report.json["integrity"],
    )


def test_a_ledger_without_tables_fails_the_check(bare: Cli) -> None:
    bare("db", "upgrade")
    bare("db", "downgrade", "--revision", "base", "--yes")

    answer = bare("db", "check")

    assert 1 == answer.code
    assert "there are no tables; make them with `everyrun db upgrade`" in answer.out
