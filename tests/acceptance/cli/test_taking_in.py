"""Right after a crash, the record shows the crash."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os, everyrun

@everyrun.node
def step() -> None:
    everyrun.log.info("about to die")
    os.kill(os.getpid(), 9)

with everyrun.execution("밤 작업"):
    step()
"""


def _everyrun(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "everyrun.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_first_command_after_a_crash_shows_it_as_lost(own_home: Path) -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=False)

    listed = _everyrun("list")
    logged = _everyrun("logs", "--search", "about to die")

    assert 0 == listed.returncode
    assert "lost" in listed.stdout
    assert "밤 작업" in listed.stdout
    assert "about to die" in logged.stdout
    assert [] == list((own_home / "spool").glob("*/*-*"))


def test_what_cannot_be_taken_in_is_told_and_does_not_keep_a_command_from_answering(
    own_home: Path,
) -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=False)
    (own_home / "everyrun.db").mkdir()

    listed = _everyrun("list")

    assert "everyrun spool replay" in listed.stderr
    assert "Traceback" not in listed.stderr
