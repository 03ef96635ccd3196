"""What a JSON text holds, told by searches that run in C, without walking it."""

_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_DIGITS = bytes.maketrans(b"123456789", b"000000000")


def without_strings(text: bytes) -> bytes:
    """A JSON text with all that stands in quotes left out, up to where it is no JSON."""
    if b"\\" in text:  # escapes stand in strings only, and their pairs begin at the first
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(text.split(b'"')[::2])


def is_nested_deeper(text: bytes, limit: int) -> bool:
    """Whether lists and objects of a JSON text lie more than ``limit`` deep in each other.

    The text must be right JSON. Mostly it has fewer brackets than that, which is known at once.
    """
    if text.count(b"[") + text.count(b"{") <= limit:
        return False
    brackets = without_strings(text).translate(_BRACKETS, _NO_BRACKETS)
    for _ in range(limit):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")  # what holds nothing more, on every branch
    return bool(brackets)


def has_digits_in_a_row(text: bytes, count: int) -> bool:
    """Whether so many digits stand in a row anywhere in a text, in strings too."""
    return len(text) >= count and b"0" * count in text.translate(_DIGITS)
