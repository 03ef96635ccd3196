"""Following chains on record, by the command line that a person would use."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

SECONDS_BETWEEN = 1.0
SETTLED = frozenset({"completed", "failed", "cancelled", "skipped"})


def settled(chain_id: str, still_worked_on: Callable[[], bool]) -> dict[str, Any]:
    """The record of a chain once it has settled, or when nobody works on it any more."""
    while True:
        goes_on = still_worked_on()
        record = _record(chain_id)
        if record.get("status") in SETTLED or not goes_on:
            return record
        threading.Event().wait(SECONDS_BETWEEN)


def _record(chain_id: str) -> dict[str, Any]:
    shown = subprocess.run(
        [sys.executable, "-m", "everyrun.cli", "show", chain_id, "--json"],
        stdout=subprocess.PIPE,
        check=True,
    )
    record: dict[str, Any] = json.loads(shown.stdout)
    return record
