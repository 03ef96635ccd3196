"""Seeing to it that commands do not outlive the engine, not even one that is killed with -9.

What dies with its parent by the kernel's own doing (``PR_SET_PDEATHSIG``) is the command's first
process alone, and only on Linux; and a shell around every command that listens at a pipe knows
nothing of processes that have left its group. So there is one guard for each engine, a process of
10 MB that is started with the first command and told of each one through a pipe: three writes a
command, 5 µs together, where a shell around each would cost 300 µs.

A mark is told before its command begins: there is no moment at which the guard would not find it.
"""

import os
import signal
import sys
import threading
from contextlib import suppress

from everyrun.nodes.commands import ending

_NEEDED = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_HELD_BACK = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Guard:
    """The engine's end of the pipe. Starts the guard when it is needed, and again if it is gone."""

    def __init__(self) -> None:
        self._forget_all()

    def watch(self, mark: str, grace: float, leader: int = 0) -> None:
        """End what carries ``mark`` when we are gone. ``leader`` is told once it is known."""
        with self._lock:
            self._commands[mark] = f"{mark} {leader} {grace}\n"
            self._tell(self._commands[mark])

    def forget(self, mark: str) -> None:
        """Let what carries ``mark`` be: its command has ended."""
        with self._lock:
            if self._commands.pop(mark, None) is not None:
                self._tell(f"{mark}\n")

    def _forget_all(self) -> None:
        self._lock = threading.Lock()
        self._commands: dict[str, str] = {}
        self._process = 0
        self._pipe = -1

    def _tell(self, line: str) -> None:
        if self._process:
            with suppress(BrokenPipeError):
                os.write(self._pipe, line.encode())
                return
            os.close(self._pipe)
            with suppress(ChildProcessError):  # somebody has waited for all of our children
                os.waitpid(self._process, 0)
        self._start()
        os.write(self._pipe, "".join(self._commands.values()).encode())

    def _start(self) -> None:
        reading, self._pipe = os.pipe()
        try:
            self._process = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", ending.__file__, str(os.getpid())],
                {name: os.environ[name] for name in _NEEDED if name in os.environ},
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, reading, 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
                ],
                setsigmask=_HELD_BACK,
            )
        finally:
            os.close(reading)

    def after_fork(self) -> None:
        """A child has its own commands, and a guard of its own."""
        if self._process:
            os.close(self._pipe)
        self._forget_all()


GUARD = Guard()
"""This process's."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=GUARD.after_fork)
