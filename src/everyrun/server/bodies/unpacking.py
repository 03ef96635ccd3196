"""Unpacking compressed bodies without being blown up by them."""

import zlib
from collections.abc import Callable, Iterator

import zstandard

from everyrun.server.bodies.refusals import BodyTooLarge, InvalidCompression, UnsupportedEncoding
from everyrun.server.bodies.zstd_frames import frames

RATIO_LIMIT = 2_000
"""How many times its size a body may unpack to, once that is more than ``RATIO_FROM`` bytes."""
RATIO_FROM = 1 << 20
"""Less than this is let through whatever its ratio: one event full of blanks is no attack."""
STREAMS_LIMIT = 64
"""How many compressed streams may stand one after the other in a body (RFC 1952, 2.2)."""

_GZIP = 31
_WINDOW = 1 << 23  # what a decoder must support for HTTP (RFC 9659)
_STEP = 1 << 18


def unpack(body: bytes, content_encoding: str | None, limit: int) -> bytes:
    """A body without its Content-Encoding, at most ``limit`` bytes of it.

    Raises :class:`UnsupportedEncoding`, :class:`InvalidCompression` for what is cut short, damaged
    or followed by something else, and :class:`BodyTooLarge` before more than that is unpacked.
    """
    name = (content_encoding or "identity").strip().lower()
    if name == "identity":
        return body
    unpacker = _UNPACKERS.get(name)
    if unpacker is None:
        raise UnsupportedEncoding(
            f"Content-Encoding {name[:50]!r} is not taken here; send gzip, zstd, or none"
        )
    try:
        return _held_to(limit, len(body), unpacker(body))
    except (zlib.error, zstandard.ZstdError, ValueError) as error:
        raise InvalidCompression(f"the body is no complete {name}: {error}") from None


def _held_to(limit: int, packed: int, chunks: Iterator[bytes]) -> bytes:
    kept: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(f"the body unpacks to more than the {limit} bytes that are taken")
        if size > RATIO_FROM and size > packed * RATIO_LIMIT:
            raise BodyTooLarge(f"the body unpacks to more than {RATIO_LIMIT} times its size")
        kept.append(chunk)
    return kept[0] if len(kept) == 1 else b"".join(kept)


def _gzip(body: bytes) -> Iterator[bytes]:
    rest = body
    for _ in range(STREAMS_LIMIT):
        stream = zlib.decompressobj(wbits=_GZIP)
        while not stream.eof:
            chunk = stream.decompress(rest, _STEP)
            rest = stream.unconsumed_tail
            yield chunk
            if not chunk and not rest and not stream.eof:
                raise ValueError("it ends in the middle")
        rest = stream.unused_data
        if not rest:
            return
    raise ValueError(f"it has more than {STREAMS_LIMIT} streams")


def _zstd(body: bytes) -> Iterator[bytes]:
    decompressor = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    for number, frame in enumerate(frames(body)):
        if number == STREAMS_LIMIT:
            raise ValueError(f"it has more than {STREAMS_LIMIT} frames")
        reader = decompressor.stream_reader(frame)
        while chunk := reader.read(_STEP):
            yield chunk


_UNPACKERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "zstd": _zstd,
}
