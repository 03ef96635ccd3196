"""Starting a small program of a test in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def start(module: str, program: str, *arguments: object) -> "subprocess.Popen[str]":
    """Start ``program`` of ``module``; its input and output are ours."""
    command = [sys.executable, "-m", module, program, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def run(module: str, program: str, *arguments: object, warns_of: str = "") -> Any:
    """Run ``program`` to its end; what it said last, as JSON.

    It must end well, and complain of nothing but, in one line, what it ``warns_of``.
    """
    with start(module, program, *arguments) as process:
        said, complaints = process.communicate(timeout=60)

    assert (0, bool(warns_of)) == (process.returncode, complaints.count("\n") == 1), complaints
    assert warns_of in complaints
    lines = said.splitlines()
    return json.loads(lines[-1]) if lines else None
