"""``everyrun batch``, as a user runs it."""

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.cli.conftest import Cli
from tests.support.processes import processes_with
from tests.support.waiting import wait_until

PATIENCE = 60
QUICK = {"EVERYRUN_POLL_SECONDS": "0.05", "EVERYRUN_CANCEL_GRACE": "0.2"}


@pytest.fixture
def three(empty: Cli, write: Callable[..., str]) -> Cli:
    """The command with three workflows: one fails."""
    for name, command in (("a", "true"), ("b", "false"), ("c", "echo {{ inputs.text }}")):
        text = f"""
        workflow: {name}
        inputs: {{text: {{type: string, default: hello}}, number: {{type: integer, default: 1}}}}
        nodes:
          only: {{type: shell, with: {{command: "{command}", capture: text}}}}
        output: "{{{{ nodes.only.output.stdout }}}}"
        """
        assert 0 == empty("workflow", "apply", write(text, f"{name}.yaml")).code
    return empty


def test_all_are_run_in_their_order_and_counted(three: Cli) -> None:
    three("workflow", "order", "c", "b", "a")
    ran = three("batch", "run-all", "--by", "ana")
    (listed,) = three("batch", "list", "--json").json["batches"]
    shown = three("batch", "show", listed["id"][:13], "--json").json

    assert 1 == ran.code
    assert ["completed  c", "failed  b", "completed  a", "failed  run all"] == [
        line[2:].partition("  ")[0] + "  " + line.split("  ")[1] for line in ran.out.splitlines()
    ]
    assert "3 executions (2 completed, 1 failed, 0 cancelled, 0 not run)" in ran.out
    assert ("failed", 3, 2, 1, 0, 0, "ana") == tuple(
        listed[name]
        for name in ("status", "total", "completed", "failed", "cancelled", "not_run", "started_by")
    )
    assert ["c", "b", "a"] == [member["workflow"] for member in shown["members"]]


def test_one_that_is_switched_off_takes_no_part(three: Cli) -> None:
    three("workflow", "disable", "b")
    ran = three("batch", "run-all", "--json")

    assert (0, "completed", 2) == (ran.code, ran.json["status"], ran.json["total"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.json", '[{"text": "x", "number": 2}, {"text": "y"}]'),
        ("rows.jsonl", '{"text": "x", "number": 2}\n{"text": "y"}\n'),
        ("rows.csv", "text,number\nx,2\ny,\n"),
    ],
)
def test_one_runs_over_many_inputs(three: Cli, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    ran = three(
        *("batch", "run", "c", "--inputs", str(tmp_path / name), "-i", "number=7", "--json")
    )
    executions = [three("show", each["id"], "--json").json for each in ran.json["members"]]

    assert 0 == ran.code, ran.err
    assert ["x", "y"] == [execution["output"] for execution in executions]
    assert [2, 7] == [execution["input"]["number"] for execution in executions]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("text,number\nx\n", "no list of inputs: line 2"),
        ("[1, 2]", "no list of inputs"),
        ('{"text": 1}\n{"word": 2}', "1: text: must be text, not 1; 2: word: no such input"),
        ("", "give --inputs"),
    ],
)
def test_inputs_that_cannot_be_taken_start_nothing(three: Cli, content: str, said: str) -> None:
    ran = three("batch", "run", "c", "--inputs", "-", stdin=content)

    assert (2, "") == (ran.code, ran.out)
    assert said in ran.err
    assert [] == three("batch", "list", "--json").json["batches"]


@pytest.fixture
def slow(empty: Cli, write: Callable[..., str], tmp_path: Path) -> Cli:
    """The command with two workflows, of which the first runs until it is stopped."""
    for name, seconds in (("a", 3600), ("b", 0)):
        text = f"""
        workflow: {name}
        nodes:
          only: {{type: shell, with: {{command: [sleep, "{seconds}.{tmp_path.stat().st_ino}"]}}}}
        """
        assert 0 == empty("workflow", "apply", write(text, f"{name}.yaml")).code
    return empty


