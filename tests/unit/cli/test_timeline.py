"""A timeline's bars."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from everyrun.cli.timeline import bar

FIRST = datetime(2026, 11, 20, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return FIRST + timedelta(seconds=seconds)


def test_what_ran_all_the_time_fills_the_width() -> None:
    assert (0, "██████████") == bar(at(0), at(100), FIRST, at(100), 10)


def test_a_bar_begins_where_its_node_did() -> None:
    assert (5, "██▌") == bar(at(50), at(75), FIRST, at(100), 10)


def test_what_hardly_ran_is_still_seen() -> None:
    assert (0, "▏") == bar(at(0), at(0), FIRST, at(100), 10)


def test_what_began_at_the_very_end_is_still_inside() -> None:
    assert (9, "█") == bar(at(100), at(100), FIRST, at(100), 10)


def test_an_execution_of_no_length_is_one_full_bar() -> None:
    assert (0, "███") == bar(at(0), at(0), FIRST, at(0), 3)


@given(start=st.floats(-10, 110), length=st.floats(0, 200), width=st.integers(1, 60))
def test_no_bar_leaves_its_room(start: float, length: float, width: int) -> None:
    offset, drawing = bar(at(start), at(start + length), FIRST, at(100), width)

    assert 0 <= offset
    assert 1 <= len(drawing)
    assert offset + len(drawing) <= width
