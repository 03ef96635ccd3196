"""Depth, told from the text alone, is the depth of the value."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.nesting import has_digits_in_a_row, is_nested_deeper

TEXTS = st.text('[]{}"\\a,:', max_size=8)
VALUES = st.recursive(
    TEXTS | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=30,
)


def depth_of(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth_of, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth_of, value), default=0)
    return 0


@given(VALUES, st.booleans())
def test_the_depth_of_a_text_is_that_of_its_value(value: Any, spaced: bool) -> None:
    text = json.dumps(value, indent=1 if spaced else None).encode()
    depth = depth_of(value)

    assert not is_nested_deeper(text, depth)
    assert depth == 0 or is_nested_deeper(text, depth - 1)


def test_digits_are_told_wherever_they_stand() -> None:
    assert has_digits_in_a_row(b'{"a": 1234567890}', 10)
    assert not has_digits_in_a_row(b'{"a": 123456789, "b": 123}', 10)
