"""``make demo``: run the audit for real, then read its record back with the command line.

The record goes into ``.everyrun`` here, and not among a person's own, unless ``EVERYRUN_URL`` or
``EVERYRUN_HOME`` say otherwise.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

OUTPUT = Path("output")
HOME = Path(".everyrun")


def main() -> int:
    """Audit, then show the record. Answers 0 when the audit could be shown, whatever it found."""
    own_home = not {"EVERYRUN_URL", "EVERYRUN_HOME"} & os.environ.keys()
    if own_home:
        os.environ["EVERYRUN_HOME"] = str(HOME.resolve())
    import everyrun
    from examples.environment_audit.main import SECONDS_TO_SHIP, run

    report = run(OUTPUT, [], workers=4, tamper=True)
    if not everyrun.flush(SECONDS_TO_SHIP):
        print("The ledger does not answer; the record waits in the spool: everyrun spool status")
        return 1
    record = report.execution_id
    for words in (
        ("list", "--limit", "5"),
        ("show", record),
        ("show", record, "--nodes", "failed"),
        ("show", record, "--nodes", "slowest"),
        ("logs", record, "--level", "warning", "--lines", "10"),
        ("stats", "--workflow", "environment audit"),
    ):
        code = _everyrun(words)
        if code != 0:
            return code
    print()
    print(f"The report: {report.page}")
    print(f"            {report.spreadsheet}")
    if own_home:
        print(f"Look around yourself: EVERYRUN_HOME={HOME} .venv/bin/everyrun list")
    return 0


def _everyrun(words: Sequence[str]) -> int:
    """Run the command line as a person would, saying what is run."""
    print(f"\n$ everyrun {shlex.join(words)}", flush=True)
    command = [str(Path(sys.executable).with_name("everyrun")), *words]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
