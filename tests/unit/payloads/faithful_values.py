"""Hypothesis strategies of everything that comes back equal, and what equal means here."""

import math
from collections import deque
from datetime import timedelta, timezone
from decimal import Decimal
from pathlib import PosixPath, PurePosixPath, PureWindowsPath
from typing import Any

from hypothesis import strategies as st


def _view_of(octets: bytes) -> memoryview:
    return memoryview(octets)


any_text = st.text(st.characters(exclude_categories=()), max_size=30)

_zones = st.one_of(
    st.none(),
    st.timezones(),
    st.timedeltas(timedelta(hours=-23, minutes=-59), timedelta(hours=23, minutes=59)).map(timezone),
)

_numbers = st.one_of(
    st.integers(),
    st.integers(-(2**70), 2**70),
    st.integers(2000, 6000).map(lambda bits: (1 << bits) - 1),
)

hashable_leaves = st.one_of(
    st.none(),
    st.booleans(),
    _numbers,
    st.floats(allow_nan=False),
    any_text,
    st.decimals(allow_nan=False),
    st.datetimes(timezones=_zones),
    st.dates(),
    st.times(timezones=st.one_of(st.none(), st.timezones())),
    st.timedeltas(),
    st.uuids(),
    st.binary(max_size=30),
    st.complex_numbers(allow_nan=False),
    st.builds(range, st.integers(), st.integers(), st.integers(1)),
    any_text.filter(lambda text: "\x00" not in text).map(PosixPath),
    any_text.map(PurePosixPath),
    any_text.map(PureWindowsPath),
    st.just(...),
)

hashable_values = st.recursive(
    hashable_leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(tuple), st.frozensets(inner, max_size=4)
    ),
    max_leaves=6,
)

leaves = st.one_of(
    hashable_leaves,
    st.floats(),
    st.decimals(),
    st.complex_numbers(),
    st.binary(max_size=30).map(bytearray),
    st.binary(max_size=30).map(_view_of),
)

faithful_values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(st.one_of(any_text, st.just("$type"), st.just("…")), inner, max_size=5),
        st.dictionaries(hashable_values, inner, max_size=5),
        st.sets(hashable_values, max_size=5),
        st.builds(deque, st.lists(inner, max_size=5), st.one_of(st.none(), st.integers(5, 9))),
    ),
    max_leaves=20,
)


def is_same(first: Any, second: Any) -> bool:
    """Whether two values are equal in type, sign and zone too, NaN being the same as NaN."""
    if type(first) is not type(second):
        return False
    if isinstance(first, float):
        same_sign = math.copysign(1, first) == math.copysign(1, second)
        return (math.isnan(first) and math.isnan(second)) or (first == second and same_sign)
    if isinstance(first, complex):
        return is_same(first.real, second.real) and is_same(first.imag, second.imag)
    if isinstance(first, Decimal):
        return str(first) == str(second)
    if isinstance(first, list | tuple | deque):
        return len(first) == len(second) and all(map(is_same, first, second))
    if isinstance(first, set | frozenset):
        twins = {item: item for item in second}
        return first == second and all(is_same(item, twins[item]) for item in first)
    if isinstance(first, dict):
        twins = {key: key for key in second}
        return first.keys() == second.keys() and all(
            is_same(key, twins[key]) and is_same(first[key], second[key]) for key in first
        )
    if hasattr(first, "tzinfo"):
        return str(first) == str(second) and first.replace(tzinfo=None) == second.replace(
            tzinfo=None
        )
    return bool(first == second)
