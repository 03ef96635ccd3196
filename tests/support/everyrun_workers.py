"""Real ``everyrun worker`` processes over one ledger and one broker, to start, kill and end."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

_PATIENCE_SECONDS = 30


class EveryrunWorkers:
    """So many workers within ``with``, each the leader of a process group of its own."""

    def __init__(
        self,
        url: str,
        broker_url: str,
        home: Path,
        *,
        count: int = 2,
        settings: Mapping[str, str] | None = None,
        options: tuple[str, ...] = ("--concurrency", "2"),
    ) -> None:
        own = {name: text for name, text in os.environ.items() if not name.startswith("EVERYRUN_")}
        self.environment = {
            **own,
            "EVERYRUN_URL": url,
            "EVERYRUN_HOME": str(home),
            "EVERYRUN_BROKER_URL": broker_url,
            "EVERYRUN_TEND_SECONDS": "0.2",
            **(settings or {}),
        }
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._count = count
        self._options = options
        self._log = home / "workers.log"
        self.processes: list[subprocess.Popen[bytes]] = []
        home.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        for _ in range(self._count):
            self.start()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @property
    def said(self) -> str:
        """What all of them have said."""
        return self._log.read_text() if self._log.exists() else ""

    def start(self) -> subprocess.Popen[bytes]:
        """One more."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "everyrun.cli", "worker", *self._options],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End one with -9, and all that it has started, as when its machine loses power."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.processes.remove(process)
