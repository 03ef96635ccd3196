"""``everyrun schedule`` and ``everyrun scheduler``, as a user runs them."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli.conftest import Cli
from tests.support.waiting import wait_until

PATIENCE = 60
FLOW = """
workflow: sales
inputs: {day: {type: string, default: none}, limit: {type: integer, default: 5}}
nodes:
  only: {type: set, with: {values: {day: "{{ inputs.day }}", limit: "{{ inputs.limit }}"}}}
output: "{{ nodes.only.output }}"
"""


@pytest.fixture
def sales(empty: Cli, write: Callable[..., str]) -> Cli:
    """The command with one workflow saved."""
    assert 0 == empty("workflow", "apply", write(FLOW)).code
    return empty


def _add(cli: Cli, *options: str) -> Any:
    answer = cli("schedule", "add", "sales", *options, "--json")
    assert 0 == answer.code, answer.err
    return answer.json


def test_a_schedule_is_added_and_found_again(sales: Cli) -> None:
    added = _add(
        sales,
        *("--cron", "0 9 * * 1-5", "--zone", "Asia/Seoul", "--name", "mornings"),
        *("-i", "day={{ due.date }}", "-i", "limit=7", "--grace", "1h", "--catch-up", "latest"),
    )
    listed = sales("schedule", "list", "--json").json["schedules"]
    found = [
        sales("schedule", "show", name, "--json").json["schedule"]["id"]
        for name in ("mornings", "sales/mornings", "sales", added["id"], added["id"][:13])
    ]

    assert ("sales", "mornings", "Asia/Seoul") == (
        added["workflow"],
        added["name"],
        added["timezone"],
    )
    assert {
        "trigger": {"type": "cron", "expression": "0 9 * * 1-5"},
        "input": {"day": "{{ due.date }}", "limit": 7},
        "misfire_grace": 3600.0,
        "catch_up": "latest",
    } == added["definition"]
    assert {"09:00:00+09:00"} == {each["local"][11:] for each in added["next"]}
    assert [("mornings", "active")] == [(each["name"], each["state"]) for each in listed]
    assert {added["id"]} == set(found)


def test_people_see_when_it_is_due_and_that_nobody_would_start_it(sales: Cli) -> None:
    added = sales.terminal("schedule", "add", "sales", "--every", "15m", "--name", "often")
    listed = sales.terminal("schedule", "list")
    shown = sales.terminal("schedule", "show", "often", EVERYRUN_LANG="ko")

    assert "Schedule often of sales: every 15m (UTC)." in added.out
    assert "No scheduler runs now" in added.out
    assert "often" in listed.out and "active" in listed.out
    assert "15m마다" in shown.out and "활성" in shown.out


def test_next_times_say_where_changed_clocks_move_them(fresh: Cli) -> None:
    skipped = fresh(
        *("schedule", "next", "--cron", "30 2 * * *", "--zone", "America/New_York"),
        *("--after", "2026-03-08", "-n", "1"),
    )
    repeated = fresh(
        *("schedule", "next", "--cron", "30 1 * * *", "--zone", "America/New_York"),
        *("--after", "2026-11-01", "-n", "1"),
    )
    by_day = fresh(
        *("schedule", "next", "--cron", "30 9 * * *", "--zone", "Pacific/Apia"),
        *("--after", "2011-12-29T12:00", "-n", "1", "--json"),
    )

    assert "02:30 is skipped that day: fires at 03:00" in skipped.out
    assert "01:30 comes twice that day: fires the first time" in repeated.out
    assert [("2011-12-31T00:00:00+14:00", "skipped", "2011-12-30T09:30:00")] == [
        (each["local"], each["oddity"], each["meant"]) for each in by_day.json["times"]
    ]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--cron", "61 * * * *"], 2, "bad minute"),
        (["--cron", "0 9 * * *", "--zone", "Asia/Soul"], 2, "no time zone 'Asia/Soul'"),
        (["--cron", "0 9 * * *", "--every", "1h"], 2, "--cron / --every / --at"),
        ([], 2, "--cron / --every / --at"),
        (["--at", "2001-01-01T00:00"], 2, "never due"),
        (["--at", "tomorrow"], 2, "tomorrow is no date or time"),
        (["--every", "1h", "-i", "month=5"], 2, "month: no such input"),
        (["--every", "1h", "-i", "limit=many"], 2, "limit: must be a whole number"),
        (["--every", "1h", "-i", "day={{ du.date }}"], 2, "du"),
        (["--every", "0.1s"], 2, "at least 1 s"),
    ],
)
def test_what_cannot_work_is_refused_at_once(
    sales: Cli, options: list[str], code: int, said: str
) -> None:
    answer = sales("schedule", "add", "sales", *options)

    assert (code, "") == (answer.code, answer.out)
    assert said in answer.err
    assert [] == sales("schedule", "list", "--json").json["schedules"]


def test_two_of_one_name_are_refused(sales: Cli) -> None:
    _add(sales, "--every", "1h", "--name", "same")

    assert 7 == sales("schedule", "add", "sales", "--every", "2h", "--name", "same").code


def test_a_schedule_is_paused_for_a_reason_resumed_and_deleted(sales: Cli) -> None:
    _add(sales, "--every", "1h", "--name", "hourly")
    paused = sales("schedule", "pause", "hourly", "--reason", "until the disk is back", "--json")
    listed = sales("schedule", "list")
    resumed = sales("schedule", "resume", "hourly", "--json")
    unasked = sales("schedule", "delete", "hourly")
    deleted = sales("schedule", "delete", "hourly", "--yes")

    assert ("paused", None) == (paused.json["state"], paused.json["next_at"])
    assert "until the disk is back" in listed.out
    assert ("active", None) == (resumed.json["state"], resumed.json["paused_reason"])
    assert (2, 0) == (unasked.code, deleted.code)
    assert 3 == sales("schedule", "show", "hourly").code


def test_a_range_is_previewed_run_and_not_run_twice(sales: Cli) -> None:
    _add(sales, "--cron", "0 9 * * *", "--name", "nine", "-i", "day={{ due.date }}")
    days = ("--since", "2026-01-05", "--until", "2026-01-08")
    preview = sales("schedule", "backfill", "nine", *days, "--dry-run", "--json").json
    ran = sales("schedule", "backfill", "nine", *days, "--yes", "--json")
    again = sales("schedule", "backfill", "nine", *days, "--yes")
    outputs = [
        sales("show", member["id"], "--json").json["output"]["day"]
        for member in ran.json["members"]
    ]

    assert (3, 0) == (len(preview["due"]), preview["done"])
    assert (0, "completed", 3) == (ran.code, ran.json["status"], ran.json["completed"])
    assert ["2026-01-05", "2026-01-06", "2026-01-07"] == outputs
    assert (0, "") == (again.code, again.out)
    assert "3 were run already" in again.err


class Scheduler:
    """A process of ``everyrun scheduler --json``, and what it said so far."""

    def __init__(self, cli: Cli, log: Path, **environment: str) -> None:
        self._log = log
        quick = {"EVERYRUN_SCHEDULER_POLL_SECONDS": "0.1", "EVERYRUN_POLL_SECONDS": "0.05"}
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                cli.command("scheduler", "--json"),
                stdout=out,
                stderr=subprocess.DEVNULL,
                env=cli.environment | quick | environment,
            )

    def told(self, what: str) -> list[dict[str, Any]]:
        """What it said of one kind."""
        lines = self._log.read_text().splitlines(keepends=True)
        documents = [json.loads(line) for line in lines if line.endswith("\n")]
        return [document for document in documents if document["what"] == what]

    def stop(self) -> int:
        """End it in order."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@pytest.fixture
