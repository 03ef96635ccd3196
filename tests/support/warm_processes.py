"""The ``everyrun`` command in processes that need not load it anew: each forks from one that has.

A command's process is as good as a started one (its own id, session, streams, environment, time
zone and working folder, its exit code and signals) but for what Python does with its environment
while it starts. Loading takes 0.5 s of a processor, forking 0.02 s.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
READ_WHILE_STARTING = ("PYTHON", "LC_", "MALLOC_", "LD_")
"""Variables that begin so are minded by a process that is started, not by one that forks."""


class WarmProcess:
    """A command that runs, as :class:`subprocess.Popen` has it."""

    def __init__(self, told: socket.socket) -> None:
        self._told = told
        self._lines = told.makefile("rb")
        self.pid = int(self._lines.readline())
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, or the signal that ended it, negative. Raises ``TimeoutError``."""
        if self.returncode is None:
            self._told.settimeout(timeout)
            self.returncode = int(self._lines.readline())
            self._lines.close()
            self._told.close()
        return self.returncode

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.pid, signal.SIGKILL)


class WarmProcesses:
    """Keeps one process in which everything is loaded; ``close`` ends it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {
            name: text
            for name, text in environment.items()
            if name.startswith(READ_WHILE_STARTING) or name in {"PATH", "LANG"}
        }
        self._folder = tempfile.TemporaryDirectory(prefix="everyrun-warm-")
        self._address = str(Path(self._folder.name) / "socket")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.warm_process", self._address],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        with self._process.stdout as said:
            assert said.readline() == b"ready\n"

    def suit(self, environment: Mapping[str, str]) -> bool:
        """Whether a process that forks minds all of this."""
        kept = {
            name: text
            for name, text in environment.items()
            if name.startswith(READ_WHILE_STARTING) or name == "PATH"
        }
        ours = {name: text for name, text in self._environment.items() if name != "LANG"}
        return kept == ours and environment.get("LANG", "").endswith("UTF-8")

    def start(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        streams: tuple[int, int, int],
        *,
        session: bool = False,
        controls: bool = False,
    ) -> WarmProcess:
        """Run ``everyrun`` with these standard streams.

        In a ``session`` of its own, whose terminal it ``controls``.
        """
        request = {
            "arguments": list(arguments),
            "environment": dict(environment),
            "folder": str(Path.cwd()),
            "session": session,
            "controls": controls,
        }
        asking = socket.socket(socket.AF_UNIX)
        asking.connect(self._address)
        data = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(asking, [data], streams)
        asking.sendall(data[sent:])
        return WarmProcess(asking)

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], said: bytes, timeout: float
    ) -> "subprocess.CompletedProcess[bytes]":
        """Run ``everyrun`` to its end, with pipes; ``said`` is its input.

        Raises ``TimeoutError`` once ``timeout`` seconds have passed.
        """
        (stdin, ours), (out, stdout), (err, stderr) = os.pipe(), os.pipe(), os.pipe()
        command = self.start(arguments, environment, (stdin, stdout, stderr))
        for theirs in (stdin, stdout, stderr):
            os.close(theirs)
        with ThreadPoolExecutor(3) as at_once:
            at_once.submit(_write, ours, said)
            answers = [at_once.submit(_read, descriptor) for descriptor in (out, err)]
            try:
                code = command.wait(timeout)
            except TimeoutError:
                command.kill()
                raise
            return subprocess.CompletedProcess(
                arguments, code, *(answer.result(timeout) for answer in answers)
            )

    def close(self) -> None:
        """End the process; the commands that still run go on."""
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _write(descriptor: int, data: bytes) -> None:
    with suppress(BrokenPipeError), open(descriptor, "wb") as pipe:
        pipe.write(data)


def _read(descriptor: int) -> bytes:
    with open(descriptor, "rb") as pipe:
        return pipe.read()
