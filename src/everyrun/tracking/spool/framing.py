"""Frames: ``<length u32><crc32 u32><payload>``, little-endian, one after the other."""

from enum import Enum
from struct import Struct
from typing import NamedTuple
from zlib import crc32

HEADER_BYTES = 8
MAX_PAYLOAD_BYTES = 64 << 20
"""What a length may be at most. Anything longer is no length but damage."""

_header = Struct("<II")
pack_header = _header.pack
_unpack_header = _header.unpack_from


def frame(payload: bytes) -> bytes:
    """One payload as a frame."""
    return pack_header(len(payload), crc32(payload)) + payload


def framed_size(payload: bytes) -> int:
    """Bytes that a payload takes in a segment."""
    return HEADER_BYTES + len(payload)


class Ending(Enum):
    """Why cutting stopped."""

    ENOUGH = "as many frames as asked for, or nothing left"
    CUT_SHORT = "the next frame is longer than the data"
    DAMAGED = "what follows is no frame"


class Frames(NamedTuple):
    """The payloads of the whole frames at the start of some bytes, and what follows them."""

    payloads: list[bytes]
    ending: Ending
    wanted: int
    """Bytes that the frame which was cut short takes as a whole (0: its length is not known)."""


def cut(data: bytes, most: int) -> Frames:
    """The first whole frames of ``data``, ``most`` at most."""
    payloads: list[bytes] = []
    position, size = 0, len(data)
    while position < size and len(payloads) < most:
        start = position + HEADER_BYTES
        if start > size:
            return Frames(payloads, Ending.CUT_SHORT, 0)
        length, checksum = _unpack_header(data, position)
        # A length of 0 is what a file of zeros looks like after a power failure.
        if not 0 < length <= MAX_PAYLOAD_BYTES:
            return Frames(payloads, Ending.DAMAGED, 0)
        position = start + length
        if position > size:
            return Frames(payloads, Ending.CUT_SHORT, HEADER_BYTES + length)
        payload = data[start:position]
        if crc32(payload) != checksum:
            return Frames(payloads, Ending.DAMAGED, 0)
        payloads.append(payload)
    return Frames(payloads, Ending.ENOUGH, 0)
