"""Cancel, pause, go on, run again, answer: from other processes and by Ctrl-C."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest

from tests.acceptance.cli.conftest import Cli
from tests.support.processes import children_of, is_running
from tests.support.terminals import CTRL_C

Write = Callable[..., str]
SECONDS_ALLOWED = 60

STUBBORN = """
workflow: stubborn
nodes:
  work:
    type: shell
    with:
      command: |
        sh -c 'echo $$ > {folder}/grandchild; trap "" TERM; while :; do sleep 0.1; done' &
        echo $$ > {folder}/child
        wait
  after: {{needs: work, type: set, with: {{values: {{}}}}}}
"""

TURNS = 1_000

COUNTS = """
workflow: counts
nodes:
  each:
    type: for_each
    with: {{items: "{{{{ range(1000) | list }}}}", parallel: 1}}
    do: {{turn: {{type: shell, with: {{command: "echo x >> {folder}/done"}}}}}}
"""

STEPS = """
workflow: steps
nodes:
  one: {{type: shell, with: {{command: "echo one >> {folder}/done"}}}}
  two:
    needs: one
    type: shell
    with:
      command: |
        touch {folder}/begun
        while [ ! -e {folder}/go ]; do sleep 0.02; done
        echo two >> {folder}/done
  three: {{needs: two, type: shell, with: {{command: "echo three >> {folder}/done"}}}}
"""


def until(holds: Callable[[], Any]) -> Any:
    """Wait until something holds; answers what it gave."""
    end = monotonic() + SECONDS_ALLOWED
    while not (found := holds()):
        assert monotonic() < end, "it did not come to hold"
        Event().wait(0.02)
    return found


def number_in(file: Path) -> int | None:
    """The number in a file, None while it is not there."""
    with suppress(OSError, ValueError):
        return int(file.read_text())
    return None


def runs(process: int) -> bool:
    """Whether a process is there and not only waited for."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def stands_still(file: Path) -> bool:
    """Whether nothing is added to a file for a second, in which many turns would have ended."""
    before = len(lines_in(file))
    Event().wait(1)
    return before == len(lines_in(file))


def family(folder: Path) -> list[int]:
    """The child and the grandchild of a stubborn run, once both run."""
    child, grandchild = folder / "child", folder / "grandchild"
    return [until(lambda: number_in(child)), until(lambda: number_in(grandchild))]


def one_that_runs(cli: Cli) -> str:
    """The id of the one execution on record."""
    (item,) = cli("list", "--json").json["items"]
    found: str = item["id"]
    return found


def status_of(cli: Cli, execution_id: str) -> str:
    """Where an execution stands."""
    found: str = cli("show", execution_id, "--json").json["status"]
    return found


def lines_in(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


def test_a_cancel_from_another_process_ends_child_and_grandchild_within_2_seconds(
    fresh: Cli, write: Write, tmp_path: Path
) -> None:
    with fresh.start("run", write(STUBBORN.format(folder=tmp_path))) as process:
        processes = family(tmp_path)
        running = one_that_runs(fresh)
        asked = fresh("cancel", running, "--reason", "no need", "--by", "kim")
        began = monotonic()
        until(lambda: not any(map(runs, processes)))
        took = monotonic() - began
        out, _err = process.communicate(timeout=SECONDS_ALLOWED)
    detail = fresh("show", running, "--json").json

    assert took < 2
    assert (0, 6) == (asked.code, process.returncode)
    assert out.decode().startswith("⊘ stubborn cancelled")
    assert ("cancelled", "cancelled by kim: no need") == (
        detail["status"],
        detail["error_message"],
    )
    assert ["cancelled"] == [node["status"] for node in detail["nodes"]]


def test_ctrl_c_cancels_and_leaves_nothing_running(
    fresh: Cli, write: Write, tmp_path: Path
) -> None:
    with fresh.at_terminal("run", write(STUBBORN.format(folder=tmp_path))) as terminal:
        processes = family(tmp_path)
        terminal.until("Ctrl-C cancels")
        terminal.press(CTRL_C)
        terminal.until("Cancelling")
        code = terminal.wait()
    until(lambda: not any(map(runs, processes)))

    assert 130 == code
    assert "⊘ stubborn cancelled" in terminal.shown
    assert "cancelled" == status_of(fresh, one_that_runs(fresh))


def test_ctrl_c_twice_kills_at_once(fresh: Cli, write: Write, tmp_path: Path) -> None:
    with fresh.at_terminal(
        "run", write(STUBBORN.format(folder=tmp_path)), EVERYRUN_CANCEL_GRACE="60"
    ) as terminal:
        processes = family(tmp_path)
        terminal.until("Ctrl-C cancels")
        terminal.press(CTRL_C)
        terminal.until("Cancelling")
        began = monotonic()
        terminal.press(CTRL_C)
        code = terminal.wait()
        until(lambda: not any(map(runs, processes)))
        took = monotonic() - began

    assert 130 == code
    assert took < 5
    assert "cancelled" == status_of(fresh, one_that_runs(fresh))


def test_a_python_node_that_does_not_listen_does_not_keep_it_from_ending(
    fresh: Cli, write: Write, tmp_path: Path
) -> None:
    write("from threading import Event\n\ndef wait():\n    Event().wait(60)\n", "steps.py")
    file = write(
        "workflow: deaf\nnodes:\n  wait: {type: python, with: {function: 'steps.py:wait'}}\n"
    )
    with fresh.at_terminal("run", file, EVERYRUN_CANCEL_GRACE="0.1") as terminal:
        terminal.until("⠋ wait")
        terminal.press(CTRL_C)
        code = terminal.wait()

    assert 130 == code
    assert "cancelled" == status_of(fresh, one_that_runs(fresh))


def test_a_termination_signal_cancels(fresh: Cli, write: Write, tmp_path: Path) -> None:
    with fresh.start("run", write(STUBBORN.format(folder=tmp_path))) as process:
        processes = family(tmp_path)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS_ALLOWED)
    until(lambda: not any(map(runs, processes)))

    assert 128 + signal.SIGTERM == process.returncode
    assert "cancelled" == status_of(fresh, one_that_runs(fresh))


