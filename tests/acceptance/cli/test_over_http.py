"""The same commands through a server: the same answers as from the ledger itself."""

import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from everyrun.cli.who import current_user
from tests.acceptance.cli.conftest import Answer, Cli, Told
from tests.support.serving import ADMIN_TOKEN, ServingProcess, serving_process
from tests.support.waiting import wait_until

Write = Callable[..., str]
PATIENCE = 60
_CHANGING = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}\b"), "ID"),
    (re.compile(r"[0-9a-f]{64}"), "DIGEST"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:\d\d| UTC)?"), "TIME"),
    (re.compile(r"\d\d:\d\d:\d\d\.\d{3}"), "TIME"),
    (re.compile(r"just now"), "0 s ago"),
    (re.compile(r"\(?\b[\d.]+ (?:ms|s|m|h)(?: ago\))?"), "SPAN"),
    (re.compile(r"\b\d+\.\d+\b"), "NUMBER"),
)


class BothWays(NamedTuple):
    """One command for the ledger itself, one for a server of it."""

    here: Cli
    there: Cli


def over(served: ServingProcess, cli: Cli, home: Path) -> Cli:
    """The command for a server, in a home of its own."""
    there = Cli(served.url, home, cli.warm)
    there.environment["EVERYRUN_TOKEN"] = served.token
    return there


@pytest.fixture(scope="module")
def told_over_http(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BothWays]:
    """The ledger in which one execution of every sort is on record, and a server of it."""
    assert told.cli.url is not None
    with serving_process(told.cli.url, told.cli.environment) as served:
        yield BothWays(told.cli, over(served, told.cli, tmp_path_factory.mktemp("home")))


@pytest.fixture
def both(fresh: Cli, tmp_path: Path) -> Iterator[BothWays]:
    """A ledger without rows, and a server of it."""
    url = f"sqlite:///{tmp_path}/served.db"
    here = Cli(url, tmp_path / "here", fresh.warm)
    with serving_process(url, here.environment) as served:
        yield BothWays(here, over(served, here, tmp_path / "there"))


@pytest.fixture
def served_cli(both: BothWays) -> Cli:
    """The command for a server of a ledger without rows."""
    return both.there


def masked(text: str) -> str:
    """Text without what differs from run to run."""
    for pattern, word in _CHANGING:
        text = pattern.sub(word, text)
    return re.sub(r" +", " ", text)


READING = [
    "list",
    "list --json",
    "list --failed",
    "list --kind job --trigger schedule -s failed --tag v2",
    "list --text INVOICE --since 90m",
    "list -n 1",
    "list --cursor nonsense",
    "show settle-2026-10",
    "show settle-2026-10 --json",
    "show settle-2026-10 --nodes failed --exit-status",
    "show settle-2026-10 --node report",
    "show settle-2026-10 --node row[2] --json",
    "show settle-2026-10 --input --output",
    "show ffffffff",
    "show settle-2026-10 --node nothing",
    "logs settle-2026-10 -t",
    "logs settle-2026-10 --level warning --json",
    "logs settle-2026-10 --node load --lines 1",
    "logs settle-2026-10 --follow --exit-status",
    "logs --search row -n 1",
    "logs settle-2026-10 --search ROW --json",
    "stats --zone Asia/Seoul",
    "stats --json --zone UTC",
    "stats -w send_invoice --since 30d --json",
    "workflow list",
    "workflow show nothing",
    "schedule list --json",
    "schedule show nothing",
    "batch list",
    "batch show ffff",
    "cancel settle-2026-10",
    "pause ffff",
    "rerun settle-2026-10 --preview",
]


@pytest.mark.parametrize("command", READING)
def test_what_is_read_reads_alike(told_over_http: BothWays, command: str) -> None:
    here, there = (cli(*command.split()) for cli in told_over_http)

    assert (here.code, masked(here.out)) == (there.code, masked(there.out))
    assert bool(here.err) == bool(there.err)


def test_a_terminal_and_korean_readers_see_the_same(told_over_http: BothWays) -> None:
    here, there = (
        cli.terminal("show", "settle-2026-10", LANG="ko_KR.UTF-8") for cli in told_over_http
    )

    assert "작업" in here.out or "실패" in here.out
    assert masked(here.out) == masked(there.out)