def _sleeper(tmp_path: Path) -> list[int]:
    return processes_with(f"3600.{tmp_path.stat().st_ino}")


def _only_batch(cli: Cli) -> Any:
    (batch,) = cli("batch", "list", "--json").json["batches"]
    return batch


def test_ctrl_c_stops_a_batch_and_tells_what_was_not_run(slow: Cli, tmp_path: Path) -> None:
    process = slow.start("batch", "run-all", "--json", **QUICK)
    wait_until(lambda: _sleeper(tmp_path), "it runs", PATIENCE)
    process.send_signal(signal.SIGINT)
    out, _err = process.communicate(timeout=PATIENCE)
    batch = _only_batch(slow)

    assert 130 == process.returncode
    assert b'"not_run": 1' in out
    assert ("cancelled", 0, 0, 1, 1, 0) == tuple(
        batch[name] for name in ("status", "completed", "failed", "cancelled", "not_run", "left")
    )
    assert [] == _sleeper(tmp_path)


def test_a_batch_is_stopped_from_another_process(slow: Cli, tmp_path: Path) -> None:
    process = slow.start("batch", "run-all", "--json", **QUICK)
    wait_until(lambda: _sleeper(tmp_path), "it runs", PATIENCE)
    stopped = slow("batch", "stop", _only_batch(slow)["id"], "--by", "ben")
    process.communicate(timeout=PATIENCE)
    again = slow("batch", "stop", _only_batch(slow)["id"])

    assert (0, 6, 7) == (stopped.code, process.returncode, again.code)
    assert "1 not run" in stopped.out
    assert "stopped by ben" == _only_batch(slow)["reason"]


def test_a_batch_whose_process_was_killed_goes_on(slow: Cli, tmp_path: Path) -> None:
    process = slow.start("batch", "run-all", **QUICK)
    wait_until(lambda: _sleeper(tmp_path), "it runs", PATIENCE)
    process.kill()
    process.communicate(timeout=PATIENCE)
    _end(tmp_path)
    going_on = slow.start("batch", "resume", _only_batch(slow)["id"], "--json", **QUICK)
    wait_until(lambda: _sleeper(tmp_path), "it runs again", PATIENCE)
    taken = slow("batch", "resume", _only_batch(slow)["id"])
    _end(tmp_path)
    going_on.communicate(timeout=PATIENCE)
    batch = _only_batch(slow)

    assert (1, 7) == (going_on.returncode, taken.code)
    assert ("failed", 1, 1, 0) == tuple(
        batch[name] for name in ("status", "completed", "failed", "left")
    )
    assert 7 == slow("batch", "resume", batch["id"]).code


def _end(tmp_path: Path) -> None:
    """End the command that the node waits for."""
    for process in _sleeper(tmp_path):
        subprocess.run(["kill", "-9", str(process)], check=False)
    wait_until(lambda: not _sleeper(tmp_path), "it has ended")


def test_a_batch_may_be_left_to_a_scheduler(three: Cli) -> None:
    left = three("batch", "run-all", "--detach", "--name", "nightly", "--json").json
    shown = three("batch", "show", left["id"])
    scheduler = three.start("scheduler", "--json", EVERYRUN_SCHEDULER_POLL_SECONDS="0.1", **QUICK)
    wait_until(lambda: 0 == _only_batch(three)["left"], "it ran", PATIENCE)
    scheduler.send_signal(signal.SIGTERM)
    out, _err = scheduler.communicate(timeout=PATIENCE)

    assert ("pending", 3, 3) == (left["status"], left["total"], left["left"])
    assert "nobody runs it" in shown.out
    assert ("nightly", "failed") == (_only_batch(three)["name"], _only_batch(three)["status"])
    assert b'"what":"batch"' in out.replace(b": ", b":")
    assert 0 == scheduler.returncode
