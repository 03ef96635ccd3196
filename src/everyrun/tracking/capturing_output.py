"""``everyrun.capture_output()``: what is written to stdout and stderr, on record line by line.

While anybody captures, ``sys.stdout`` and ``sys.stderr`` pass everything on unchanged and file it
under whatever is running where it is written, if output is captured there. Both streams are filed
as ``info``; the line's logger says ``stdout`` or ``stderr``, because most programs write to stderr
what is no error.
"""

import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from everyrun.domain.status import LogLevel
from everyrun.tracking.context import CAPTURING, CURRENT
from everyrun.tracking.harmless import harmless

if TYPE_CHECKING:
    from typing_extensions import Buffer

STREAMS = ("stdout", "stderr")


@contextmanager
def capture_output() -> Iterator[None]:
    """Put on record what is written to stdout and stderr in this block, and pass it on.

    Writes of other threads and tasks are filed where they run, and only if output is captured
    there. What child processes write does not pass here: ``everyrun exec`` records those.
    """
    before = CAPTURING.get()
    _listening.begin()
    CAPTURING.set(True)
    try:
        yield
    finally:
        CAPTURING.set(before)
        _listening.end()
        place = CURRENT.get()
        if place is not None and not before:
            place.say_partial_lines(threading.get_ident())


class Tee:
    """The stream it was put in place of, except that what is written goes on record as well."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self.stream = stream
        self._name = name

    def write(self, text: str) -> int:
        """Write ``text`` to the stream, and put its lines on record."""
        written = self.stream.write(text)
        if CAPTURING.get():
            _file(self._name, text)
        return written

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each of ``lines``."""
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> "ByteTee":
        """The stream below, for bytes. Raises ``AttributeError`` where there is none."""
        return ByteTee(self.stream.buffer, self._name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class ByteTee:
    """The same for the stream of bytes below."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.stream = stream
        self._name = name

    def write(self, data: "Buffer") -> int:
        """Write ``data`` to the stream, and put its lines on record."""
        written = self.stream.write(data)
        if CAPTURING.get():
            _file(self._name, bytes(data)[:written])
        return written

    def writelines(self, lines: "Iterable[Buffer]") -> None:
        """Write each of ``lines``."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class Listening:
    """Puts tees in place of the streams while anybody captures."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners = 0

    def begin(self) -> None:
        """Listen, also to streams that were put in place since somebody began to."""
        with self._lock:
            self._listeners += 1
            for name in STREAMS:
                stream = getattr(sys, name)
                if stream is not None and not isinstance(stream, Tee):
                    setattr(sys, name, Tee(stream, name))

    def end(self) -> None:
        """Put the streams back when nobody listens any more."""
        with self._lock:
            self._listeners -= 1
            if self._listeners:
                return
            for name in STREAMS:
                tee = getattr(sys, name)
                if isinstance(tee, Tee):
                    setattr(sys, name, tee.stream)


_listening = Listening()


def _listen_anew_after_fork() -> None:
    global _listening  # noqa: PLW0603 - the lock may have been held when the process was forked
    _listening = Listening()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_listen_anew_after_fork)


@harmless
def _file(stream: str, text: str | bytes) -> None:
    place = CURRENT.get()
    if place is None:
        return
    assembler = place.line_assembler(stream, threading.get_ident())
    lines = assembler.feed(text) if isinstance(text, str) else assembler.feed_bytes(text)
    for line in lines:
        place.record_line(LogLevel.INFO, line, logger=stream)
