"""Whatever it is given, what is written is valid JSON of the size that was asked for."""

import dataclasses
import enum
import json
from collections import OrderedDict
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.payloads import Capturer
from everyrun.domain.payloads.capturing import OVERSHOOT
from tests.unit.payloads.faithful_values import any_text, faithful_values, leaves


@dataclasses.dataclass
class Holder:
    content: Any
    password: Any = None


class Colour(enum.Enum):
    RED = "red"


class Text(str):
    __slots__ = ()


class RaisesInRepr:
    def __repr__(self) -> str:
        raise RuntimeError("no")


class LongRepr:
    def __repr__(self) -> str:
        return 'é\\"\n' * 50_000


strange_leaves = st.one_of(
    leaves,
    st.just(Colour.RED),
    st.builds(Text, any_text),
    st.builds(RaisesInRepr),
    st.builds(LongRepr),
    st.builds(object),
    st.builds(ValueError, any_text, st.binary()),
    st.just(print),
    st.integers(10, 3000).map(lambda size: '\x00\udc80"é한' * size),
    st.integers(10, 3000).map(lambda size: b"\xff\x00a" * size),
    st.integers(10, 3000).map(lambda size: [0] * size),
    st.integers(10, 3000).map(lambda size: [[]] * size),
    st.integers(10, 3000).map(lambda size: dict.fromkeys(range(size))),
    st.integers(10, 3000).map(lambda size: {f'{n}\n"é': n for n in range(size)}),
    st.integers(10, 90_000).map(lambda bits: 1 << bits),
)

any_values = st.recursive(
    st.one_of(faithful_values, strange_leaves),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(any_text, inner, max_size=5),
        st.dictionaries(any_text, inner, max_size=5).map(OrderedDict),
        st.builds(Holder, inner, inner),
        st.lists(inner, max_size=5).map(lambda items: ValueError(*items)),
    ),
    max_leaves=12,
)


def assert_storable(plain: Any, max_bytes: int) -> None:
    encoded = msgspec.json.encode(plain)
    text = json.dumps(plain, allow_nan=False, ensure_ascii=False)

    assert plain == msgspec.json.decode(encoded) == json.loads(text)
    assert plain == msgspec.msgpack.decode(msgspec.msgpack.encode(plain))
    assert "\\u0000" not in encoded.decode().replace("\\\\", "")
    assert "\x00" not in text
    assert encoded.decode().isascii() or encoded.decode().encode("utf-8", "strict")
    assert len(encoded) <= max_bytes + OVERSHOOT


@given(any_values, st.integers(0, 100_000))
def test_whatever_it_is_it_is_written_as_valid_json_of_bounded_size(
    value: Any, max_bytes: int
) -> None:
    plain = Capturer(max_bytes).plain(value)

    assert_storable(plain, max_bytes)


@given(st.dictionaries(any_text, any_values, max_size=4), st.integers(0, 5_000))
def test_arguments_are_valid_json_of_bounded_size(values: dict[str, Any], max_bytes: int) -> None:
    plain = Capturer(max_bytes).arguments(("a", "b"), tuple(values.values()), values)

    assert isinstance(plain, dict)
    assert_storable(plain, max_bytes)


@pytest.mark.parametrize("leaf", ["x" * 200, 2**62, -1.7976931348623157e308, None, b"\xff" * 99])
@pytest.mark.parametrize("max_bytes", [0, 100, 1_000, 10_000])
def test_size_holds_for_the_deepest_and_widest_of_values(leaf: Any, max_bytes: int) -> None:
    value: Any = leaf
    for level in range(40):
        value = {"ké\n" * level: value, "list": [value, value], "tuple": (value,), 5: value}

    assert_storable(Capturer(max_bytes).plain(value), max_bytes)


@given(any_text)
def test_text_for_people_is_storable_and_keeps_to_its_size(text: str) -> None:
    written = Capturer().text(text * 100, 1_000)

    assert len(written.encode()) <= 1_000
    assert "\x00" not in written
