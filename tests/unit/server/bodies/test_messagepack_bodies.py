"""MessagePack bodies: what is right gets in, and no length that lies makes room for itself."""

import tracemalloc
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.errors import EveryrunError
from everyrun.domain.events import Batch
from everyrun.server.bodies import decode_messagepack
from everyrun.server.bodies.refusals import InvalidBody, InvalidMessagePack


@pytest.mark.parametrize(
    "body",
    [
        b"\xdd\xff\xff\xff\xff",
        b"\xdd\x7f\xff\xff\xff" * 50,
        b"\xdf\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xffabc",
        b"\xc6\xff\xff\xff\xffabc",
        b"\xc9\xff\xff\xff\xff\x05abc",
        b"\x91",
        b"\xa1\xff",
        b"\xa3\xed\xa0\x80",
        b"\x01\x01",
        b"\xc1",
        b"",
    ],
)
def test_what_is_no_messagepack_is_refused_at_once(body: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(InvalidMessagePack) as refusal:
            decode_messagepack(body, Any)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert 400 == refusal.value.status_code
    assert (1 << 20) > most


@pytest.mark.parametrize("body", [b"\x91" * 99_999 + b"\x90", b"\x81\xa1a" * 99_999 + b"\x80"])
@pytest.mark.parametrize("type_", [Any, dict[str, Any], Batch])
def test_endless_nesting_is_refused(body: bytes, type_: Any) -> None:
    with pytest.raises(InvalidBody):
        decode_messagepack(body, type_)


def test_nesting_in_a_field_that_nobody_reads_is_refused() -> None:
    batch = {"version": 1, "recorder": {"id": "a", "host": "b", "pid": 1, "started_at": 1}}
    body = msgspec.msgpack.encode({**batch, "events": []})
    body = b"\x84" + body[1:] + b"\xa4more" + b"\x91" * 99_999 + b"\x90"

    with pytest.raises(InvalidBody, match="too deep"):
        decode_messagepack(body, Batch)


def test_a_wrong_shape_is_refused_with_its_place() -> None:
    body = msgspec.msgpack.encode({"version": "1", "recorder": {}, "events": []})

    with pytest.raises(InvalidBody) as refusal:
        decode_messagepack(body, Batch)

    assert "$.version" == refusal.value.place


@given(st.binary(max_size=200), st.sampled_from([Any, Batch]))
def test_no_bytes_do_harm(body: bytes, type_: Any) -> None:
    status = 200
    try:
        decode_messagepack(body, type_)
    except EveryrunError as refusal:
        status = refusal.status_code

    assert status in {200, 400}