def schedulers(sales: Cli, tmp_path: Path) -> Iterator[Callable[..., Scheduler]]:
    """Begins schedulers, and leaves none behind."""
    begun: list[Scheduler] = []

    def begin(**environment: str) -> Scheduler:
        begun.append(Scheduler(sales, tmp_path / f"log-{len(begun)}", **environment))
        return begun[-1]

    yield begin
    for scheduler in begun:
        if scheduler.process.poll() is None:
            scheduler.process.kill()
            scheduler.process.wait()


def test_a_scheduler_runs_what_is_due_and_ends_in_order(
    sales: Cli, schedulers: Callable[..., Scheduler]
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=2)
    _add(sales, "--at", soon.isoformat(), "--name", "once", "-i", "day={{ due.at }}")
    scheduler = schedulers()
    wait_until(lambda: scheduler.told("finished"), "it ran", PATIENCE)
    shown = sales("schedule", "show", "once", "--json").json
    code = scheduler.stop()
    (fired,), (finished,) = scheduler.told("fired"), scheduler.told("finished")

    assert 0 == code
    assert ("started", "completed") == (fired["outcome"], finished["status"])
    assert fired["execution_id"] == finished["execution_id"]
    assert ["started"] == [each["outcome"] for each in shown["last"]]
    assert ("over", []) == (shown["schedule"]["state"], shown["next"])


def test_the_one_who_stands_by_leads_at_once_when_the_leader_is_killed(
    sales: Cli, schedulers: Callable[..., Scheduler]
) -> None:
    first = schedulers(EVERYRUN_SCHEDULER_LEASE_SECONDS="3600")
    wait_until(lambda: first.told("led"), "the first leads", PATIENCE)
    second = schedulers(EVERYRUN_SCHEDULER_LEASE_SECONDS="3600")
    wait_until(lambda: second.told("led"), "the second stands by", PATIENCE)
    first.process.kill()
    first.process.wait()
    wait_until(lambda: len(second.told("led")) > 1, "the second leads", PATIENCE)

    assert [False, True] == [told["leads"] for told in second.told("led")]
    assert 0 == second.stop()


def test_an_execution_from_the_queue_is_run(
    sales: Cli, schedulers: Callable[..., Scheduler]
) -> None:
    queued = sales("run", "sales", "--detach", "--json").json
    scheduler = schedulers()
    wait_until(lambda: scheduler.told("finished"), "it ran", PATIENCE)

    assert [queued["id"]] == [told["execution_id"] for told in scheduler.told("finished")]
    assert 0 == scheduler.stop()


def test_what_was_missed_is_on_record_when_a_scheduler_is_there_again(
    sales: Cli, schedulers: Callable[..., Scheduler]
) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    _add(sales, "--at", soon.isoformat(), "--name", "once", "--grace", "0s")
    wait_until(lambda: datetime.now(UTC) > soon + timedelta(seconds=0.5), "it is over")
    scheduler = schedulers()
    wait_until(lambda: scheduler.told("fired"), "it was found", PATIENCE)
    scheduler.stop()
    (item,) = sales("list", "--workflow", "sales", "--json").json["items"]

    assert ("skipped", "schedule") == (item["status"], item["trigger"])
    assert "no scheduler came to it before" in item["error"]
