"""``everyrun spool``, as a user runs it."""

import socket
import subprocess
import sys

from everyrun.store.database import open_database
from tests.acceptance.cli.conftest import Cli

UNREACHABLE = "postgresql://127.0.0.1:1/nowhere"
RECORD_AND_DIE = """
import os
from everyrun.domain.events import ExecutionStarted
from everyrun.domain.identifiers import new_id
from everyrun.tracking.recorder import Recorder
from everyrun.tracking.settings import Settings

recorder = Recorder(Settings.from_environment(flush_interval=60))
for number in range(30):
    recorder.record(ExecutionStarted(execution_id=new_id(), workflow="left behind", at=number))
os._exit(9)
"""
RECORD_AND_WAIT = RECORD_AND_DIE.replace("os._exit(9)", "print('ready', flush=True); input()")


def leave_behind(cli: Cli, url: str) -> None:
    """Record 30 events in a process that dies before it ships them."""
    environment = cli.environment | {"EVERYRUN_URL": url}
    done = subprocess.run([sys.executable, "-c", RECORD_AND_DIE], env=environment, check=False)
    assert 9 == done.returncode


def test_an_empty_spool_says_so(fresh: Cli) -> None:
    answer = fresh.terminal("spool", "status")

    assert (0, ["The spool is empty: nothing waits."]) == (answer.code, answer.lines)


def test_what_a_killed_process_left_waits(fresh: Cli) -> None:
    leave_behind(fresh, UNREACHABLE)

    report = fresh("spool", "status", "--json").json
    (entry,) = report["spools"]

    assert (30, 0, 0) == (report["waiting_events"], report["dropped"], report["rejected"])
    assert (False, 30, UNREACHABLE) == (
        entry["alive"],
        entry["unacknowledged_events"],
        entry["destination"],
    )


def test_a_table_shows_it_to_people(fresh: Cli) -> None:
    leave_behind(fresh, UNREACHABLE)

    answer = fresh.terminal("spool", "status", columns=120)

    assert f"@{socket.gethostname()}" in answer.lines[1]
    assert "? gone" in answer.lines[1]
    assert " 30 " in answer.lines[1]
    assert answer.lines[2].startswith("30 events (")


def test_a_process_that_records_is_alive_and_its_spool_is_not_dropped(fresh: Cli) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RECORD_AND_WAIT],
        env=fresh.environment | {"EVERYRUN_URL": UNREACHABLE, "EVERYRUN_FLUSH_AT_EXIT": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        rows = fresh("spool", "status").lines[1:]
        dropped = fresh("spool", "drop", "--yes")
        process.stdin.close()

    assert [str(process.pid), "alive"] == [rows[0].split("@")[0], rows[0].split("\t")[2]]
    assert "Dropped 0 events.\n" == dropped.out


def test_what_was_left_is_replayed_once(empty: Cli) -> None:
    assert empty.url is not None
    leave_behind(empty, empty.url)

    first = empty("spool", "replay", "--json")
    second = empty("spool", "replay", "--json")

    assert (0, {"events": 30, "spools": 1, "rejected": 0, "left": 0}) == (first.code, first.json)
    assert (0, 0) == (second.code, second.json["events"])
    assert 30 == len(empty("list", "-w", "left behind", "-n", "50").lines) - 1


def test_replaying_makes_the_ledger_where_there_is_none(fresh: Cli) -> None:
    url = f"sqlite:///{fresh.home / 'everyrun.db'}"
    leave_behind(fresh, url)

    answer = fresh("spool", "replay")

    assert (0, "Replayed 30 events of 1 process; 0 rejected, 0 left.\n") == (
        answer.code,
        answer.out,
    )
    database = open_database(url)
    database.require_current_schema()
    database.close()


def test_a_ledger_that_does_not_answer_is_exit_code_5_and_loses_nothing(fresh: Cli) -> None:
    leave_behind(fresh, UNREACHABLE)

    answer = fresh("spool", "replay", "--url", UNREACHABLE)
    waiting = fresh("spool", "status", "--json").json["waiting_events"]

    assert (5, "") == (answer.code, answer.out)
    assert "30 events still wait in the spool" in answer.err
    assert 30 == waiting


def test_dropping_asks_first_and_names_the_count(fresh: Cli) -> None:
    leave_behind(fresh, UNREACHABLE)

    refused = fresh.terminal("spool", "drop", keys="n\n", columns=120)
    agreed = fresh.terminal("spool", "drop", keys="y\n", columns=120)

    assert "Drop 30 events (" in refused.out
    assert (1, 0) == (refused.code, agreed.code)
    assert "Dropped 30 events." in agreed.out
    assert 0 == fresh("spool", "status", "--json").json["waiting_events"]


def test_nobody_to_ask_drops_nothing(fresh: Cli) -> None:
    leave_behind(fresh, UNREACHABLE)

    answer = fresh("spool", "drop")

    assert 2 == answer.code
    assert 30 == fresh("spool", "status", "--json").json["waiting_events"]
