"""``everyrun exec``, as a user runs it."""

import signal
import sys
from typing import Any

import pytest

from tests.acceptance.cli.conftest import Cli


def only(cli: Cli) -> Any:
    """The one execution on record."""
    (item,) = cli("list", "--json").json["items"]
    return item


def test_a_command_runs_unchanged_and_is_on_record(fresh: Cli) -> None:
    answer = fresh("exec", "--", "sh", "-c", "echo out; echo err >&2; exit 3")
    recorded = only(fresh)
    lines = fresh("logs", recorded["id"]).lines

    assert (3, "out\n", "err\n") == (answer.code, answer.out, answer.err)
    assert ("sh", "script", "failed", "ExitCode: exit code 3") == tuple(
        recorded[key] for key in ("workflow", "kind", "status", "error")
    )
    assert ["info     err", "info     out"] == sorted(lines)


def test_standard_input_is_the_commands(fresh: Cli) -> None:
    assert "typed" == fresh("exec", "--", "cat", stdin="typed").out


def test_a_name_and_tags_are_given(fresh: Cli) -> None:
    fresh("exec", "--name", "backup", "--tag", "nightly", "--tag", "db1", "--", "true")

    assert ("backup", ["db1", "nightly"]) == (only(fresh)["workflow"], sorted(only(fresh)["tags"]))


def test_the_commands_own_options_are_not_ours(fresh: Cli) -> None:
    answer = fresh("exec", "echo", "--name", "x", "--json")

    assert (0, "--name x --json\n") == (answer.code, answer.out)


def test_a_script_in_python_is_named_for_itself(fresh: Cli) -> None:
    fresh("exec", "--", sys.executable, "-c", "print('hello')")

    assert "completed" == only(fresh)["status"]


def test_a_command_that_is_not_there_is_127(fresh: Cli) -> None:
    answer = fresh("exec", "--", "no-such-command")

    assert 127 == answer.code
    assert "no-such-command: command not found" in answer.err
    assert "failed" == only(fresh)["status"]


def test_a_signal_is_passed_on(fresh: Cli) -> None:
    with fresh.start("exec", "--", "sh", "-c", "echo ready; exec sleep 60") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        code = process.wait()

    assert 128 + signal.SIGTERM == code
    assert "cancelled" == only(fresh)["status"]


def test_a_person_is_told_where_the_record_is(fresh: Cli) -> None:
    answer = fresh.terminal("exec", "--", "echo", "hello", columns=120)

    assert ["hello", f"on record: everyrun show {only(fresh)['id']}"] == answer.lines


@pytest.mark.parametrize("arguments", [["--quiet"], ["-q"]])
def test_a_person_can_ask_for_quiet(fresh: Cli, arguments: list[str]) -> None:
    assert ["hello"] == fresh.terminal("exec", *arguments, "--", "echo", "hello").lines


def test_without_a_terminal_only_verbose_tells(fresh: Cli) -> None:
    answer = fresh("exec", "-v", "--", "true")

    assert f"on record: everyrun show {only(fresh)['id']}\n" == answer.err


def test_a_ledger_that_does_not_answer_fails_no_command(fresh: Cli) -> None:
    answer = fresh(
        "exec", "-v", "--url", "postgresql://127.0.0.1:1/nowhere", "--", "echo", "hello",
        EVERYRUN_FLUSH_AT_EXIT="0.1",
    )  # fmt: skip
    waiting = fresh("spool", "status", "--json").json["waiting_events"]

    assert (0, "hello\n") == (answer.code, answer.out)
    assert "it waits: everyrun spool status" in answer.err
    assert waiting >= 3


def test_no_command_is_bad_input(fresh: Cli) -> None:
    answer = fresh("exec")

    assert (2, "error: give -- CMD …\n") == (answer.code, answer.err)


def test_recording_switched_off_runs_the_command_all_the_same(fresh: Cli) -> None:
    answer = fresh("exec", "-v", "--", "echo", "hello", EVERYRUN_DISABLED="1")

    assert (0, "hello\n", "") == (answer.code, answer.out, answer.err)
    assert [] == fresh("list", "--json").json["items"]
