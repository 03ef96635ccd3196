"""Signals that are passed on to a command."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.programs import ROOT

MODULE = "tests.integration.api.programs"
DRIVER = [sys.executable, "-m", MODULE, "run_and_tell"]

TELLS = """
import os, signal, sys
def take(number, frame):
    print("got", signal.Signals(number).name, flush=True)
    if number in (signal.SIGTERM, signal.SIGHUP):
        sys.exit({code})
for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH):
    signal.signal(each, take)
print("ready", flush=True)
while True:
    signal.pause()
"""

COUNTS = """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
print("ready", flush=True)
signal.sigwait([signal.SIGINT])
again = signal.sigtimedwait([signal.SIGINT], 0.5)
print("once" if again is None else "twice", flush=True)
"""


class Recorded:
    """A command that runs on record in a process of its own, begun and waiting."""

    def __init__(self, tmp_path: Path, code: str, prefix: tuple[str, ...] = ()) -> None:
        self.told = tmp_path / "told.json"
        self.process = subprocess.Popen(
            [*prefix, *DRIVER, str(self.told), sys.executable, "-c", code],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.next_line_is("ready")

    def next_line_is(self, line: str) -> None:
        """Wait for the command to say it."""
        assert self.process.stdout is not None
        assert f"{line}\n".encode() == self.process.stdout.readline()

    def end(self) -> tuple[int, dict[str, Any]]:
        """Its exit code and what is on record."""
        self.process.communicate(timeout=60)
        return self.process.returncode, json.loads(self.told.read_text())


def test_each_signal_reaches_the_command(tmp_path: Path) -> None:
    command = Recorded(tmp_path, TELLS.format(code=0))
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH, signal.SIGTERM):
        command.process.send_signal(number)
        command.next_line_is(f"got {number.name}")

    code, told = command.end()
    assert 0 == code
    assert "completed" == told["status"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP])
def test_a_command_that_dies_of_what_was_passed_on_is_cancelled(
    tmp_path: Path, number: signal.Signals
) -> None:
    code = "import signal\n"
    code += "for n in (2, 3): signal.signal(n, signal.SIG_DFL)\n"
    code += "print('ready', flush=True)\nsignal.pause()"
    command = Recorded(tmp_path, code)
    command.process.send_signal(number)

    code_, told = command.end()
    assert 128 + number == code_
    assert "cancelled" == told["status"]
    assert ["Signal", f"killed by {number.name}"] == told["error"]


def test_a_command_that_says_it_died_of_it_is_cancelled(tmp_path: Path) -> None:
    command = Recorded(tmp_path, TELLS.format(code=143))
    command.process.send_signal(signal.SIGTERM)

    code, told = command.end()
    assert 143 == code
    assert "cancelled" == told["status"]


def test_a_command_that_fails_on_being_asked_to_stop_has_failed(tmp_path: Path) -> None:
    command = Recorded(tmp_path, TELLS.format(code=1))
    command.process.send_signal(signal.SIGTERM)

    code, told = command.end()
    assert 1 == code
    assert "failed" == told["status"]


def test_what_is_ignored_stays_ignored(tmp_path: Path) -> None:
    code = "import signal\nprint('ready', flush=True)\n"
    code += "print(signal.getsignal(signal.SIGHUP).name, flush=True)\nsignal.pause()"
    command = Recorded(tmp_path, code, prefix=("nohup",))
    command.next_line_is("SIG_IGN")
    command.process.send_signal(signal.SIGHUP)
    command.process.send_signal(signal.SIGTERM)

    code_, _ = command.end()
    assert 128 + signal.SIGTERM == code_


def test_what_the_terminal_sends_reaches_the_command_once(tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - it becomes another program
        os.chdir(ROOT)
        os.execv(sys.executable, [*DRIVER, str(told), sys.executable, "-c", COUNTS])
    said = b""
    while b"ready" not in said:
        said += os.read(terminal, 1000)
    os.write(terminal, b"\x03")
    while b"once" not in said and b"twice" not in said:
        said += os.read(terminal, 1000)
    os.waitpid(child, 0)
    os.close(terminal)

    assert b"twice" not in said
    recorded = json.loads(told.read_text())
    assert "completed" == recorded["status"]
    assert [["stdout", "ready"], ["stdout", "once"]] == recorded["lines"]
