"""Scheduler processes, as a user runs them: begun, told apart, killed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

SETTINGS = {
    "EVERYRUN_SCHEDULER_LEASE_SECONDS": "2",
    "EVERYRUN_SCHEDULER_POLL_SECONDS": "0.2",
    "EVERYRUN_LEASE_SECONDS": "3",
    "EVERYRUN_POLL_SECONDS": "0.1",
}


class Scheduler:
    """One process of ``everyrun scheduler``. ``id`` is known once it has begun."""

    def __init__(self, url: str, home: Path, log: Path) -> None:
        environment = {**os.environ, **SETTINGS, "EVERYRUN_HOME": str(home), "EVERYRUN_URL": url}
        self._errors = log.open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "everyrun.cli", "scheduler", "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self.begun = Event()
        self.id: str | None = None
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def kill(self) -> None:
        """End it with -9."""
        self._process.send_signal(signal.SIGKILL)
        self._wait()

    def stop(self, seconds: float) -> int:
        """End it in order, once it has begun; answers its exit code."""
        self.begun.wait(seconds)
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
        return self._wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            if told["what"] == "begun":
                self.id = told["id"]
                self.begun.set()

    def _wait(self) -> int:
        code = self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._errors.close()
        return code
