"""Following a command that runs: its lines go on record, the end of its output is kept.

One loop waits for all there is to wait for: output, the command's end, and the wish that it stop.
"""

import math
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from typing import IO, NamedTuple

from everyrun.nodes.commands.ending import Ending
from everyrun.nodes.commands.keeping import Tail
from everyrun.nodes.commands.ringing import Bell
from everyrun.nodes.context import Context
from everyrun.tracking.command_output import notice_of_the_end
from everyrun.tracking.lines import LineAssembler

OUTPUT_GRACE = 1.0
"""Seconds that output is awaited of processes which the command has left behind."""

_CHUNK = 65_536
_LARGEST_PIPE = 1 << 20
_LOOK = 0.1


class Command(NamedTuple):
    """What to run, and how. ``grace`` is seconds between asking it to stop and killing it.

    ``kept`` is the number of bytes that are kept of each stream, the last ones. ``logged`` puts
    each line on record.
    """

    words: Sequence[str]
    environment: Mapping[str, str]
    directory: str
    input: bytes | None
    grace: float
    kept: int
    logged: bool


class Ended(NamedTuple):
    """How a command ended: ``return_code`` as ``subprocess`` has it, -N for a signal N."""

    return_code: int
    stdout: Tail
    stderr: Tail
    unstoppable: set[int]
    """Processes that could not even be killed."""


class _Stream:
    def __init__(self, name: str, source: IO[bytes], command: Command, context: Context) -> None:
        self.source = source
        self.tail = Tail(command.kept)
        self._name = name
        self._lines = LineAssembler() if command.logged else None
        self._context = context

    def move(self) -> bool:
        """Take what there is; False when nothing will come any more."""
        chunk = os.read(self.source.fileno(), _CHUNK)
        self.tail.add(chunk)
        if self._lines is not None:
            for line in self._lines.feed_bytes(chunk):
                self._context.log("info", line, logger=self._name)
        return bool(chunk)

    def drain(self) -> None:
        """Take what is in the pipe now."""
        os.set_blocking(self.source.fileno(), False)
        most = self.tail.taken + _LARGEST_PIPE  # a writer that never rests could keep us for ever
        with suppress(BlockingIOError):
            while self.tail.taken < most and self.move():
                pass

    def end(self) -> None:
        """Take the line that was begun and not ended, and close the pipe."""
        if self._lines is not None:
            for line in self._lines.end():
                self._context.log("info", line, logger=self._name)
        self.source.close()


class Following:
    """Follows a command from its start to its end."""

    def __init__(
        self, command: Command, context: Context, child: "subprocess.Popen[bytes]", mark: str
    ) -> None:
        if child.stdout is None or child.stderr is None:
            raise AssertionError("both were asked for")
        self._child = child
        self._mark = mark
        self._grace = command.grace
        self._context = context
        self._usual_grace = context.settings.cancel_grace
        self._stdout = _Stream("stdout", child.stdout, command, context)
        self._stderr = _Stream("stderr", child.stderr, command, context)
        self._flowing = {self._stdout, self._stderr}
        self._has_ended = False
        self._ending: Ending | None = None
        self._due = math.inf
        """When to look again (monotonic): at what is left of it, or whether output still comes."""

    def until_the_end(self, bell: Bell) -> Ended:
        """Wait for the end, or bring it about once ``bell`` is rung."""
        with DefaultSelector() as selector, notice_of_the_end(self._child) as notice:
            for stream in self._flowing:
                selector.register(stream.source, EVENT_READ, stream)
            selector.register(bell, EVENT_READ, self._stop)
            if notice is not None:
                selector.register(notice, EVENT_READ, self._note_the_end)
            longest = None if notice is not None else _LOOK
            while self._goes_on(watched=notice is not None):
                patience = longest if self._due == math.inf else max(self._due - monotonic(), 0)
                for key, _ in selector.select(patience):
                    if not isinstance(key.data, _Stream):
                        selector.unregister(key.fileobj)
                        key.data()
                    elif not key.data.move():
                        selector.unregister(key.fileobj)
                        self._flowing.discard(key.data)
                        key.data.end()
        return self._finish()

    def _stop(self) -> None:
        self._ending = Ending(self._mark, self._child.pid, self._grace)
        self._due = monotonic()

    def _note_the_end(self) -> None:
        self._has_ended = True
        if self._ending is None:
            self._due = monotonic() + OUTPUT_GRACE

    def _goes_on(self, *, watched: bool) -> bool:
        if self._ending is not None:
            if self._context.settings.cancel_grace < self._usual_grace:
                self._ending.hurry()  # asked twice
            elif monotonic() < self._due:
                return True
            goes_on = self._ending.goes_on()
            self._due = monotonic() + self._ending.pause
            return goes_on
        if not watched and not self._has_ended and self._child.poll() is not None:
            self._note_the_end()
        return not self._has_ended or (bool(self._flowing) and monotonic() < self._due)

    def _finish(self) -> Ended:
        for stream in self._flowing:
            stream.drain()
            stream.end()
        unstoppable = set() if self._ending is None else self._ending.left
        killed = self._child.pid in unstoppable
        return_code = -signal.SIGKILL if killed else self._child.wait()
        return Ended(return_code, self._stdout.tail, self._stderr.tail, unstoppable)
