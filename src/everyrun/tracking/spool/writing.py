"""Appending to a spool: one frame, one write, and everything that can go wrong with it.

The segment counts as closed while a write to it is under way. Whoever finds it closed (a signal
handler that records in the middle of ``append``; the next caller after a KeyboardInterrupt) goes on
in a new segment, so no frame ever follows half a frame.
"""

import errno
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NamedTuple
from zlib import crc32

from everyrun.domain.clock import Clock
from everyrun.domain.errors import EveryrunError
from everyrun.domain.events import RecorderDropped, encode
from everyrun.tracking.spool.framing import (
    HEADER_BYTES,
    MAX_PAYLOAD_BYTES,
    frame,
    pack_header,
)
from everyrun.tracking.spool.layout import SpoolDirectory
from everyrun.tracking.spool.marks import Mark, StateFile
from everyrun.tracking.spool.unyielding import Writes

_CLOSED = -1
"""No room: a write is under way in this segment, or was interrupted."""
_LOOK = -2
"""No room before the careful path has looked: something is to be made good."""
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


class SpoolVanished(EveryrunError):
    """The spool's directory was removed while its process was recording, or given up."""

    def __init__(self, writer: "SpoolWriter") -> None:
        super().__init__()
        self.writer = writer


class Extent(NamedTuple):
    """How far a segment may be read, and whether nothing will ever be added to it."""

    size: int
    sealed: bool


