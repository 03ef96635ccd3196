"""Cursors: what a list made it takes back, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.errors import InvalidCursor
from everyrun.store.reading.cursors import ExecutionCursor, LineCursor, PositionCursor

IDS = st.uuids().map(str)
MOMENTS = st.integers(-(2**63), 2**63 - 1)


@given(IDS)
def test_an_execution_comes_back(id_: str) -> None:
    assert id_ == ExecutionCursor.read(ExecutionCursor.after(id_))


@given(MOMENTS, IDS, IDS)
def test_a_line_comes_back(at: int, execution_id: str, id_: str) -> None:
    cursor = LineCursor.after(at, execution_id, id_)

    assert (at, execution_id, id_) == LineCursor.read(cursor)


@given(st.integers(0, 2**64 - 1))
def test_a_position_comes_back(position: int) -> None:
    assert position == PositionCursor.read(PositionCursor.after(position))


@given(IDS)
def test_a_cursor_can_stand_in_a_url(id_: str) -> None:
    assert set(ExecutionCursor.after(id_)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    for cursor in (ExecutionCursor, LineCursor, PositionCursor):
        with pytest.raises(InvalidCursor):
            cursor.read(text)


@given(IDS, st.integers(0, 17))
def test_a_damaged_cursor_is_refused_or_another(id_: str, where: int) -> None:
    cursor = ExecutionCursor.after(id_)
    with pytest.raises(InvalidCursor):
        ExecutionCursor.read(cursor[: where % len(cursor)])


@given(IDS)
def test_lists_do_not_take_each_others_cursors(id_: str) -> None:
    with pytest.raises(InvalidCursor):
        LineCursor.read(ExecutionCursor.after(id_))
    with pytest.raises(InvalidCursor):
        ExecutionCursor.read(PositionCursor.after(7))