def test_a_terminal_that_is_closed_cancels(fresh: Cli, write: Write, tmp_path: Path) -> None:
    with fresh.at_terminal("run", write(STUBBORN.format(folder=tmp_path))) as terminal:
        processes = family(tmp_path)
        terminal.until("Ctrl-C cancels")
        code = terminal.hang_up()
    until(lambda: not any(map(runs, processes)))

    assert 128 + signal.SIGHUP == code
    assert "cancelled" == status_of(fresh, one_that_runs(fresh))


def test_a_paused_run_goes_on_when_it_is_told(fresh: Cli, write: Write, tmp_path: Path) -> None:
    done = tmp_path / "done"
    with fresh.start("run", write(COUNTS.format(folder=tmp_path))) as process:
        until(done.exists)
        running = one_that_runs(fresh)
        twice = fresh("resume", running)
        paused = fresh("pause", running)
        until(lambda: stands_still(done))
        while_paused = status_of(fresh, running), len(lines_in(done))
        resumed = fresh("resume", running)
        until(lambda: len(lines_in(done)) > while_paused[1])
        fresh("cancel", running)
        process.communicate(timeout=SECONDS_ALLOWED)

    assert 7 == twice.code
    assert "already" in twice.err
    assert (0, "running", 0) == (paused.code, while_paused[0], resumed.code)
    assert while_paused[1] < TURNS


def test_what_a_killed_process_left_is_gone_on_with(
    fresh: Cli, write: Write, tmp_path: Path
) -> None:
    with fresh.start("run", write(STEPS.format(folder=tmp_path))) as process:
        until((tmp_path / "begun").exists)
        running = one_that_runs(fresh)
        started = children_of(process.pid)
        started += [each for child in started for each in children_of(child)]
        os.kill(process.pid, signal.SIGKILL)
    until(lambda: not any(map(is_running, started)))
    (tmp_path / "go").touch()
    answer = fresh("resume", running)
    words = [line.split()[2:4] for line in answer.err.splitlines()]

    assert 0 == answer.code
    assert answer.out.startswith("✔ steps completed")
    assert ["one", "two", "three"] == lines_in(tmp_path / "done")
    assert [
        ["running", "two"],
        ["completed", "two"],
        ["running", "three"],
        ["completed", "three"],
    ] == words


BREAKS = """
workflow: breaks
inputs: {code: {type: integer, default: 1}}
nodes:
  load: {type: set, with: {values: {rows: 3}}}
  check: {needs: load, type: shell, with: {command: "exit {{ inputs.code }}"}}
  send: {needs: check, type: set, with: {values: {}}}
"""


@pytest.fixture
def failed(fresh: Cli, write: Write) -> str:
    """The id of a run whose second node failed."""
    document = fresh("run", write(BREAKS), "--json").json
    assert "failed" == document["status"]
    found: str = document["id"]
    return found


def test_a_preview_says_what_would_be_done_and_does_nothing(fresh: Cli, failed: str) -> None:
    answer = fresh("rerun", failed, "--failed", "--preview")

    assert 0 == answer.code
    assert [
        "breaks  version 1, once more",
        "  reused: 1 node",
        "    = load  completed before",
        "  run again: 2 nodes",
        "    ▶ check  did not complete",
        "    ▶ send   needs check",
    ] == answer.lines
    assert 1 == len(fresh("list", "--json").json["items"])


