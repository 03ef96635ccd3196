"""JSON bodies, decoded strictly: what two readers could take for two things is refused.

msgspec refuses NaN, numbers that no float can hold, lone surrogates and all that is no JSON. Here
is refused what it lets pass: keys that stand twice, nesting that would break whoever reads it
later, whole numbers past 64 bits and NUL, which the ledger cannot hold.
"""

import json
import re
from typing import Any

import msgspec

from everyrun.domain.nesting import (
    has_digits_in_a_row,
    is_nested_deeper,
    without_strings,
)
from everyrun.server.bodies.plain_values import find_unstorable
from everyrun.server.bodies.refusals import InvalidBody, InvalidJson

LONGEST_NUMBER = 1_000
"""Digits; the time to read more grows with their square."""

_UTF_8_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_PERHAPS_PAST_64_BITS = 19
_NUL = b"\\u0000"
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def decode_json(body: bytes, type_: Any, *, depth: int, unique_keys: bool = True) -> Any:
    """A JSON body as ``type_``.

    Nothing may be nested more than ``depth`` deep. An empty body counts as ``{}`` where ``type_``
    needs no field. ``unique_keys`` costs a second reading in Python, which bodies of thousands of
    events are spared: with False the last of two equal keys counts, and numbers and NUL are left
    to whoever stores them. Raises :class:`InvalidJson` and, for right JSON that says something
    wrong, :class:`InvalidBody` with the place.
    """
    body = body.removeprefix(_UTF_8_MARK)
    if not body.strip():
        return _of_nothing(type_)
    if has_digits_in_a_row(body, LONGEST_NUMBER) and has_digits_in_a_row(
        without_strings(body), LONGEST_NUMBER
    ):
        raise InvalidJson(f"a number has {LONGEST_NUMBER} digits or more")
    try:
        value = msgspec.json.decode(body, type=type_)
    except RecursionError:
        raise _too_deep(depth) from None
    except msgspec.ValidationError as error:
        raise InvalidBody.of(error) from None
    except UnicodeDecodeError:
        raise InvalidJson(_why_not_utf_8(body)) from None
    except msgspec.DecodeError as error:
        raise InvalidJson(_explained(body, str(error))) from None
    if is_nested_deeper(body, depth):
        raise _too_deep(depth)
    if unique_keys:
        _require_unique_keys(body)
        if _NUL in body or has_digits_in_a_row(body, _PERHAPS_PAST_64_BITS):
            _require_storable(body)
    return value


def _of_nothing(type_: Any) -> Any:
    try:
        return msgspec.json.decode(b"{}", type=type_)
    except msgspec.ValidationError:
        raise InvalidJson("the body is empty") from None


def _require_unique_keys(body: bytes) -> None:
    def check(pairs: list[tuple[str, Any]]) -> None:
        if len(pairs) > 1 and len({key for key, _ in pairs}) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for number, key in enumerate(keys) if key in keys[:number])
            raise InvalidBody(f"the key {twice[:100]!r} stands twice in one object")

    json.loads(body, object_pairs_hook=check, parse_int=_ignore, parse_float=_ignore)


def _ignore(_number: str) -> None:
    """Numbers do not matter here."""


def _require_storable(body: bytes) -> None:
    found = find_unstorable(msgspec.json.decode(body))
    if found is not None:
        place, what = found
        raise InvalidBody(what, place)


def _too_deep(depth: int) -> InvalidBody:
    return InvalidBody(f"lists and objects lie more than {depth} deep in each other")


def _why_not_utf_8(body: bytes) -> str:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return f"the body is not UTF-8: byte 0x{body[error.start]:02x} at {error.start}"
    return "the body is not UTF-8"


def _explained(body: bytes, reason: str) -> str:
    """msgspec's sentence, or a better one where it sees only what came of the cause."""
    if body.startswith(_OTHER_MARKS) or b"\0" in body[:4]:
        return "the body is not UTF-8; it looks like UTF-16 or UTF-32"
    if _ESCAPED_SURROGATE.search(body) and not _pairs_surrogates(body):
        return "a \\u escape is half of a surrogate pair, which stands for no character"
    return reason.removeprefix("JSON is malformed: ")


def _pairs_surrogates(body: bytes) -> bool:
    try:
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    except (ValueError, RecursionError):
        return True  # something else is wrong too, and told
    return True
