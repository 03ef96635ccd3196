"""A ledger in a file that several processes may write to: every batch as it came."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from everyrun.domain.events import AnyEvent, RecorderInfo, decode
from everyrun.tracking.spool.framing import cut, frame


class FileSink:
    """Appends each batch by one write. It takes everything, repeats too, so that tests see them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, recorder: RecorderInfo, events: Sequence[bytes]) -> None:
        """Append a batch."""
        entry = frame(msgspec.msgpack.encode((recorder, list(events))))
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, entry)
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Nothing is kept open."""


def read_batches(path: Path) -> list[tuple[RecorderInfo, list[AnyEvent]]]:
    """Every batch, in the order of arrival."""
    data = path.read_bytes() if path.exists() else b""
    entries = [
        msgspec.msgpack.decode(payload, type=tuple[RecorderInfo, list[bytes]])
        for payload in cut(data, len(data)).payloads
    ]
    return [(recorder, [decode(event) for event in events]) for recorder, events in entries]


def read_events(path: Path) -> list[AnyEvent]:
    """Every event, as often as it was written."""
    return [event for _, events in read_batches(path) for event in events]