STORY = """
workflow: story
inputs: {code: {type: integer, default: 1}}
nodes:
  load: {type: set, with: {values: {rows: 3}}}
  check: {needs: load, type: shell, with: {command: "exit {{ inputs.code }}"}}
  send: {needs: check, type: set, with: {values: {}}}
output: "{{ nodes.load.output.rows }}"
"""


def runs_and_reruns(cli: Cli, write: Write) -> Iterator[Answer]:
    """A workflow is run, and what failed is run again."""
    file = write(STORY)
    yield cli("run", file)
    yield cli("run", "story", "-i", "code=0", "--tag", "good", "--json")
    yield cli("run", "story", "-i", "code=text")
    (failed,) = cli("list", "--failed", "--json").json["items"]
    yield cli("rerun", failed["id"], "--from", "check", "-i", "code=0", "--preview", "--json")
    yield cli("rerun", failed["id"], "--failed", "-i", "code=0", "--yes")
    yield cli("rerun", failed["id"], "--edit", "check.command=true", "--yes", "--json")
    yield cli("workflow", "show", "story")
    yield cli("delete", failed["id"], "--yes")


def versions_are_saved(cli: Cli, write: Write) -> Iterator[Answer]:
    """Files become versions, or are refused."""
    file = write(STORY)
    yield cli("workflow", "apply", file)
    yield cli("workflow", "apply", file)
    other = write(STORY.replace("rows: 3", "rows: 4"), "other.yaml")
    yield cli("workflow", "apply", other, "--expect", "7")
    yield cli("workflow", "apply", other, "--expect", "1", "--json")
    yield cli("workflow", "versions", "story")
    yield cli("workflow", "diff", "story", "1", "--exit-status")
    yield cli("workflow", "diff", file, "--json")
    yield cli("workflow", "export", "story", "--version", "1")
    yield cli("workflow", "show", "story", "--runs", "0", "--json")
    yield cli("workflow", "apply", write(STORY.replace("needs: load", "needs: lod"), "no.yaml"))


def schedules_are_kept(cli: Cli, write: Write) -> Iterator[Answer]:
    """A schedule is added, looked at, paused and made up for."""
    yield cli("workflow", "apply", write(STORY))
    add = ("schedule", "add", "story", "--zone", "Asia/Seoul", "-i", "code=0")
    yield cli(*add, "--cron", "0 3 * * *", "--json")
    yield cli(*add, "--cron", "nonsense")
    yield cli("schedule", "show", "story", "--json")
    yield cli("schedule", "next", "story", "-n", "2")
    yield cli("schedule", "backfill", "story", "--since", "2d", "--yes")
    yield cli("schedule", "pause", "story", "--reason", "holidays")
    yield cli("schedule", "list")
    yield cli("schedule", "resume", "story", "--json")
    yield cli("schedule", "delete", "story", "--yes")


def batches_are_run(cli: Cli, write: Write) -> Iterator[Answer]:
    """Batches are run, and workflows switched and put in order."""
    yield cli("workflow", "apply", write(STORY))
    rows = '[{"code": 0}, {"code": 1}]'
    yield cli("batch", "run", "story", "--inputs", "-", "--json", stdin=rows)
    yield cli("batch", "run-all")
    yield cli("batch", "list")
    yield cli("workflow", "disable", "story")
    yield cli("run", "story")
    yield cli("workflow", "enable", "story", "--json")
    yield cli("workflow", "order", "story")
    yield cli("delete", "--older-than", "1ms", "--status", "failed", "--yes", "--json")
    yield cli("workflow", "delete", "story", "--yes")
    yield cli("workflow", "list", "--deleted")


@pytest.mark.parametrize(
    "story", [runs_and_reruns, versions_are_saved, schedules_are_kept, batches_are_run]
)
def test_a_story_goes_alike(
    fresh: Cli, served_cli: Cli, write: Write, story: Callable[[Cli, Write], Iterator[Answer]]
) -> None:
    here, there = (
        [unsigned(answer.code, masked(answer.out)) for answer in story(cli, write)]
        for cli in (fresh, served_cli)
    )

    assert here == there


def unsigned(code: int, out: str) -> tuple[int, str]:
    """An answer without who asked: a user here by hand, a token there through the API."""
    return code, re.sub(rf"\b({current_user()}|EVERYRUN_ADMIN_TOKEN|manual|api)\b", "WHO", out)


