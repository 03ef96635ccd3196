"""Ending a command: all that it has started, wherever that has gone.

A command's processes are those of its session and process group, those that carry its mark in their
environment (which they keep when they daemonise), and the children of all these.

This file is a program too, the guard: told on its standard input which commands run, it ends them
once the engine is gone, however it went. It imports the standard library alone, so that it starts
in milliseconds and weighs little.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

MARKS = "EVERYRUN_COMMANDS"
"""The environment variable of a command's processes: its mark, after those of commands around."""

PAUSES = (0.005, 0.01, 0.02, 0.05)
"""Seconds between looks at what is left; the last one is repeated."""

PATIENCE = 5.0
"""Seconds after which one that was killed and is still there (in a hung system call) is left."""

_PROC = "/proc"
_IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Ending:
    """Asks a command's processes to end, and kills those that have not after ``grace`` seconds."""

    def __init__(self, mark: str, leader: int, grace: float) -> None:
        self._mark = mark.encode()
        self._leader = leader
        self._kill_at = time.monotonic() + grace
        self._asked: set[int] = set()
        self._looks = 0
        self._empty_looks = 0
        self.left: set[int] = set()
        """Those that were there at the last look."""

    def goes_on(self) -> bool:
        """Look for the processes and tell them; False when none is left, or none will ever go.

        Two looks must find none: one that forks while we look can hide its child from us.
        """
        self._looks += 1
        self.left = find_processes(self._mark, self._leader)
        self._empty_looks = 0 if self.left else self._empty_looks + 1
        now = time.monotonic()
        if now >= self._kill_at:
            _send(self.left, signal.SIGKILL)
        elif fresh := self.left - self._asked:
            _send(fresh, signal.SIGTERM)
            _send(fresh, signal.SIGCONT)  # one that is stopped would hear nothing
            self._asked |= fresh
        return self._empty_looks < 2 and now < self._kill_at + PATIENCE

    def hurry(self) -> None:
        """Kill from now on."""
        self._kill_at = min(self._kill_at, time.monotonic())

    @property
    def pause(self) -> float:
        """Seconds until the next look."""
        return PAUSES[min(self._looks, len(PAUSES)) - 1]


def end_all(endings: list[Ending]) -> None:
    """Bring them all about."""
    while endings := [ending for ending in endings if ending.goes_on()]:
        select.select((), (), (), endings[0].pause)


def find_processes(mark: bytes, leader: int) -> set[int]:
    """The ids of what runs of a command. ``leader`` 0 is not known yet."""
    found: set[int] = set()
    children: dict[int, list[int]] = {}
    for process, parent, group, session in _running_processes():
        if (leader and leader in (group, session)) or _carries(process, mark):
            found.add(process)
        children.setdefault(parent, []).append(process)
    new = list(found)
    while new:
        new = [child for parent in new for child in children.get(parent, ()) if child not in found]
        found.update(new)
    return found - {os.getpid()}


def _running_processes() -> Iterator[tuple[int, int, int, int]]:
    """Id, parent, group and session of all that run; the dead that nobody has buried do not."""
    try:
        names = os.listdir(_PROC)  # noqa: PTH208 - pathlib would double the guard's start
    except FileNotFoundError:
        yield from _listed_by_ps()
        return
    for name in names:
        if name.isdecimal():
            with suppress(OSError), open(f"{_PROC}/{name}/stat", "rb") as file:  # noqa: PTH123
                state, *numbers = file.read().rpartition(b")")[2].split(maxsplit=4)[:4]
                if state not in (b"Z", b"X"):
                    parent, group, session = map(int, numbers)
                    yield int(name), parent, group, session


def _listed_by_ps() -> Iterator[tuple[int, int, int, int]]:
    """The same on systems without ``/proc``, which do not show sessions."""
    import subprocess

    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,pgid=,stat="],  # noqa: S607 - where it lies differs
        capture_output=True,
        text=True,
        check=False,
    )
    for line in listing.stdout.splitlines():
        *numbers, state = line.split(maxsplit=3)
        if not state.startswith("Z"):
            process, parent, group = map(int, numbers)
            yield process, parent, group, group


def _carries(process: int, mark: bytes) -> bool:
    try:
        with open(f"{_PROC}/{process}/environ", "rb") as file:  # noqa: PTH123
            return mark in file.read()
    except OSError:  # it has ended, or is another user's
        return False


def _send(processes: Iterable[int], number: int) -> None:
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, number)


def guard(engine: int) -> None:
    """Read which commands run; end them all when ``engine``, our parent, is gone.

    A line ``MARK LEADER GRACE`` says that one runs, a line ``MARK`` that it has ended. The end of
    our input says that the engine is gone, and so does its process, because a fork of it may hold
    the other end of our input open.
    """
    commands: dict[str, tuple[int, float]] = {}
    rest = b""
    notices: list[int] = []
    with suppress(AttributeError, OSError):  # not on this system
        notices.append(os.pidfd_open(engine))
    patience = None if os.getppid() == engine else 0
    while chunk := _read(notices, patience):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            mark, *said = line.decode().split()
            if said:
                commands[mark] = (int(said[0]), float(said[1]))
            else:
                commands.pop(mark, None)
    end_all([Ending(mark, *said) for mark, said in commands.items()])


def _read(notices: list[int], patience: float | None) -> bytes:
    """What the engine says; nothing once it has said all and is gone."""
    ready, _, _ = select.select([0, *notices], (), (), patience)
    return os.read(0, 65536) if 0 in ready else b""


def _be_nobodys() -> None:
    """Leave the engine's terminal, folder and files, and hear no signal that is meant for it."""
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    os.setsid()
    os.chdir("/")
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))


if __name__ == "__main__":
    _be_nobodys()
    guard(int(sys.argv[1]))
