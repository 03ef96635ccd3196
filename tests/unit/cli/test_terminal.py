"""Text from the ledger cannot drive the terminal."""

from hypothesis import given
from hypothesis import strategies as st

from everyrun.cli.terminal import harmless, one_line


def test_an_escape_is_shown_and_not_sent() -> None:
    assert "␛[31mred␇" == one_line("\x1b[31mred\x07")


def test_line_breaks_are_shown_where_one_line_is_meant() -> None:
    assert "first⏎second third" == one_line("first\nsecond\tthird")


def test_line_breaks_stay_where_several_lines_are_meant() -> None:
    assert "first\n\tsecond␍" == harmless("first\n\tsecond\r")


def test_what_reverses_the_direction_of_text_is_taken_out() -> None:
    assert "invoice.exe" == one_line("invoice\u202e.exe")


def test_words_of_any_language_pass() -> None:
    assert "월말 정산 ✔ café" == one_line("월말 정산 ✔ café")


@given(st.text())
def test_no_control_character_passes(text: str) -> None:
    assert not [sign for sign in one_line(text) if ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0]
