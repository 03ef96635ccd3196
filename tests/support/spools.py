"""Both ends of a spool without a recorder, on a disk that can be told to fail."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from everyrun.domain.clock import SystemClock
from everyrun.tracking.spool.layout import SpoolDirectory
from everyrun.tracking.spool.marks import StateFile
from everyrun.tracking.spool.reading import Backlog
from everyrun.tracking.spool.unyielding import Writes, yielding_writes
from everyrun.tracking.spool.writing import SpoolWriter

Deed = Callable[[int, bytes], int]
"""What the disk does with one write: (descriptor, data) -> bytes written, or -1."""


class FailingDisk:
    """Writes for real, but for the writes that it was told to do otherwise, in order."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self._real = yielding_writes()
        self._error = errno.EIO

    def writes(self) -> Writes:
        """The calls that a spool is given."""
        return Writes(self._write, self._real.write_at, self._why)

    def short(self, size: int) -> Deed:
        """Write only the first bytes."""
        return lambda descriptor, data: os.write(descriptor, data[:size])

    def refuse(self, number: int) -> Deed:
        """Write nothing, for this reason."""

        def refuse(_: int, __: bytes) -> int:
            self._error = number
            return -1

        return refuse

    def interrupt(self, size: int) -> Deed:
        """Write the first bytes, then Ctrl+C comes."""

        def interrupt(descriptor: int, data: bytes) -> int:
            os.write(descriptor, data[:size])
            raise KeyboardInterrupt

        return interrupt

    def meanwhile(self, act: Callable[[], None], deed: Deed | None = None) -> Deed:
        """Do it, and before the writer hears of it a signal handler acts."""

        def write(descriptor: int, data: bytes) -> int:
            written = deed(descriptor, data) if deed else os.write(descriptor, data)
            error = self._error
            act()
            self._error = error
            return written

        return write

    def _write(self, descriptor: int, data: bytes, size: int) -> int:
        if self.deeds:
            return self.deeds.pop(0)(descriptor, data[:size])
        return self._real.write(descriptor, data, size)

    def _why(self) -> OSError:
        return OSError(self._error, os.strerror(self._error))


class OpenSpool(NamedTuple):
    """A spool in use."""

    directory: SpoolDirectory
    state: StateFile
    writer: SpoolWriter
    backlog: Backlog

    def close(self) -> None:
        """Close its files."""
        self.writer.close()
        self.backlog.close()
        self.state.close()

    def read_all(self) -> list[bytes]:
        """Acknowledge everything that may be read, and answer it."""
        found: list[bytes] = []
        while payloads := self.backlog.peek(3, 200):
            self.backlog.acknowledge(payloads)
            found += payloads
        return found


def open_spool(
    path: Path,
    *,
    disk: FailingDisk | None = None,
    limit: int = 1 << 20,
    segment_bytes: int = 1 << 16,
    wake: Callable[[], None] = lambda: None,
) -> OpenSpool:
    """A new spool in ``path``."""
    path.mkdir()
    directory = SpoolDirectory(path)
    state = StateFile.create(directory.state, yielding_writes())
    writer = SpoolWriter(
        directory,
        state,
        (disk or FailingDisk()).writes(),
        threading.RLock(),
        limit=limit,
        segment_bytes=segment_bytes,
        clock=SystemClock(),
        wake=wake,
    )
    return OpenSpool(directory, state, writer, Backlog.of_living(directory, state, writer))


def read_abandoned(path: Path) -> tuple[list[bytes], Backlog]:
    """What an adopter finds in a spool, and the backlog it read it from."""
    directory = SpoolDirectory(path)
    state = StateFile.open(directory.state, yielding_writes())
    backlog = Backlog.of_gone(directory, state)
    found: list[bytes] = []
    try:
        while payloads := backlog.peek(3, 200):
            backlog.acknowledge(payloads)
            found += payloads
    finally:
        backlog.close()
        state.close()
    return found, backlog