class SpoolWriter:
    """The writing end of one process's spool.

    ``lock`` is re-entrant and shared with the recorder; ``wake`` is called after an append when
    ``reader_waits`` was set.
    """

    def __init__(
        self,
        directory: SpoolDirectory,
        state: StateFile,
        writes: Writes,
        lock: AbstractContextManager[object],
        *,
        limit: int,
        segment_bytes: int,
        clock: Clock,
        wake: Callable[[], None],
        dropped: int = 0,
    ) -> None:
        self.number = 0
        self.end = 0
        self.mark = Mark(0, 0)
        self.dropped = 0
        self.why_dropped: OSError | str | None = None
        self.reader_waits = False
        self._directory = directory
        self._state = state
        self._write = writes.write
        self._error = writes.error
        self._lock = lock
        self._limit = limit
        self._segment_bytes = segment_bytes
        self._clock = clock
        self._wake = wake
        self._descriptor = -1
        self._stop = _CLOSED
        self._declared = 0
        self._sealed: dict[int, int] = {}
        self._sealed_bytes = 0  # their sum, kept because a finalizer may seal while one sums up
        self._displaced: dict[int, int] = {}
        self._finished = False
        if dropped:
            self.drop(dropped)

    def append(self, payload: bytes) -> None:
        """Put one encoded event on the spool, or drop and count it.

        Raises :class:`SpoolVanished`.
        """
        framed = pack_header(len(payload), crc32(payload)) + payload
        size = len(framed)
        with self._lock:
            end = self.end + size
            stop = self._stop
            if end > stop:
                self._append_carefully(framed)
            else:
                descriptor = self._descriptor
                self._stop = _CLOSED
                written = self._write(descriptor, framed, size)
                if written == size and descriptor == self._descriptor:
                    self.end = end
                    self._stop = stop
                else:
                    self._mend(descriptor, framed, written)
        if self.reader_waits:
            self.reader_waits = False
            self._wake()

    def drop(self, count: int = 1) -> None:
        """Count events that could not be kept, in the state file at once."""
        with self._lock:
            self.dropped += count
            if self._stop != _CLOSED:
                self._stop = _LOOK
            try:
                self._state.write_dropped(self.dropped)
            except OSError as error:  # told on the spool when there is room again
                self.why_dropped = error

    def declare_drops(self) -> None:
        """Say on the spool how many events were dropped, if it has not been said yet."""
        with self._lock:
            if self.dropped == self._declared:
                return
            try:
                self._put(frame(encode(RecorderDropped(at=self._clock.now(), count=self.dropped))))
            except OSError as error:
                self._give_up(error)
            else:
                self._declared = self.dropped
                self._find_room()

    @property
    def undeclared(self) -> int:
        """Dropped events that the spool does not tell of yet."""
        return self.dropped - self._declared

    def position(self) -> Mark:
        """The place behind the last whole frame."""
        while True:
            number = self.number
            end = self.end
            if number == self.number:
                return Mark(number, end)

    def used(self) -> int:
        """Bytes on the spool that are not acknowledged yet."""
        return self._sealed_bytes + self.end - self.mark.offset

    def is_half_full(self) -> bool:
        """Whether shipping should hurry."""
        return 2 * self.used() > self._limit

    def extent(self, number: int) -> Extent:
        """How far segment ``number`` may be read. Raises ``OSError`` when it is gone."""
        position = self.position()
        if number == position.segment:
            return Extent(position.offset, sealed=False)
        with self._lock:  # whoever still writes to it holds the lock until it is whole
            size = self._directory.segment(number).stat().st_size
            return Extent(size, sealed=number != self.number)

    def seal(self, number: int) -> None:
        """Make sure that nothing is added to segment ``number`` any more. Raises ``OSError``."""
        with self._lock:
            if number == self.number:
                self._begin_segment()

    def forget(self, number: int) -> None:
        """Segment ``number`` is read and gone."""
        with self._lock:
            self._sealed_bytes -= self._sealed.pop(number, 0)

    def close(self) -> None:
        """Close the files; whoever appends afterwards gets :class:`SpoolVanished`."""
        with self._lock:
            self._finished = True
            self._stop = _CLOSED
            descriptors = (self._descriptor, *self._displaced)
            self._descriptor = -1
            self._displaced.clear()
            for descriptor in descriptors:
                if descriptor >= 0:
                    os.close(descriptor)

    def _append_carefully(self, framed: bytes) -> None:
        size = len(framed)
        if size > MAX_PAYLOAD_BYTES + HEADER_BYTES or self.used() + size > self._limit:
            self.why_dropped = "the spool is full"
            self.drop()
            return
        try:
            self._put(framed)
        except OSError as error:
            self._give_up(error)
            self.drop()
        else:
            self.declare_drops()
            self._find_room()

    def _put(self, framed: bytes) -> None:
        """Append a frame whatever state the segment is in. Raises ``OSError``."""
        if self._stop == _CLOSED or (self.end and self.end + len(framed) > self._segment_bytes):
            self._begin_segment()
        try:
            self._write_whole(framed)
        except OSError as error:
            self._give_up(error)
            if self._stop != _CLOSED and (error.errno in _NO_SPACE or self.end == 0):
                raise
            self._begin_segment()
            self._write_whole(framed)

    def _write_whole(self, framed: bytes) -> None:
        descriptor = self._descriptor
        self._stop = _CLOSED
        self._finish(descriptor, framed, self._write(descriptor, framed, len(framed)))

    def _mend(self, descriptor: int, framed: bytes, written: int) -> None:
        """Make good a write that fell short, or that another one overtook."""
        try:
            self._finish(descriptor, framed, written)
        except OSError as error:
            self._give_up(error)
            if error.errno in _NO_SPACE:
                self.drop()
            else:
                self._append_carefully(framed)
        else:
            self._find_room()

    def _finish(self, descriptor: int, framed: bytes, written: int) -> None:
        """Write what is missing of a frame, or undo it and raise ``OSError``."""
        size = len(framed)
        done = max(written, 0)
        try:
            while done != size:
                more = self._write(descriptor, framed[done:], size - done)
                if more <= 0:
                    raise self._error() if more else OSError(errno.EIO, "nothing was written")
                done += more
        except OSError:
            if done:
                os.ftruncate(descriptor, os.fstat(descriptor).st_size - done)
            self._reopen(descriptor, 0)
            raise
        self._reopen(descriptor, size)

    def _reopen(self, descriptor: int, added: int) -> None:
        """The segment holds whole frames only again, ``added`` bytes more than before."""
        if descriptor == self._descriptor:
            self.end += added
            self._stop = _LOOK
            return
        # A signal handler went on in a later segment meanwhile.
        number = self._displaced.pop(descriptor)
        self._account(number, os.fstat(descriptor).st_size)
        os.close(descriptor)

    def _give_up(self, error: OSError) -> None:
        self.why_dropped = error
        if error.errno == errno.EBADF:  # the host closed our file; its number may be another's
            self._descriptor = -1
            self._stop = _CLOSED

    def _find_room(self) -> None:
        """Open the quick path as far as the segment and the limit allow."""
        if self._stop == _LOOK and self.dropped == self._declared:
            room = self.end + self._limit - self.used()
            self._stop = min(self._segment_bytes, room)

    def _begin_segment(self) -> None:
        """Go on in a new segment. Raises ``OSError``, :class:`SpoolVanished`."""
        if self._finished:
            raise SpoolVanished(self)
        current = self.number
        number, descriptor = self._open_after(current)
        if self.number != current:  # a signal handler began a later one meanwhile
            os.close(descriptor)
            self._directory.segment(number).unlink()
            if self._stop == _CLOSED:
                self._begin_segment()
            return
        left, end, unsure = self._descriptor, self.end, self._stop == _CLOSED
        # Between the check above and the last of these nothing is called: no signal gets between.
        self.end = 0
        self.number = number
        self._descriptor = descriptor
        self._stop = _LOOK
        self._seal(current, left, end, unsure=unsure)

    def _open_after(self, number: int) -> tuple[int, int]:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        while True:
            number += 1
            try:
                return number, os.open(self._directory.segment(number), flags, 0o600)
            except FileExistsError:
                continue
            except FileNotFoundError:
                raise SpoolVanished(self) from None

    def _seal(self, number: int, descriptor: int, end: int, *, unsure: bool) -> None:
        """Account for the segment that was left; ``unsure``: a write may still be under way."""
        if not number:
            return
        if unsure and descriptor >= 0:
            self._displaced[descriptor] = number
            self._account(number, os.fstat(descriptor).st_size)
            return
        self._account(number, end)
        if descriptor >= 0:
            os.close(descriptor)

    def _account(self, number: int, size: int) -> None:
        known = self._sealed.get(number, 0)
        self._sealed[number] = size
        self._sealed_bytes += size - known
