"""Compressed bodies: unpacked whole, or refused before they fill the memory."""

import gzip
import random
import tracemalloc
import zlib

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.errors import EveryrunError
from everyrun.server.bodies import unpack
from everyrun.server.bodies.refusals import BodyTooLarge, InvalidCompression, UnsupportedEncoding
from everyrun.server.bodies.unpacking import STREAMS_LIMIT

LIMIT = 4 << 20
TEXT = b"every run, on record; " * 1_000
NOISE = random.Random(7).randbytes(300_000)


def zstd(body: bytes, *, size_told: bool = True, checksum: bool = False) -> bytes:
    packer = zstandard.ZstdCompressor(write_content_size=size_told, write_checksum=checksum)
    if size_told:
        return packer.compress(body)
    stream = packer.compressobj()
    return stream.compress(body) + stream.flush()


@pytest.mark.parametrize("body", [b"", b"x", TEXT, NOISE, b"\0" * 1_000_000])
@pytest.mark.parametrize("coding", ["gzip", "zstd", "GZip ", "x-gzip", None, "identity"])
def test_a_body_comes_out_as_it_was_packed(body: bytes, coding: str | None) -> None:
    packed = body
    if coding is not None and "gzip" in coding.lower():
        packed = gzip.compress(body)
    elif coding == "zstd":
        packed = zstd(body)

    assert body == unpack(packed, coding, LIMIT)


@pytest.mark.parametrize("size_told", [True, False])
@pytest.mark.parametrize("checksum", [True, False])
def test_every_form_of_a_zstandard_frame_is_read(size_told: bool, checksum: bool) -> None:
    packed = zstd(TEXT + NOISE, size_told=size_told, checksum=checksum)

    assert TEXT + NOISE == unpack(packed, "zstd", LIMIT)


def test_streams_one_after_the_other_are_one_body() -> None:
    assert b"onetwo" == unpack(gzip.compress(b"one") + gzip.compress(b"two"), "gzip", LIMIT)
    assert b"onetwo" == unpack(zstd(b"one") + zstd(b"two"), "zstd", LIMIT)


def test_a_frame_that_is_meant_to_be_skipped_is() -> None:
    skipped = (0x184D2A50).to_bytes(4, "little") + (3).to_bytes(4, "little") + b"abc"

    assert b"one" == unpack(skipped + zstd(b"one") + skipped, "zstd", LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("cut", [0, 1, 3, 5, 11, 100, -1, -5])
def test_what_was_cut_short_is_refused(coding: str, cut: int) -> None:
    packed = gzip.compress(NOISE) if coding == "gzip" else zstd(NOISE, checksum=True)

    with pytest.raises(InvalidCompression, match=f"no complete {coding}"):
        unpack(packed[:cut], coding, LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("rest", [b"\0", b"rest", b'{"a": 1}', b"\x1f\x8b", b"\x28\xb5\x2f\xfd"])
def test_what_is_followed_by_something_else_is_refused(coding: str, rest: bytes) -> None:
    packed = gzip.compress(TEXT) if coding == "gzip" else zstd(TEXT)

    with pytest.raises(InvalidCompression):
        unpack(packed + rest, coding, LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_what_is_not_packed_at_all_is_refused(coding: str) -> None:
    with pytest.raises(InvalidCompression):
        unpack(b'{"version": 1}', coding, LIMIT)


@pytest.mark.parametrize("coding", ["deflate", "br", "gzip, gzip", "zstd,gzip", "x" * 500])
def test_other_encodings_are_refused(coding: str) -> None:
    with pytest.raises(UnsupportedEncoding, match="send gzip, zstd, or none"):
        unpack(b"", coding, LIMIT)


def bombs() -> list[tuple[str, bytes]]:
    huge = 256 << 20
    packer = zlib.compressobj(9, wbits=31)
    zipped = b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(huge >> 20))
    stream = zstandard.ZstdCompressor().compressobj()
    zstded = b"".join(stream.compress(b"\0" * (1 << 20)) for _ in range(huge >> 20))
    return [
        ("gzip", zipped + packer.flush()),
        ("zstd", zstded + stream.flush()),
        ("zstd", zstd(b"\0" * huge)),
        ("gzip", gzip.compress(b"\0" * (1 << 20)) * 60),
        ("zstd", zstd(b"\0" * (1 << 20)) * 60),
    ]


@pytest.mark.parametrize("number", range(5))
def test_a_bomb_is_refused_before_it_goes_off(number: int) -> None:
    coding, packed = bombs()[number]
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLarge):
            unpack(packed, coding, LIMIT)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert LIMIT + (3 << 20) > most


def test_a_body_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert NOISE == unpack(gzip.compress(NOISE), "gzip", len(NOISE))
    with pytest.raises(BodyTooLarge, match=f"more than the {len(NOISE) - 1} bytes"):
        unpack(gzip.compress(NOISE), "gzip", len(NOISE) - 1)


def test_a_body_may_not_unpack_to_thousands_of_times_its_size() -> None:
    with pytest.raises(BodyTooLarge, match="2000 times its size"):
        unpack(zstd(b" " * (3 << 20)), "zstd", LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_endless_empty_streams_are_refused(coding: str) -> None:
    empty = gzip.compress(b"") if coding == "gzip" else zstd(b"")

    with pytest.raises(InvalidCompression, match=f"more than {STREAMS_LIMIT}"):
        unpack(empty * 10_000, coding, LIMIT)


def test_a_window_past_what_http_allows_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    stream = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    packed = stream.compress(TEXT) + stream.flush()

    with pytest.raises(InvalidCompression):
        unpack(packed, "zstd", LIMIT)


@given(st.sampled_from(["gzip", "zstd"]), st.binary(max_size=300))
def test_no_bytes_do_harm(coding: str, body: bytes) -> None:
    _take_or_refuse(coding, body)


@given(st.sampled_from(["gzip", "zstd"]), st.binary(max_size=2_000), st.data())
def test_no_damage_does_harm(coding: str, body: bytes, data: st.DataObject) -> None:
    packed = bytearray(gzip.compress(body) if coding == "gzip" else zstd(body))
    at = data.draw(st.integers(0, len(packed)))
    packed[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))

    _take_or_refuse(coding, bytes(packed))


def _take_or_refuse(coding: str, body: bytes) -> None:
    status = 200
    try:
        unpack(body, coding, LIMIT)
    except EveryrunError as refusal:
        status = refusal.status_code

    assert status in {200, 400, 413}
