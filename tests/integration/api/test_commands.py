"""``run_command``: real commands, unchanged, on record."""

import os
import stat
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

import everyrun
from everyrun.domain.status import Status
from everyrun.testing import Runs, recorded
from everyrun.tracking import command_output, recording
from everyrun.tracking.commands import run_command, usual_command_name
from everyrun.tracking.recorder import SilentRecorder
from everyrun.tracking.settings import Settings

Capture = pytest.CaptureFixture[bytes]


@pytest.fixture
def runs() -> Iterator[Runs]:
    """What the test puts on record."""
    with recorded() as recorded_runs:
        yield recorded_runs


def python(code: str, *arguments: str) -> list[str]:
    """The command that runs ``code``."""
    return [sys.executable, "-c", code, *arguments]


def shell(script: str) -> list[str]:
    """The command that runs a shell script."""
    return ["sh", "-c", script]


def test_a_command_is_an_execution(
    runs: Runs, capfdbinary: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    told: list[str] = []

    assert 0 == run_command(["echo", "hello"], tags=["a"], external_id="e-1", began=told.append)

    run = runs.one()
    assert [run.id] == told
    assert "echo" == run.name
    assert "script" == run.kind
    assert Status.COMPLETED == run.status
    assert {"command": ["echo", "hello"], "directory": str(tmp_path)} == run.input
    assert {"exit_code": 0} == run.output
    assert ["a"] == run.tags
    assert "e-1" == run.external_id
    assert run.error is None
    assert ["hello"] == run.messages
    assert (b"hello\n", b"") == capfdbinary.readouterr()


def test_lines_of_both_streams_are_told_apart(runs: Runs, capfdbinary: Capture) -> None:
    run_command(shell("echo out; echo err >&2"))

    lines = {(line.logger, line.message, line.level) for line in runs.one().lines}
    assert {("stdout", "out", "info"), ("stderr", "err", "info")} == lines
    assert (b"out\n", b"err\n") == capfdbinary.readouterr()


def test_bytes_pass_through_unchanged(runs: Runs, capfdbinary: Capture) -> None:
    odd = bytes(range(256)) + b"\r\n\xff\xfe\x00no end"

    run_command(python(f"import os; os.write(1, {odd!r})"))

    assert odd == capfdbinary.readouterr().out
    assert "\\xff\\xfe\\x00no end" == runs.one().messages[-1]


def test_of_a_progress_bar_the_last_state_is_recorded(runs: Runs, capfdbinary: Capture) -> None:
    run_command(shell(r"printf '\r10%%\r50%%\r100%%\ndone\n' >&2"))

    assert ["100%", "done"] == runs.one().messages
    assert b"\r10%\r50%\r100%\ndone\n" == capfdbinary.readouterr().err


def test_a_very_long_line_is_cut_on_record_only(runs: Runs, capfdbinary: Capture) -> None:
    run_command(python("print('x' * 1_000_000)"))

    (message,) = runs.one().messages
    assert len(message) < 20_000
    assert message.endswith("more characters]")
    assert b"x" * 1_000_000 + b"\n" == capfdbinary.readouterr().out


def test_the_command_reads_our_input(runs: Runs, capfdbinary: Capture, tmp_path: Path) -> None:
    (tmp_path / "input").write_text("from us\n")
    given = os.open(tmp_path / "input", os.O_RDONLY)
    before = os.dup(0)
    os.dup2(given, 0)
    try:
        run_command(["cat"])
    finally:
        os.dup2(before, 0)
        os.close(before)
        os.close(given)

    assert ["from us"] == runs.one().messages


def test_an_exit_code_is_a_failure_and_ours(runs: Runs, capfdbinary: Capture) -> None:
    assert 3 == run_command(shell("echo trying; echo one >&2; echo two >&2; exit 3"))

    run = runs.one()
    assert Status.FAILED == run.status
    assert {"exit_code": 3} == run.output
    assert run.error is not None
    assert ("ExitCode", "exit code 3") == (run.error.type, run.error.message)
    assert "one\ntwo\n" == run.error.traceback


def test_a_command_that_a_signal_kills_has_failed(runs: Runs, capfdbinary: Capture) -> None:
    assert 128 + 9 == run_command(shell("kill -KILL $$"))

    run = runs.one()
    assert Status.FAILED == run.status
    assert {"signal": "SIGKILL"} == run.output
    assert run.error is not None
    assert ("Signal", "killed by SIGKILL") == (run.error.type, run.error.message)


def test_a_command_that_is_not_there_is_127(runs: Runs, capfdbinary: Capture) -> None:
    assert 127 == run_command(["no-such-command-anywhere", "x"])

    run = runs.one()
    assert Status.FAILED == run.status
    assert run.error is not None
    assert "no-such-command-anywhere: command not found" == run.error.message
    told = capfdbinary.readouterr().err
    assert b"everyrun: no-such-command-anywhere: command not found\n" == told


def test_a_file_that_cannot_be_executed_is_126(
    runs: Runs, capfdbinary: Capture, tmp_path: Path
) -> None:
    plain = tmp_path / "plain"
    plain.write_text("not a program")
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fNOT")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)

    assert 126 == run_command([str(plain)])
    assert 126 == run_command([str(broken)])
    assert 126 == run_command(["echo", "a\0b"])

    messages = [run.error and run.error.message for run in runs]
    assert [f"{plain}: Permission denied", f"{broken}: Exec format error"] == messages[:2]
    assert [Status.FAILED] * 3 == [run.status for run in runs]


def test_nothing_is_no_command(runs: Runs) -> None:
    with pytest.raises(ValueError, match="no command"):
        run_command([])


def test_secrets_in_the_command_line_are_hidden(runs: Runs, capfdbinary: Capture) -> None:
    run_command(["echo", "--password", "hunter2-hunter2", "--token=abcdefgh12345678"])

    given = runs.one().input["command"]
    assert "hunter2-hunter2" not in given
    assert not any("abcdefgh12345678" in word for word in given)


def test_the_command_knows_its_execution_and_ledger(runs: Runs, capfdbinary: Capture) -> None:
    names = ("EVERYRUN_PARENT_EXECUTION_ID", "EVERYRUN_URL", "EVERYRUN_HOME")
    run_command(python(f"import os\nfor n in {names!r}: print(os.environ[n])"))

    settings = recording.current().settings
    run = runs.one()
    assert [run.id, settings.url, str(settings.home)] == run.messages


def test_a_command_inside_an_execution_is_linked_to_it(runs: Runs, capfdbinary: Capture) -> None:
    with everyrun.execution("outer") as outer:
        run_command(["true"])

    assert outer.id == runs.one("true").parent_execution_id


def test_a_file_we_were_given_is_the_commands(
    runs: Runs, capfdbinary: Capture, tmp_path: Path
) -> None:
    given = os.open(tmp_path / "given", os.O_WRONLY | os.O_CREAT)
    os.set_inheritable(given, True)
    try:
        run_command(python(f"import os; os.write({given}, b'hello')"))
    finally:
        os.close(given)

    assert "hello" == (tmp_path / "given").read_text()


@pytest.mark.parametrize("notice", [True, False], ids=["pidfd", "looking"])
def test_what_the_command_leaves_behind_does_not_hold_us(
    runs: Runs, capfdbinary: Capture, monkeypatch: pytest.MonkeyPatch, notice: bool
) -> None:
    monkeypatch.setattr(command_output, "GRACE", 0.05)
    if not notice:
        monkeypatch.delattr(os, "pidfd_open")
    left_behind = "import signal; signal.pause()"
    code = f"""
import subprocess, sys
left = subprocess.Popen([sys.executable, "-c", {left_behind!r}])
print(left.pid, flush=True)
"""
    assert 0 == run_command(python(code))

    assert Status.COMPLETED == runs.one().status
    os.kill(int(runs.one().messages[0]), 9)


def test_what_is_written_within_the_grace_is_recorded(runs: Runs, capfdbinary: Capture) -> None:
    run_command(shell("(read line < /dev/null; echo late) & echo early"))

    assert {"early", "late"} == set(runs.one().messages)


def test_a_command_that_closes_its_streams_is_awaited(runs: Runs, capfdbinary: Capture) -> None:
    assert 5 == run_command(
        python("import os; os.close(1); os.close(2); os.stat('/'); os._exit(5)")
    )

    assert Status.FAILED == runs.one().status


def test_a_flood_of_output_does_not_grow_memory(capfdbinary: Capture) -> None:
    silent = SilentRecorder(Settings(enabled=False))
    former = recording.use(silent)
    nowhere, before = os.open(os.devnull, os.O_WRONLY), os.dup(1)
    os.dup2(nowhere, 1)
    tracemalloc.start()
    try:
        run_command(python("line = 'x' * 999\nfor n in range(20_000): print(line)"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        os.dup2(before, 1)
        os.close(before)
        os.close(nowhere)
        recording.use(former)

    assert peak < 2_000_000


def test_a_reader_that_has_left_breaks_the_commands_pipe(runs: Runs, capfdbinary: Capture) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    before = os.dup(1)
    os.dup2(writer, 1)
    os.close(writer)
    try:
        code = run_command(["yes"])
    finally:
        os.dup2(before, 1)
        os.close(before)

    assert 128 + 13 == code
    assert {"signal": "SIGPIPE"} == runs.one().output


def test_an_output_that_takes_nothing_is_told_of_once(runs: Runs, capfdbinary: Capture) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    before = os.dup(1)
    os.dup2(full, 1)
    os.close(full)
    try:
        code = run_command(shell("echo one; echo two"))
    finally:
        os.dup2(before, 1)
        os.close(before)

    assert 0 == code
    told = [message for message in runs.one().messages if "passed on" in message]
    assert ["stdout is no longer passed on: No space left on device"] == told
    assert {"one", "two"} < set(runs.one().messages)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["backup"], "backup"),
        (["/usr/bin/backup", "-v"], "backup"),
        (["python", "x.py"], "x.py"),
        (["/usr/bin/python3.11", "-u", "-X", "dev", "jobs/x.py", "--y"], "x.py"),
        (["python3", "-m", "tool.main", "x"], "tool.main"),
        (["python3", "-c", "pass"], "python3"),
        (["python3"], "python3"),
        (["bash", "-eu", "deploy.sh"], "deploy.sh"),
        (["shred", "x"], "shred"),
        (["nodeenv", "x"], "nodeenv"),
    ],
)
def test_a_command_is_named_for_what_it_runs(command: list[str], name: str) -> None:
    assert name == usual_command_name(command)
