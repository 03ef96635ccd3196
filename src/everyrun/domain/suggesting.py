"""What a misspelt word was probably meant to be."""

from collections.abc import Iterable

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
    from difflib import get_close_matches

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


def which_there_are(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about a word that is not known: ``there are: a, b; did you mean a?``

    What is most like it stands first, so that it is seen where there are many.
    """
    words = list(known)
    if not words:
        return "there are none"
    near = closest(word, words)
    if near is not None:
        words.sort(key=lambda candidate: candidate != near)
    return f"there are: {enumerated(words)}{hint(near)}"


def _folded(word: str) -> str:
    return word.casefold().translate(_ALIKE)
