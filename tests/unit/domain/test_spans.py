"""Spans of time: what people write, and what cannot be meant."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from everyrun.domain.spans import LONGEST_SPAN, format_span, parse_span


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0.5, "500ms"),
        (0.035, "35ms"),
        (30.0, "30s"),
        (300.0, "5m"),
        (7200.0, "2h"),
        (5400.0, "1h30m"),
        (5400.0, " 1h 30m "),
        (5400.0, "1.5H"),
        (604_800.0, "7d"),
        (604_800.0, "1w"),
        (93_784.005, "1d2h3m4s5ms"),
        (0.0, "0s"),
        (12.0, "12"),
        (12.5, "12.5"),
        (12.0, 12),
        (0.25, 0.25),
        (0.0, 0),
    ],
)
def test_a_span_is_read(seconds: float, written: object) -> None:
    assert seconds == parse_span(written)


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "soon", "1h30", "30m1h", "1h1h", "-5s", "5 s s", "1e3s", "٣s", "1y", "1h30mm"),
        *(True, None, [], {"s": 1}, b"5s", float("nan"), float("inf"), -1, -0.5),
        *("9" * 400 + "d", LONGEST_SPAN + 1, "101000d"),
    ],
)
def test_what_is_no_span_is_refused_with_a_sentence(written: object) -> None:
    with pytest.raises(ValueError, match="is no span of time") as caught:
        parse_span(written)

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0s", 0), ("500ms", 0.5), ("1h30m", 5400), ("1m1s", 61), ("7d", 604_800), ("0.0001s", 1e-4)],
)
def test_a_span_is_written_short(text: str, seconds: float) -> None:
    assert text == format_span(seconds)


@given(st.floats(0, LONGEST_SPAN))
@example(5e-324)
@example(0.1 + 0.2)
def test_what_is_written_is_read_back_exactly(seconds: float) -> None:
    assert seconds == parse_span(format_span(seconds))