def test_a_preview_is_a_document_for_programs(fresh: Cli, failed: str) -> None:
    plan = fresh("rerun", failed, "--from", "check", "--preview", "--json").json

    assert ("from_nodes", [{"node": "check", "reason": "asked for"}], ["load"]) == (
        plan["mode"],
        plan["run"][:1],
        [each["node"] for each in plan["reused"]],
    )


def test_what_failed_is_run_again_with_another_input(fresh: Cli, failed: str) -> None:
    document = fresh("rerun", failed, "--failed", "-i", "code=0", "--yes", "--json").json
    detail = fresh("show", document["id"], "--json").json

    assert "completed" == document["status"]
    assert (failed, "rerun") == (detail["origin_execution_id"], detail["trigger"])


def test_a_parameter_is_edited(fresh: Cli, failed: str) -> None:
    answer = fresh("rerun", failed, "--edit", "check.command=true", "--yes")

    assert 0 == answer.code
    assert "▶ running    load" not in answer.err


def test_it_asks_before_it_runs_again(fresh: Cli, failed: str) -> None:
    silent = fresh("rerun", failed, "--failed")
    refused = fresh.terminal("rerun", failed, "--failed", keys="n\n")

    assert 2 == silent.code
    assert "--yes" in silent.err
    assert 1 == refused.code
    assert f"Run {failed} again like that?" in refused.out
    assert 1 == len(fresh("list", "--json").json["items"])


def test_a_node_that_is_not_there_is_named(fresh: Cli, failed: str) -> None:
    answer = fresh("rerun", failed, "--from", "nowhere", "--preview")

    assert 2 == answer.code
    assert "there is no node nowhere; there are: load, check, send" in answer.err


def test_what_has_settled_is_not_cancelled_or_gone_on_with(fresh: Cli, failed: str) -> None:
    codes = [fresh(command, failed).code for command in ("cancel", "pause", "resume")]

    assert [7, 7, 7] == codes


def test_one_that_only_waits_is_cancelled_on_the_spot(fresh: Cli, write: Write) -> None:
    waiting = fresh("run", write(BREAKS), "--detach", "--json").json["id"]
    answer = fresh("cancel", waiting, "--json").json

    assert (True, "cancelled") == (answer["cancelled"], status_of(fresh, waiting))


def test_an_id_that_is_not_there_is_not_found(fresh: Cli, failed: str) -> None:
    codes = [
        fresh(*command).code
        for command in (("cancel", "ffff"), ("rerun", "ffff"), ("approve", "ffff", "x"))
    ]

    assert [3, 3, 3] == codes


ASKS = """
workflow: asks
nodes:
  ask: {type: approval, with: {message: "Send it?"}}
  hook: {type: wait, with: {signal: true}}
  send: {needs: [ask, hook], type: set, with: {values: {}}}
"""


def test_a_person_and_a_signal_let_it_go_on(fresh: Cli, write: Write) -> None:
    with fresh.at_terminal("run", write(ASKS), columns=140) as terminal:
        terminal.until("waits for a person: everyrun approve")
        running = one_that_runs(fresh)
        wrong = fresh("approve", running, "hook"), fresh("approve", running, "nowhere")
        broken = fresh("signal", running, "hook", "--data", "{")
        sent = fresh("signal", running, "hook", "--data", '{"size": 3}')
        approved = fresh("approve", running, "ask", "--comment", "fine", "--by", "kim", "--json")
        code = terminal.wait()
    outputs = {
        key: fresh("show", running, "--node", key, "--output").json for key in ("ask", "hook")
    }

    assert [2, 3, 2] == [*(answer.code for answer in wrong), broken.code]
    assert (f"Sent to hook of {running}.\n", True) == (sent.out, approved.json["approved"])
    assert 0 == code
    assert (True, "fine", "kim") == tuple(
        outputs["ask"][key] for key in ("approved", "comment", "by")
    )
    assert {"size": 3} == outputs["hook"]["data"]


def test_a_no_fails_the_node_with_its_comment(fresh: Cli, write: Write) -> None:
    with fresh.start("run", write(ASKS), "--json") as process:
        running = until(lambda: fresh("list", "--running", "--json").json["items"])[0]["id"]
        fresh("signal", running, "hook")
        answer = fresh("approve", running, "ask", "--no", "--comment", "too late")
        process.communicate(timeout=SECONDS_ALLOWED)
    nodes = {each["node"]: each for each in fresh("show", running, "--json").json["nodes"]}

    assert f"Said no to ask of {running}.\n" == answer.out
    assert 1 == process.returncode
    assert ("failed", "skipped") == (nodes["ask"]["status"], nodes["send"]["status"])
    assert "too late" in nodes["ask"]["error"]
