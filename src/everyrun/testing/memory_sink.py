"""A ledger in memory: what was recorded, to look at in a test."""

import threading
from collections.abc import Callable, Sequence

import msgspec

from everyrun.domain.errors import EventRejected, SinkUnavailable
from everyrun.domain.events import AnyEvent, RecorderInfo, decode


class MemorySink:
    """Keeps every event once, in the order of arrival. Usable from any thread.

    ``on_write`` is called with each batch before it is taken, and may raise what a sink may raise.
    """

    def __init__(self, *, on_write: Callable[[Sequence[bytes]], None] | None = None) -> None:
        self.on_write = on_write
        self.recorders: dict[str, RecorderInfo] = {}
        """Everyone who wrote, by id."""
        self.batches: list[int] = []
        """The size of every batch that was taken; 0 is a sign of life."""
        self.closed = 0
        """How often it was closed."""
        self._events: dict[tuple[str, bytes], AnyEvent] = {}
        self._outage: str | None = None
        self._changed = threading.Condition()

    def write(self, recorder: RecorderInfo, events: Sequence[bytes]) -> None:
        """Keep the events that are new. Raises as ``Sink.write`` says."""
        if self.on_write is not None:
            self.on_write(events)
        decoded = [_decoded(position, event) for position, event in enumerate(events)]
        with self._changed:
            if self._outage is not None:
                raise SinkUnavailable(self._outage)
            self.recorders[recorder.id] = recorder
            for raw, event in zip(events, decoded, strict=True):
                self._events.setdefault((recorder.id, raw), event)
            self.batches.append(len(events))
            self._changed.notify_all()

    def close(self) -> None:
        """Count it; what was written stays."""
        self.closed += 1

    def read(self) -> list[AnyEvent]:
        """Every event, once."""
        with self._changed:
            return list(self._events.values())

    def read_from(self, recorder_id: str) -> list[AnyEvent]:
        """Every event of one recorder, once."""
        with self._changed:
            return [event for (by, _), event in self._events.items() if by == recorder_id]

    def fail(self, reason: str = "the ledger is away") -> None:
        """Refuse everything until :meth:`recover`."""
        with self._changed:
            self._outage = reason

    def recover(self) -> None:
        """Take events again."""
        with self._changed:
            self._outage = None

    def wait_until(self, holds: Callable[["MemorySink"], bool], timeout: float = 10.0) -> bool:
        """Wait for a write after which ``holds``; whether it came in ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: holds(self), timeout)


def _decoded(position: int, event: bytes) -> AnyEvent:
    try:
        decoded: AnyEvent = decode(event)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise EventRejected(position, str(error)) from error
    return decoded
