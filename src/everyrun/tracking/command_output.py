"""A command's output: passed through as it comes, byte for byte, and put on record line by line."""

import os
import select
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from selectors import EVENT_READ, DefaultSelector
from subprocess import Popen
from typing import IO

from everyrun.domain.status import LogLevel
from everyrun.tracking.lines import LineAssembler
from everyrun.tracking.places import Place

GRACE = 1.0
"""Seconds that output is awaited of processes which the command has left behind."""

LAST_LINES = 20
"""Lines of a stream that are remembered."""

_CHUNK = 65_536
_LARGEST_PIPE = 1 << 20
_LOOK = 0.1


class Stream:
    """One of a command's output streams on its way to one of ours."""

    def __init__(self, name: str, source: IO[bytes], target: int, place: Place) -> None:
        self.name = name
        self.source = source
        self.last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._target: int | None = target
        self._place = place
        self._lines = LineAssembler()

    def move(self) -> bool:
        """Pass on and record what there is; False when nothing will come any more."""
        chunk = os.read(self.source.fileno(), _CHUNK)
        return bool(chunk) and self._take(chunk)

    def drain(self) -> None:
        """Pass on and record what is in the pipe now."""
        os.set_blocking(self.source.fileno(), False)
        left = _LARGEST_PIPE  # a writer that never rests could keep us for ever
        while left > 0:
            try:
                chunk = os.read(self.source.fileno(), min(left, _CHUNK))
            except BlockingIOError:
                break
            if not chunk or not self._take(chunk):
                break
            left -= len(chunk)

    def end(self) -> None:
        """Put on record what was written without a line's end, and close the pipe."""
        self._record(self._lines.end())
        self.source.close()

    def _take(self, chunk: bytes) -> bool:
        goes_on = self._pass_on(chunk)
        self._record(self._lines.feed_bytes(chunk))
        return goes_on

    def _pass_on(self, chunk: bytes) -> bool:
        if self._target is None:
            return True
        try:
            write_all(self._target, chunk)
        except BrokenPipeError:
            return False  # whoever reads us has left; so the command is to find its pipe broken
        except OSError as error:
            self._target = None
            self._place.record_line(
                LogLevel.WARNING, f"{self.name} is no longer passed on: {error.strerror}"
            )
        return True

    def _record(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.last_lines.append(line)
            self._place.record_line(LogLevel.INFO, line, logger=self.name)


def pump(child: Popen[bytes], streams: Sequence[Stream]) -> int:
    """Move output until the command has ended and its streams have; answer its return code.

    Processes that it has left behind may keep the streams open: they get :data:`GRACE` seconds.
    """
    running = set(streams)
    deadline: float | None = None
    with DefaultSelector() as selector, notice_of_the_end(child) as notice:
        for stream in streams:
            selector.register(stream.source, EVENT_READ, stream)
        if notice is not None:
            selector.register(notice, EVENT_READ)
        while running:
            for key, _ in selector.select(_patience(deadline, notice)):
                if key.data is None:
                    selector.unregister(key.fileobj)
                elif not key.data.move():
                    selector.unregister(key.fileobj)
                    running.discard(key.data)
                    key.data.end()
            if deadline is None:
                deadline = None if child.poll() is None else time.monotonic() + GRACE
            elif time.monotonic() >= deadline:
                break
    for stream in running:
        stream.drain()
        stream.end()
    return child.wait()


def _patience(deadline: float | None, notice: int | None) -> float | None:
    """Seconds to wait for output: for ever while somebody will say when the command ends."""
    if deadline is not None:
        return max(deadline - time.monotonic(), 0)
    return _LOOK if notice is None else None


@contextmanager
def notice_of_the_end(child: Popen[bytes]) -> Iterator[int | None]:
    """A file that can be read once the command has ended; None where the system has no such."""
    try:
        notice = os.pidfd_open(child.pid)
    except (AttributeError, OSError):
        yield None
        return
    try:
        yield notice
    finally:
        os.close(notice)


def write_all(target: int, chunk: bytes) -> None:
    """Write all of ``chunk``, waiting for room where need be. Raises ``OSError``."""
    left = memoryview(chunk)
    while left:
        try:
            left = left[os.write(target, left) :]
        except BlockingIOError:
            select.select([], [target], [])
