"""Text made storable, for people and reversibly."""

import pytest
from hypothesis import given

from everyrun.domain.payloads import clean_text
from everyrun.domain.payloads.cleaning import escape, is_storable, unescape
from tests.unit.payloads.faithful_values import any_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", "a\\x00b"),
        ("a\udc80\ud83d", "a\\udc80\\ud83d"),
        ("a\\x00\n\x07é한😀", "a\\x00\n\x07é한😀"),
        ("", ""),
    ],
)
def test_what_cannot_be_stored_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert shown == clean_text(text)


def test_storable_text_is_the_same_object() -> None:
    for text in ("plain", "é\n", "😀" * 1_000, "tab\t"):
        assert text is clean_text(text)


@given(any_text)
def test_clean_text_is_storable(text: str) -> None:
    assert is_storable(clean_text(text))
    assert is_storable(escape(text))


@given(any_text)
def test_escaped_text_comes_back(text: str) -> None:
    assert text == unescape(escape(text))
