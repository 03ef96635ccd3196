"""Ctrl-C ends a command with 130, wherever it hits."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
import typer
from everyrun.cli.main import main

class Interrupted:
    def make_context(self, *_):
        exec("raise KeyboardInterrupt")

typer.main.get_command = lambda _app: Interrupted()
sys.exit(main(["list"]))
"""


def test_an_interrupt_while_a_library_makes_code_of_text_is_an_answer_too(tmp_path: Path) -> None:
    (tmp_path / "started.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "started"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)

    assert (130, b"") == (ended.returncode, ended.stderr)
