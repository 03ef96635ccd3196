"""Plain scalars by YAML 1.2's core schema: ``yes``, ``on`` and ``2026-11-20`` are text.

Source: YAML 1.2.2, chapter 10.3.2. Numbers that the ledger could not keep are refused.
"""

import re
from math import inf, isfinite
from typing import Any

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_BEGINNINGS = frozenset("~nNtTfF-+.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)"
    r"|\.(?:nan|NaN|NAN)"
)
_LARGEST = 1 << 63
_PREFIX = "tag:yaml.org,2002"
_TAGS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "null": (type(None),),
}


class NotStorable(ValueError):
    """A value that no ledger could give back as it is; the message says why."""


def plain_value(text: str) -> Any:
    """What a scalar without quotes and tag means. Raises :class:`NotStorable`."""
    if text and text[0] not in _BEGINNINGS:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    return text


def _integer(text: str) -> int:
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    # Beyond 70 digits nothing fits, and Python refuses to read thousands of them.
    number = int(text, base) if len(text) < 70 else _LARGEST
    if not -_LARGEST <= number < _LARGEST:
        raise NotStorable(f"{text[:40]} does not fit into 64 bits; write it in quotes, as text")
    return number


def _float(text: str) -> float:
    digits = text[-1].isdigit() or text[-1] == "."
    number = float(text) if digits else inf
    if not isfinite(number):
        raise NotStorable(f"{text[:40]} is no number that JSON has; write it in quotes, as text")
    return number


def tagged_value(tag: str, text: str) -> Any:
    """What a scalar with an explicit tag means.

    Raises ``LookupError`` for a tag that is none of the core schema's, ``ValueError`` for text
    that is not what its tag says.
    """
    prefix, _, name = tag.rpartition(":")
    if prefix != _PREFIX:
        raise LookupError(tag)
    kinds = _TAGS[name]
    if kinds == (str,):
        return text
    value = plain_value(text)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise ValueError(f"{text[:40]!r} is not what its tag says")
    return float(value) if float in kinds and isinstance(value, int) else value
