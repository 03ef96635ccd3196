"""What a misspelt word was probably meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

_MOST_CANDIDATES = 2_000
"""More are not compared: it would take longer than everything else."""
_ALIKE = str.maketrans("-", "_")


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is most like ``word``; None where none is like it."""
    known = list(candidates)
    folded = _folded(word)
    for candidate in known:
        if _folded(candidate) == folded:
            return candidate
    if len(known) > _MOST_CANDIDATES or len(word) > 200:
        return None
    near = [candidate for candidate in known if abs(len(candidate) - len(word)) <= 3]
    return next(iter(get_close_matches(word, near, n=1, cutoff=0.6)), None)


def hint(suggestion: str | None) -> str:
    """The end of a sentence that offers the suggestion; nothing where there is none."""
    return "" if suggestion is None else f"; did you mean {suggestion}?"


def enumerated(words: Iterable[str], most: int = 12) -> str:
    """The words, parted by commas, the further ones counted."""
    known = list(words)
    shown = ", ".join(known[:most])
    return shown if len(known) <= most else f"{shown} and {len(known) - most} more"


def _folded(word: str) -> str:
    return word.casefold().translate(_ALIKE)
