"""Plain values -> YAML as a person would write it.

In block style; text of several lines as a literal block, other text plain where that is safe in
YAML 1.1 and 1.2 alike, else as JSON has it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from everyrun.workflows.defining.core_schema import NotStorable, plain_value

WIDEST = 100
"""Characters up to which a :class:`Short` value stands in one line."""

_PLAIN = re.compile(r"[\w/.](?:[\w/.@+*=~%^$()<>;!?'-]|:(?!\s|$)|(?<!\s)#|[ ](?=[^\s#]))*")
_NUMBER_LIKE = re.compile(r"(?=.*\d)[-+0-9_.:,eExXoObB]*")
_WORDS_OF_YAML_1_1 = frozenset({"y", "n", "yes", "no", "on", "off"})
_PLAIN_KEYS = frozenset({"on", "x", "y"})
_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\xa0\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]")
_SHORT_EXPONENT = re.compile(r"-?\d+e[-+]\d+")
_LITERAL = re.compile(
    r"(?=\S)[^\x00-\x08\x0b-\x1f\x7f-\xa0\ud800-\udfff\u2028\u2029\ufeff\ufffe\uffff]*"
)


class Short(dict[str, Any]):
    """A mapping that stands in one line where it fits: ``{x: 10, y: 20}``."""


def lines_of(value: Any, indent: int = 0) -> Iterator[str]:
    """The lines of a mapping or list in block style, without line ends."""
    pad = " " * indent
    entries: Any = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, inner in entries:
        start = f"{pad}-" if key is None else f"{pad}{_key(key)}:"
        in_line = _in_line(inner, WIDEST - len(start) - 1)
        if in_line is not None:
            yield f"{start} {in_line}"
        elif isinstance(inner, str):
            yield from _literal(start, inner, indent + 2)
        elif key is None:
            first, *further = lines_of(inner, indent + 2)
            yield f"{start} {first.lstrip()}"
            yield from further
        else:
            yield start
            yield from lines_of(inner, indent + 2)


def _in_line(value: Any, width: int) -> str | None:
    """The value in one line; None where it stands better in several."""
    match value:
        case str():
            return None if _is_literal(value) else scalar(value)
        case []:
            return "[]"
        case dict() if not value:
            return "{}"
        case list() if all(_is_word(item) for item in value):
            text = f"[{', '.join(map(scalar, value))}]"
        case Short():
            text = f"{{{', '.join(f'{_key(key)}: {_flow(each)}' for key, each in value.items())}}}"
        case list() | dict():
            return None
        case _:
            return scalar(value)
    return text if len(text) <= width else None


def _flow(value: Any) -> str:
    return f"[{', '.join(map(scalar, value))}]" if isinstance(value, list) else scalar(value)


def _is_word(value: Any) -> bool:
    return not isinstance(value, list | dict) and "\n" not in str(value)


def _key(key: str) -> str:
    return key if key in _PLAIN_KEYS or _is_plain(key) else _quoted(key)


def scalar(value: Any) -> str:
    """Text, a number, true, false or null, in one line."""
    if isinstance(value, str):
        return value if _is_plain(value) else _quoted(value)
    written = json.dumps(value)
    # YAML 1.1 takes 1e+16 for text, and 1.0e+16 for the number that it is.
    return written.replace("e", ".0e") if _SHORT_EXPONENT.fullmatch(written) else written


def _is_plain(text: str) -> bool:
    """Whether every reader takes the text for text, in a line of its own and in a list."""
    if not _PLAIN.fullmatch(text) or text.lower() in _WORDS_OF_YAML_1_1:
        return False
    if _NUMBER_LIKE.fullmatch(text) or _NOT_PRINTED.search(text):
        return False
    try:
        return isinstance(plain_value(text), str)
    except NotStorable:
        return False


def _quoted(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return _NOT_PRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _is_literal(text: str) -> bool:
    return "\n" in text and _LITERAL.fullmatch(text) is not None


def _literal(start: str, text: str, indent: int) -> Iterator[str]:
    kept = text.rstrip("\n")
    ends = len(text) - len(kept)
    yield f"{start} |{'-+'[ends > 1] if ends != 1 else ''}"
    pad = " " * indent
    for line in kept.split("\n"):
        yield pad + line if line else ""
    yield from [""] * (ends - 1)
