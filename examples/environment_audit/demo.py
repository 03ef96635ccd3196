"""``make demo``: run the audit's graph for real, then read its record back.

The record goes into ``.everyrun`` here, and not among a person's own, unless ``EVERYRUN_URL`` or
``EVERYRUN_HOME`` say otherwise.
"""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

OUTPUT = Path("output")
HOME = Path(".everyrun")
GRAPH = Path(__file__).with_name("audit.yaml")
WORKFLOW = "package audit"


def main() -> int:
    """Audit, then show the record. Answers 0 when the audit could be shown, whatever it found."""
    own_home = not {"EVERYRUN_URL", "EVERYRUN_HOME"} & os.environ.keys()
    if own_home:
        os.environ["EVERYRUN_HOME"] = str(HOME.resolve())
    given = ("--input", "tamper=true", "--input", f"output={OUTPUT.resolve()}")
    code = _everyrun(("run", os.path.relpath(GRAPH), *given))
    if code != 0:
        return code
    audited = _latest()
    record = audited["id"]
    for words in (
        ("list", "--limit", "5"),
        ("show", record),
        ("show", record, "--nodes", "failed"),
        ("show", record, "--nodes", "slowest"),
        ("logs", record, "--level", "warning", "--lines", "10"),
        ("stats", "--workflow", WORKFLOW),
    ):
        code = _everyrun(words)
        if code != 0:
            return code
    print()
    print(f"The report: {audited['output']['page']}")
    print(f"            {audited['output']['spreadsheet']}")
    if own_home:
        print(f"Look around yourself: EVERYRUN_HOME={HOME} .venv/bin/everyrun list")
    return 0


def _everyrun(words: Sequence[str]) -> int:
    """Run the command line as a person would, saying what is run."""
    print(f"\n$ everyrun {shlex.join(words)}", flush=True)
    return subprocess.run(_command(words), check=False).returncode


def _latest() -> Any:
    """The record of the audit that ran last."""
    listed = _read(("list", "--workflow", WORKFLOW, "--limit", "1", "--json"))
    return _read(("show", listed["items"][0]["id"], "--json"))


def _read(words: Sequence[str]) -> Any:
    done = subprocess.run(_command(words), check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def _command(words: Sequence[str]) -> list[str]:
    return [str(Path(sys.executable).with_name("everyrun")), *words]


if __name__ == "__main__":
    sys.exit(main())
