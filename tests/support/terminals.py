"""Programs at a terminal of their own: what they show, and keys that are pressed."""

import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from select import select
from time import monotonic
from types import TracebackType
from typing import Self

SECONDS_ALLOWED = 60
CTRL_C = "\x03"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
_AT_ITS_OWN = (
    "import fcntl, os, sys, termios\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "os.execv(sys.argv[1], sys.argv[1:])\n"
)


class Terminal:
    """One program, whose controlling terminal this is: Ctrl-C reaches it as a signal."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        columns: int = 80,
        lines: int = 50,
    ) -> None:
        self._ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-c", _AT_ITS_OWN, *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=dict(environment),
            start_new_session=True,
        )
        os.close(theirs)
        self.raw = ""

    @property
    def shown(self) -> str:
        """All that was shown so far, without escape sequences."""
        return _ESCAPES.sub("", self.raw).replace("\r\n", "\n")

    def until(self, text: str) -> str:
        """Wait until ``text`` was shown; answers all that was."""
        end = monotonic() + SECONDS_ALLOWED
        while text not in self.shown:
            if monotonic() > end or not self._read():
                raise AssertionError(f"{text!r} was not shown, but:\n{self.shown}")
        return self.shown

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._ours, keys.encode())

    def hang_up(self) -> int:
        """Close the terminal, as a window is closed; answers the program's exit code."""
        os.close(self._ours)
        self._ours = -1
        return self.process.wait(SECONDS_ALLOWED)

    def wait(self) -> int:
        """Wait for the end of the program; answers its exit code."""
        while self._read():
            pass
        return self.process.wait(SECONDS_ALLOWED)

    def _read(self) -> bool:
        if not select([self._ours], [], [], 1)[0]:
            return self.process.poll() is None
        try:
            data = os.read(self._ours, 65_536)
        except OSError:  # Linux says so when the last process has closed the terminal
            return False
        self.raw += data.decode(errors="replace")
        return bool(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._ours >= 0:
            os.close(self._ours)
