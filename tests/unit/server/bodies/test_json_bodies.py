"""JSON bodies: what is right gets in, and everything else is refused with the place of it."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.errors import EveryrunError
from everyrun.server.bodies import decode_json
from everyrun.server.bodies.refusals import InvalidBody, InvalidJson

DEPTH = 64


class Cancel(msgspec.Struct, forbid_unknown_fields=True):
    reason: str | None = None
    nodes: list[int] = []


class Start(msgspec.Struct):
    workflow: str


def read(text: str | bytes, type_: Any = Any, **options: Any) -> Any:
    body = text.encode() if isinstance(text, str) else text
    return decode_json(body, type_, depth=DEPTH, **options)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"reason": "late"}', {"reason": "late"}),
        ('\ufeff{"a": 1}', {"a": 1}),
        (r'"\ud83d\ude00"', "😀"),
        (r'"\\u0000"', r"\u0000"),
        ('"' + "9" * 1_200 + '"', "9" * 1_200),
        ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
        ("1e308", 1e308),
        ("[" * DEPTH + "]" * DEPTH, json.loads("[" * DEPTH + "]" * DEPTH)),
        (json.dumps(["[{" * 100, '"[' * 100, "\\" * 7]), ["[{" * 100, '"[' * 100, "\\" * 7]),
        (json.dumps([{"a": 1}] * 100), [{"a": 1}] * 100),
    ],
)
def test_right_json_is_taken(text: str, value: Any) -> None:
    assert value == read(text)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"a": NaN}', "invalid character (byte 6)"),
        (b"Infinity", "invalid character (byte 0)"),
        (b'{"a": 1} {}', "trailing characters (byte 10)"),
        (b'{"a": ', "Input data was truncated"),
        (b'{"a": "\xff"}', "the body is not UTF-8: byte 0xff at 7"),
        ('{"a": "é"}'.encode("latin-1"), "the body is not UTF-8: byte 0xe9 at 7"),
        ('{"a": 1}'.encode("utf-16"), "the body is not UTF-8; it looks like UTF-16 or UTF-32"),
        ('{"a": 1}'.encode("utf-16-be"), "the body is not UTF-8; it looks like UTF-16 or UTF-32"),
        ('{"a": 1}'.encode("utf-32"), "the body is not UTF-8; it looks like UTF-16 or UTF-32"),
        (rb'["\ud800"]', r"a \u escape is half of a surrogate pair, which stands for no character"),
        (rb'"\udc00x"', r"a \u escape is half of a surrogate pair, which stands for no character"),
        (b"1" + b"0" * 5_000, "a number has 1000 digits or more"),
        (b'{"a": [1' + b"0" * 5_000 + b"]}", "a number has 1000 digits or more"),
    ],
)
def test_what_is_no_json_is_refused_with_a_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(InvalidJson) as refusal:
        read(body)

    assert (400, sentence) == (refusal.value.status_code, str(refusal.value))


@pytest.mark.parametrize("body", ["", " \n", "\ufeff"])
def test_an_empty_body_is_refused_where_something_must_be_said(body: str) -> None:
    with pytest.raises(InvalidJson, match="the body is empty"):
        read(body, Start)


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ('{"workflow": 7}', "$.workflow", "Expected `str`, got `int`"),
        ("{}", "$", "Object missing required field `workflow`"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(text: str, place: str, sentence: str) -> None:
    with pytest.raises(InvalidBody) as refusal:
        read(text, Start)

    assert (400, {"place": place}) == (refusal.value.status_code, refusal.value.members())
    assert f"{place}: {sentence}" == str(refusal.value)


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("[" * 65 + "]" * 65, "$", "lists and objects lie more than 64 deep in each other"),
        ('{"a":' * 9_000 + "1" + "}" * 9_000, "$", "lists and objects lie more than 64 deep"),
        ("[" * 99_999 + "]" * 99_999, "$", "lists and objects lie more than 64 deep"),
        ("[1, 1e400]", "$[1]", "Number out of range"),
        ('{"a": {"b": [0, 99999999999999999999]}}', "$.a.b[1]", "does not fit into 64 bits"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "$", "the key 'c' stands twice in one object"),
        (r'{"a": 1, "\u0061": 2}', "$", "the key 'a' stands twice in one object"),
        (r'{"the name": ["x", "\u0000"]}', "$['the name'][1]", "the text holds NUL"),
        (r'{"a": {"\u0000": 1}}', "$.a", "a key holds NUL"),
    ],
)
def test_what_later_readers_could_not_take_is_refused(text: str, place: str, sentence: str) -> None:
    with pytest.raises(InvalidBody) as refusal:
        read(text)

    assert place == refusal.value.place
    assert sentence in str(refusal.value)


def test_an_empty_body_stands_for_one_without_fields() -> None:
    assert Cancel() == read("", Cancel)


def test_unknown_fields_are_refused_where_the_shape_says_so() -> None:
    with pytest.raises(InvalidBody, match="unknown field `extra`"):
        read('{"extra": 1}', Cancel)


def test_a_body_of_events_may_be_spared_the_second_reading() -> None:
    assert {"a": 2} == read('{"a": 1, "a": 2}', unique_keys=False)
    with pytest.raises(InvalidBody, match="64 deep"):
        read("[" * 65 + "]" * 65, unique_keys=False)


def test_a_place_in_a_huge_name_is_told_short() -> None:
    with pytest.raises(InvalidBody) as refusal:
        read(json.dumps({"a" * 5_000: "\0"}))

    assert 400 > len(str(refusal.value))


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
            inner,
            max_size=5,
        )
    ),
)


@given(JSON_VALUES, st.booleans())
def test_every_plain_value_comes_through(value: Any, ascii_only: bool) -> None:
    assert value == read(json.dumps(value, ensure_ascii=ascii_only))


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(body: bytes) -> None:
    _take_or_refuse(body)


@given(JSON_VALUES, st.data())
def test_no_damage_to_right_json_does_harm(value: Any, data: st.DataObject) -> None:
    body = bytearray(json.dumps(value).encode())
    at = data.draw(st.integers(0, len(body)))
    body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))

    _take_or_refuse(bytes(body))


@given(st.text('[]{}",:\\ 1u0dD8a', max_size=60))
def test_no_soup_of_brackets_and_quotes_does_harm(text: str) -> None:
    _take_or_refuse(text.encode())


def _take_or_refuse(body: bytes) -> None:
    """What is taken is what another strict reader takes; what is refused is so in words."""
    refusal, value = None, None
    try:
        value = read(body)
    except EveryrunError as error:
        refusal = error
    text = body.removeprefix(b"\xef\xbb\xbf")

    if refusal is None:
        assert value == (json.loads(text) if text.strip() else {})
    else:
        assert refusal.status_code == 400 and str(refusal)
