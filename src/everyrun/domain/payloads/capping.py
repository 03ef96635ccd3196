"""Cutting text to a size, visibly."""

import msgspec

_encode = msgspec.json.Encoder().encode

NOTE_ROOM = 64
"""Bytes of JSON that a cut's note takes at most."""


def json_size(text: str) -> int:
    """Bytes that storable ``text`` takes as a JSON string, its quotes included."""
    return len(_encode(text))


def note_of_cut(characters: int) -> str:
    """The visible end of a text that was cut."""
    return f"… [cut: {characters:,} more characters]"


def fit(text: str, room: int) -> str:
    """A beginning of storable ``text`` that takes at most ``room`` bytes of JSON."""
    while text and (size := json_size(text)) > room:
        text = text[: min(len(text) * max(room, 0) // size, len(text) - 1)]
    return text


def fit_end(text: str, room: int) -> str:
    """An end of storable ``text`` that takes at most ``room`` bytes of JSON."""
    while text and (size := json_size(text)) > room:
        text = text[len(text) - min(len(text) * max(room, 0) // size, len(text) - 1) :]
    return text


def cut_end(text: str, room: int, *, missing: int = 0) -> str:
    """``text`` with a note in place of its end when it is longer than ``room`` bytes of JSON.

    ``missing`` counts characters that were left off before. The answer is at most ``room`` bytes
    long, or just the note when there is room for nothing else.
    """
    if not missing and json_size(text) <= room:
        return text
    kept = fit(text, room - NOTE_ROOM)
    return kept + note_of_cut(len(text) - len(kept) + missing)


def cut_middle(text: str, room: int) -> str:
    """``text`` with a note in place of its middle when it is longer than ``room`` bytes of JSON.

    It is cut at line ends where there are any near.
    """
    if json_size(text) <= room:
        return text
    half = (room - 2 * NOTE_ROOM) // 2
    first, last = fit(text, half), fit_end(text, half)
    first = first[: first.rfind("\n") + 1] or first
    last = last[last.find("\n") + 1 :] or last
    gone = len(text) - len(first) - len(last)
    return f"{first}… [cut: {gone:,} characters from the middle]\n{last}"
