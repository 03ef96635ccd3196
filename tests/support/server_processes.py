"""``everyrun serve`` as a process of its own, and what it tells."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx

from tests.support.served import NO_TLS

TOKEN = "er_the_token_of_these_tests_0123456789"
TOLD_WITHIN = 60.0
ENDS_WITHIN = 60.0

Told = queue.SimpleQueue[dict[str, Any] | None]
"""What a server told, one document after the other; None once it has ended."""


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


class ServerProcess:
    """A server over the ledger at ``url``, with an admin token; within ``with`` it runs."""

    def __init__(
        self,
        url: str,
        home: Path,
        *arguments: str,
        command: str = "serve",
        port: int | None = None,
        log: Path | None = None,
        **environment: str,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log or home.parent / f"server-{self.port}.log"
        self._command = [sys.executable, "-m", "everyrun.cli", command, "--json"]
        self._command += ["--port", str(self.port), *arguments]
        kept = {name: text for name, text in os.environ.items() if not name.startswith("EVERYRUN_")}
        self._environment = kept | {
            "EVERYRUN_URL": url,
            "EVERYRUN_HOME": str(home),
            "EVERYRUN_ADMIN_TOKEN": TOKEN,
            "EVERYRUN_LANG": "en",
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._told: Told = queue.SimpleQueue()

    def __enter__(self) -> "ServerProcess":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def begin(self) -> None:
        """Start it, and do not wait until it answers."""
        with self.log.open("ab") as errors:
            self.process = subprocess.Popen(
                self._command, stdout=subprocess.PIPE, stderr=errors, env=self._environment
            )
        self._told = queue.SimpleQueue()
        listening = threading.Thread(target=_listen, args=(self.process, self._told), daemon=True)
        listening.start()

    def start(self) -> None:
        """Start it; returns once it answers."""
        self.begin()
        self.told("way_in")

    def told(self, what: str, **more: Any) -> dict[str, Any]:
        """Wait until it tells this."""
        while True:
            document = self._told.get(timeout=TOLD_WITHIN)
            assert document is not None, f"it ended: {self.complaints()}"
            if document["what"] == what and more.items() <= document.items():
                return document

    def client(self, token: str | None = TOKEN) -> httpx.Client:
        """Somebody who calls it."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, verify=NO_TLS)

    @property
    def pid(self) -> int:
        """The first process's id."""
        assert self.process is not None
        return self.process.pid

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def send(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        assert self.process is not None
        return self.process.wait(ENDS_WITHIN)

    def stop(self) -> int:
        """Have it end in order; its exit code."""
        self.send()
        return self.wait()

    def complaints(self) -> str:
        """What it said on standard error."""
        return self.log.read_text(encoding="utf-8")


def _listen(process: "subprocess.Popen[bytes]", told: Told) -> None:
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            told.put(json.loads(line))
    told.put(None)
