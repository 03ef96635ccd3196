"""Handing a backlog to the ledger, batch by batch, around the events that it will never take."""

import errno
import os

import msgspec

from everyrun.domain.clock import Clock
from everyrun.domain.errors import EventRejected
from everyrun.domain.events import RecorderInfo
from everyrun.domain.ports import Sink
from everyrun.tracking.spool.framing import cut, frame
from everyrun.tracking.spool.layout import SpoolDirectory
from everyrun.tracking.spool.marks import StateFile
from everyrun.tracking.spool.reading import Backlog


class Rejected(msgspec.Struct, kw_only=True, frozen=True):
    """An event that the ledger will never take. ``event`` is it as it was encoded."""

    at: int
    reason: str
    event: bytes


class Rejects:
    """The ``rejected`` file of a spool: counted without end, kept up to ``limit`` bytes."""

    def __init__(
        self, directory: SpoolDirectory, state: StateFile, clock: Clock, *, limit: int
    ) -> None:
        self.count = state.read().rejected
        self._path = directory.rejected
        self._state = state
        self._clock = clock
        self._limit = limit

    def add(self, payload: bytes, reason: str) -> None:
        """Keep one. Raises ``OSError``."""
        entry = Rejected(at=self._clock.now(), reason=reason, event=payload)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            framed = frame(msgspec.msgpack.encode(entry))
            if size < self._limit and os.write(descriptor, framed) != len(framed):
                os.ftruncate(descriptor, size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(descriptor)
        self._state.write_rejected(self.count + 1)
        self.count += 1


def read_rejected(directory: SpoolDirectory) -> list[Rejected]:
    """The events of a spool that the ledger would not take, oldest first."""
    try:
        data = directory.rejected.read_bytes()
    except FileNotFoundError:
        return []
    return [msgspec.msgpack.decode(entry, type=Rejected) for entry in cut(data, len(data)).payloads]


class Delivery:
    """One backlog on its way into one sink."""

    def __init__(
        self,
        backlog: Backlog,
        rejects: Rejects,
        recorder: RecorderInfo,
        *,
        batch_events: int,
        batch_bytes: int,
    ) -> None:
        self.backlog = backlog
        self.rejects = rejects
        self._recorder = recorder
        self._batch_events = batch_events
        self._batch_bytes = batch_bytes

    def deliver_next(self, sink: Sink) -> int:
        """Deliver one batch; how many events were dealt with, 0 when there is nothing to do.

        Raises whatever the sink raises, but for a rejection, and ``OSError``.
        """
        payloads = self.backlog.peek(self._batch_events, self._batch_bytes)
        while payloads:
            try:
                sink.write(self._recorder, payloads)
            except EventRejected as rejection:
                # A sink that points nowhere is answered with half of the batch, down to one event.
                within = 0 <= rejection.position < len(payloads)
                good = rejection.position if within else len(payloads) // 2
                if good:
                    payloads = payloads[:good]
                    continue
                payloads = payloads[:1]
                self.rejects.add(payloads[0], rejection.reason)
            self.backlog.acknowledge(payloads)
            return len(payloads)
        return 0
