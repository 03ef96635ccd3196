"""Further processes that answer at the same socket, and end when the first one does.

Each reads from a pipe that only the first process could write to. It never does; but the pipe ends
when that process lets go of it or dies, however it dies.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

_PAUSE_SECONDS = 1.0
"""Between two starts of one that ends again and again."""


class Workers:
    """Keeps so many further processes answering."""

    def __init__(
        self,
        listener: socket.socket,
        count: int,
        environment: Mapping[str, str],
        *,
        on_ended: Callable[[int, int], None] | None = None,
    ) -> None:
        """``on_ended`` is told the id and exit code of one that ended by itself."""
        self._listener = listener.dup()
        self._environment = dict(environment)
        self._on_ended = on_ended
        self._reading, self._writing = os.pipe()
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * count
        self._began = [0.0] * count
        self._ending = False

    @property
    def pids(self) -> list[int]:
        """Those that run."""
        return [each.pid for each in self._processes if each is not None]

    @property
    def is_running(self) -> bool:
        """Whether any has not ended."""
        return any(each is not None and each.poll() is None for each in self._processes)

    def look_after(self) -> None:
        """Start those that do not run; to be called again and again."""
        for number in range(len(self._processes)):
            process = self._processes[number]
            if process is not None and process.poll() is not None:
                self._processes[number] = None
                if self._on_ended is not None:
                    self._on_ended(process.pid, process.returncode)
            paused = time.monotonic() - self._began[number] > _PAUSE_SECONDS
            if self._processes[number] is None and paused:
                self._began[number] = time.monotonic()
                self._processes[number] = self._start()

    def stop(self) -> None:
        """Have them end in order. They are not started again."""
        if not self._ending:
            self._ending = True
            os.close(self._writing)
            os.close(self._reading)
            self._listener.close()

    def kill(self) -> None:
        """End them at once."""
        for process in self._processes:
            if process is not None:
                with suppress(ProcessLookupError):
                    process.kill()

    def join(self) -> None:
        """Wait for their end."""
        for process in self._processes:
            if process is not None:
                process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        listening, reading = self._listener.fileno(), self._reading
        program = [sys.executable, "-m", "everyrun.server.process.worker"]
        return subprocess.Popen(  # noqa: S603 - ourselves
            [*program, str(listening), str(reading)],
            env=self._environment,
            pass_fds=(listening, reading),
            stdin=subprocess.DEVNULL,
        )