WAITS = """
workflow: waits
nodes:
  ask: {type: approval, with: {message: "Go on?"}}
  hook: {needs: ask, type: wait, with: {signal: true}}
"""
SLEEPS = """
workflow: sleeps
nodes:
  sleep: {type: shell, with: {command: "touch {folder}/begun; sleep 60"}}
"""


def one_that_runs(cli: Cli) -> str:
    """The id of the one execution that runs."""
    found: list[str] = []

    def runs() -> bool:
        items = cli("list", "--running", "--json").json["items"]
        found.extend(item["id"] for item in items)
        return bool(items)

    wait_until(runs, "it runs", PATIENCE)
    return found[0]


def _asks(cli: Cli, running: str) -> bool:
    nodes = cli("show", running, "--json").json["nodes"]
    return [("ask", "running")] == [(node["node"], node["status"]) for node in nodes]


def test_a_person_a_pause_and_a_signal_reach_what_runs_there(served_cli: Cli, write: Write) -> None:
    with served_cli.start("run", write(WAITS), "--json") as process:
        running = one_that_runs(served_cli)
        wait_until(lambda: _asks(served_cli, running), "it asks", PATIENCE)
        wrong = served_cli("approve", running, "hook")
        answers = [
            served_cli("pause", running, "--json").json,
            served_cli("resume", running, "--json").json,
            served_cli("signal", running, "hook", "--data", '{"size": 3}', "--json").json,
            served_cli("approve", running, "ask", "--comment", "fine", "--json").json,
        ]
        out, _err = process.communicate(timeout=PATIENCE)

    assert 2 == wrong.code
    assert [True, False] == [each["paused"] for each in answers[:2]]
    assert ({"size": 3}, True) == (answers[2]["data"], answers[3]["approved"])
    assert (0, "completed") == (process.returncode, Answer(0, out.decode(), "").json["status"])


def test_ctrl_c_cancels_what_the_server_runs(served_cli: Cli, write: Write, tmp_path: Path) -> None:
    with served_cli.start("run", write(SLEEPS.replace("{folder}", str(tmp_path)))) as process:
        wait_until((tmp_path / "begun").exists, "it has begun", PATIENCE)
        process.send_signal(signal.SIGINT)
        out, _err = process.communicate(timeout=PATIENCE)

    assert 130 == process.returncode
    assert out.decode().startswith("⊘ sleeps cancelled")


def test_who_is_told_to_end_leaves_what_the_server_runs(
    served_cli: Cli, write: Write, tmp_path: Path
) -> None:
    with served_cli.start("run", write(SLEEPS.replace("{folder}", str(tmp_path)))) as process:
        wait_until((tmp_path / "begun").exists, "it has begun", PATIENCE)
        running = one_that_runs(served_cli)
        process.send_signal(signal.SIGTERM)
        _out, err = process.communicate(timeout=PATIENCE)
    status = served_cli("show", running, "--json").json["status"]
    cancelled = served_cli("cancel", running, "--kill", "--json").json

    assert (128 + signal.SIGTERM, "running") == (process.returncode, status)
    assert f"It goes on on the server: everyrun logs {running} --follow" in err.decode()
    assert cancelled["asked"]


def test_what_waits_is_only_queued(served_cli: Cli, write: Write) -> None:
    queued = served_cli("run", write(WAITS), "--detach", "--json").json

    assert ("waits", 1, "pending") == (queued["workflow"], queued["version"], queued["status"])


def test_what_cannot_be_done_through_a_server_says_so(served_cli: Cli, write: Write) -> None:
    database = served_cli("db", "check")
    concurrency = served_cli("run", write(WAITS), "--concurrency", "2")

    assert (5, 2) == (database.code, concurrency.code)
    assert "works on the ledger's database itself" in database.err
    assert "--concurrency is for what runs here" in concurrency.err


def test_who_is_not_let_in_or_finds_nobody_is_told(served_cli: Cli) -> None:
    wrong = served_cli("list", EVERYRUN_TOKEN="er_wrong")
    none = served_cli("list", EVERYRUN_TOKEN="")
    nobody = served_cli("list", "--url", "http://127.0.0.1:9")

    assert [5, 5, 5] == [wrong.code, none.code, nobody.code]
    assert "does not accept the token (EVERYRUN_TOKEN)" in wrong.err
    assert "asks for a token: set EVERYRUN_TOKEN" in none.err
    assert "http://127.0.0.1:9 cannot be reached" in nobody.err
    assert ADMIN_TOKEN not in wrong.err + none.err + nobody.err
