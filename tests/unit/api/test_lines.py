"""Making lines of text that comes in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.tracking.lines import LONGEST_LINE, LONGEST_WORD, LineAssembler


def lines_of(*pieces: str | bytes) -> list[str]:
    """The lines that these pieces make."""
    assembler = LineAssembler()
    lines: list[str] = []
    for piece in pieces:
        lines += assembler.feed(piece) if isinstance(piece, str) else assembler.feed_bytes(piece)
    return [*lines, *assembler.end()]


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        (["a\nb\n"], ["a", "b"]),
        (["a", "b", "\n"], ["ab"]),
        (["a\n\nb"], ["a", "", "b"]),
        (["\n"], [""]),
        ([""], []),
        (["a\r\nb\r\n"], ["a", "b"]),
        (["a\r", "\nb"], ["a", "b"]),
        (["10%\r20%\r30%\n"], ["30%"]),
        (["10%", "\r20%", "\r", "30%\r", "\n"], ["30%"]),
        (["10%\r20%\r"], ["20%"]),
        (["\r10%\r20%"], ["20%"]),
        (["100%\r    \ndone\n"], ["done"]),
        (["a\r\r\n"], ["a"]),
        ([b"caf\xc3", b"\xa9\n"], ["café"]),
        ([b"\xff\xfe\n"], ["\\xff\\xfe"]),
        ([b"caf\xc3"], ["caf\\xc3"]),
        (["a\u2028b\x0bc\n"], ["a\u2028b\x0bc"]),
    ],
)
def test_pieces_make_lines(pieces: list[str | bytes], lines: list[str]) -> None:
    assert lines == lines_of(*pieces)


@given(st.text(alphabet="ab\n"), st.lists(st.integers(0, 20)))
def test_where_text_is_cut_into_pieces_does_not_matter(text: str, cuts: list[int]) -> None:
    pieces, rest = [], text
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]

    assert lines_of(text) == lines_of(*pieces, rest)


@given(st.text(alphabet="ab\r\n"), st.lists(st.integers(0, 20)))
def test_nor_does_it_for_bytes_and_returns(text: str, cuts: list[int]) -> None:
    pieces, rest = [], text.encode()
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]

    assert lines_of(text) == lines_of(*pieces, rest)


def test_a_very_long_line_is_cut_and_says_so() -> None:
    words = "word " * 10_000
    lines = lines_of(words[:30_000], words[30_000:], "\nnext\n")

    assert 2 == len(lines)
    assert lines[0].endswith("word… [cut: 33,621 more characters]")
    assert len(lines[0]) <= LONGEST_LINE + 50
    assert "next" == lines[1]


def test_of_a_word_that_the_cut_divides_nothing_is_left() -> None:
    lines = lines_of("x " * (LONGEST_LINE // 2 - 5) + "very-secret-word\n")

    assert lines[0].startswith("x x ")
    assert "very" not in lines[0]


def test_a_word_longer_than_all_is_cut_well_before_its_end() -> None:
    (line,) = lines_of("x" * 100_000 + "\n")

    kept = LONGEST_LINE - LONGEST_WORD
    assert f"{'x' * kept}… [cut: {100_000 - kept:,} more characters]" == line


def test_a_line_without_end_is_held_in_bounded_memory() -> None:
    assembler = LineAssembler()
    for _ in range(1_000):
        assert [] == list(assembler.feed("x" * 10_000))

    assert len(assembler._held) <= LONGEST_LINE


def test_after_a_long_line_a_return_begins_anew() -> None:
    assert ["100%"] == lines_of("x" * 100_000, "\r100%\n")
