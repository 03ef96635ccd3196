"""What the processes of these tests do. Started as ``python -m … PROGRAM ARGUMENTS``."""

import json
import sys
from pathlib import Path

from everyrun.testing import recorded
from everyrun.tracking.commands import run_command


def run_and_tell(path: str, *command: str) -> int:
    """Run a command and write what is on record of it to ``path``; its exit code is ours."""
    with recorded() as runs:
        code = run_command(command)
    run = runs.one()
    told = {
        "status": run.status,
        "error": run.error and [run.error.type, run.error.message],
        "lines": [[line.logger, line.message] for line in run.lines],
        "output": run.output,
    }
    Path(path).write_text(json.dumps(told))
    return code


if __name__ == "__main__":
    sys.exit(globals()[sys.argv[1]](*sys.argv[2:]))
