"""What a document says, and where on its pages: what the first stage hands to the next ones."""

from collections.abc import Iterable
from typing import Literal

import msgspec

Source = Literal["text layer", "tesseract"]


class Word(msgspec.Struct, array_like=True, frozen=True):
    """One word and its box, in points from the page's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Line(msgspec.Struct, array_like=True, frozen=True):
    """The words that stand beside each other, from left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The line as one reads it."""
        return " ".join(word.text for word in self.words)

    @property
    def top(self) -> float:
        """Points from the page's upper edge."""
        return min(word.top for word in self.words)

    @property
    def height(self) -> float:
        """Points from the highest word's top to the lowest one's bottom."""
        return max(word.bottom for word in self.words) - self.top


class Page(msgspec.Struct, frozen=True):
    """One page: its size in points, what it was read by, and its lines from top to bottom."""

    number: int
    width: float
    height: float
    source: Source
    lines: tuple[Line, ...]


class Document(msgspec.Struct, frozen=True):
    """One file, read."""

    file: str
    pages: tuple[Page, ...]

    @property
    def words(self) -> int:
        """How many there are on all pages."""
        return sum(len(line.words) for page in self.pages for line in page.lines)


def lines_of(words: Iterable[Word]) -> tuple[Line, ...]:
    """Words in lines: those belong together whose middle lies within the line's first word."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom, word.left)):
        middle = (word.top + word.bottom) / 2
        if lines and lines[-1][0].top <= middle <= lines[-1][0].bottom:
            lines[-1].append(word)
        else:
            lines.append([word])
    return tuple(Line(tuple(sorted(line, key=lambda word: word.left))) for line in lines)
