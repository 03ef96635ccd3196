"""Where the frames of a Zstandard body begin and end (RFC 8878, 3.1).

The library reads a body that was cut short as if it had ended there, so its end is found here.
"""

from collections.abc import Iterator

import zstandard

_SKIPPABLE = frozenset(range(0x184D2A50, 0x184D2A60))
_MAGIC_BYTES = 4
_SIZE_BYTES = 4
_BLOCK_HEADER = 3
_CHECKSUM = 4
_REPEATED_BYTE = 1  # a block of this type says one byte, and how often


def frames(body: bytes) -> Iterator[memoryview]:
    """Each frame of a body that holds nothing else, those left out that are meant to be skipped.

    Raises ValueError where it ends in the middle, and ``zstandard.ZstdError`` for what is no frame.
    """
    rest = memoryview(body)
    while True:
        if int.from_bytes(rest[:_MAGIC_BYTES], "little") in _SKIPPABLE:
            size = int.from_bytes(rest[_MAGIC_BYTES : _MAGIC_BYTES + _SIZE_BYTES], "little")
            end = _MAGIC_BYTES + _SIZE_BYTES + size
            _require(rest, end)
        else:
            end = _end_of_frame(rest)
            yield rest[:end]
        rest = rest[end:]
        if not rest:
            return


def _end_of_frame(data: memoryview) -> int:
    at: int = zstandard.frame_header_size(data)
    has_checksum = zstandard.get_frame_parameters(data).has_checksum
    last = False
    while not last:
        _require(data, at + _BLOCK_HEADER)
        header = int.from_bytes(data[at : at + _BLOCK_HEADER], "little")
        last, kind, size = bool(header & 1), header >> 1 & 3, header >> 3
        at += _BLOCK_HEADER + (1 if kind == _REPEATED_BYTE else size)
    at += _CHECKSUM if has_checksum else 0
    _require(data, at)
    return at


def _require(data: memoryview, size: int) -> None:
    if len(data) < size:
        raise ValueError("it ends in the middle")
