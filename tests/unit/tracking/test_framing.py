"""Frames: what was cut off or damaged is told from what is whole."""

from hypothesis import given
from hypothesis import strategies as st

from everyrun.tracking.spool.framing import Ending, cut, frame, framed_size

payloads = st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=6)


@given(payloads)
def test_whole_frames_come_back_in_order(written: list[bytes]) -> None:
    found = cut(b"".join(map(frame, written)), 100)

    assert (written, Ending.ENOUGH) == (found.payloads, found.ending)


@given(payloads)
def test_a_tail_torn_at_any_byte_is_cut_short(written: list[bytes]) -> None:
    *whole, torn = written
    data = b"".join(map(frame, whole))
    for kept in range(1, framed_size(torn)):
        found = cut(data + frame(torn)[:kept], 100)

        assert (whole, Ending.CUT_SHORT) == (found.payloads, found.ending)


@given(payloads, st.data())
def test_a_flipped_bit_never_yields_an_event_that_was_not_written(
    written: list[bytes], data: st.DataObject
) -> None:
    damaged = bytearray(b"".join(map(frame, written)))
    place = data.draw(st.integers(0, len(damaged) * 8 - 1))
    damaged[place // 8] ^= 1 << place % 8

    found = cut(bytes(damaged), 100)

    assert written[: len(found.payloads)] == found.payloads
    assert len(found.payloads) < len(written)
    assert found.ending is not Ending.ENOUGH


def test_zeros_after_a_power_failure_are_damage_and_no_empty_events() -> None:
    found = cut(frame(b"kept") + bytes(4096), 100)

    assert ([b"kept"], Ending.DAMAGED) == (found.payloads, found.ending)


def test_no_more_frames_are_cut_than_asked_for() -> None:
    data = frame(b"a") + frame(b"b") + frame(b"c")

    assert [b"a", b"b"] == cut(data, 2).payloads


def test_a_frame_that_is_cut_short_says_how_long_it_is() -> None:
    assert framed_size(b"a" * 1000) == cut(frame(b"a" * 1000)[:100], 1).wanted
