"""The state file: how far the ledger has acknowledged, and what was dropped and rejected.

Fixed size, each value written in place by one call and checked by its own checksum, so that being
killed at any moment leaves the old value or the new one; one that is neither reads as zero, which
at worst ships events again.
"""

import os
import struct
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from everyrun.tracking.spool.unyielding import Writes

STATE_BYTES = 64
_MAGIC = b"evrspl01"
_MARK_AT, _DROPPED_AT, _REJECTED_AT = 8, 32, 48
_mark = struct.Struct("<QQI")
_count = struct.Struct("<QI")


class Mark(NamedTuple):
    """A place in a spool: everything before it is in the ledger."""

    segment: int
    offset: int


class StateFile:
    """One spool's state, open."""

    def __init__(self, descriptor: int, writes: Writes) -> None:
        self._descriptor = descriptor
        self._writes = writes

    @classmethod
    def create(cls, path: Path, writes: Writes) -> "StateFile":
        """A new one, all zero. Raises ``OSError``."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        state = cls(os.open(path, flags, 0o600), writes)
        # Every byte is written now, so that no later change needs room on the disk.
        os.pwrite(state._descriptor, _MAGIC.ljust(STATE_BYTES, b"\0"), 0)
        return state

    @classmethod
    def open(cls, path: Path, writes: Writes) -> "StateFile":
        """An existing one, made anew when it is missing. Raises ``OSError``."""
        return cls(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), writes)

    def read(self) -> "SpoolState":
        """What it says."""
        return SpoolState.from_bytes(os.pread(self._descriptor, STATE_BYTES, 0))

    def write_mark(self, mark: Mark) -> None:
        """Move the mark. Raises ``OSError``."""
        self._put(_with_checksum(_mark, mark), _MARK_AT)

    def write_dropped(self, count: int) -> None:
        """How many events were dropped so far. Raises ``OSError``."""
        self._put(_with_checksum(_count, (count,)), _DROPPED_AT)

    def write_rejected(self, count: int) -> None:
        """How many events were rejected so far. Raises ``OSError``."""
        self._put(_with_checksum(_count, (count,)), _REJECTED_AT)

    def close(self) -> None:
        """Close the file; closing again changes nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _put(self, data: bytes, offset: int) -> None:
        if self._writes.write_at(self._descriptor, data, len(data), offset) != len(data):
            raise self._writes.error()


class SpoolState(NamedTuple):
    """The values of a state file."""

    mark: Mark = Mark(0, 0)
    dropped: int = 0
    rejected: int = 0

    @classmethod
    def from_bytes(cls, data: bytes) -> "SpoolState":
        """Each value, or zero where its checksum does not hold."""
        data = data.ljust(STATE_BYTES, b"\0")
        mark = _checked(_mark, data, _MARK_AT) or (0, 0)
        (dropped,) = _checked(_count, data, _DROPPED_AT) or (0,)
        (rejected,) = _checked(_count, data, _REJECTED_AT) or (0,)
        return cls(Mark(*mark), dropped, rejected)

    @classmethod
    def read_from(cls, path: Path) -> "SpoolState":
        """The state of a spool that may be in use. Raises ``OSError``."""
        return cls.from_bytes(path.read_bytes())


def _with_checksum(layout: struct.Struct, values: tuple[int, ...]) -> bytes:
    packed = layout.pack(*values, 0)[:-4]
    return packed + struct.pack("<I", crc32(packed))


def _checked(layout: struct.Struct, data: bytes, offset: int) -> tuple[int, ...] | None:
    *values, checksum = layout.unpack_from(data, offset)
    if crc32(data[offset : offset + layout.size - 4]) != checksum:
        return None
    return tuple(values)
