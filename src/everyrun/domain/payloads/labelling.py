"""Python's own types as labelled JSON: ``{"$type": "decimal", "value": "1.10"}``.

``LEAVES`` hold no other objects, ``TREES`` do (``containing.py``). They are looked up by the
identity of a value's class, because a class may refuse to be hashed. Every function calls the
built-in type's methods, so that it serves subclasses too, whose own methods may do anything. What
each label means, and which of them ``restoring.py`` turns back, stands in
``docs/reference/payloads.md``.
"""

import binascii
import re
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from math import copysign
from pathlib import PosixPath, PurePath, PurePosixPath, PureWindowsPath, WindowsPath
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from everyrun.domain.payloads.capping import fit, json_size
from everyrun.domain.payloads.cleaning import is_storable

if TYPE_CHECKING:
    from everyrun.domain.payloads.walking import Walk

SMALLEST_INT = -(2**63)
LARGEST_INT = 2**63 - 1
"""Integers within are JSON numbers: what MessagePack and SQLite hold exactly."""

_FIRST_EXPONENT = 1e16
_LONGEST_DECIMAL_BITS = 2048
_BITS_OF_A_DIGIT = 4
_LEAST_SHOWN = 64
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPLIT_CHARACTER = "".join(map(chr, range(0xDC80, 0xDD00)))
_PATHS = (PosixPath, WindowsPath, PurePosixPath, PureWindowsPath)


def is_plain_float(value: float) -> bool:
    """Whether a JSON number keeps this float, and keeps it a float.

    Not NaN and the infinities, which JSON lacks; not the negative zero and the whole numbers that
    are written with an exponent, for PostgreSQL's ``jsonb`` drops that sign and that exponent.
    """
    if value == 0.0:
        return copysign(1.0, value) > 0
    return -_FIRST_EXPONENT < value < _FIRST_EXPONENT


def label_float(walk: "Walk", value: float) -> Any:
    """A float as a number where it can be."""
    value = float.__float__(value)
    if is_plain_float(value):
        walk.left -= 24
        return value
    return walk.label("float", {"value": walk.token(float.__repr__(value))})


def label_int(walk: "Walk", value: int) -> Any:
    """An integer as a number where it can be.

    Long ones are hexadecimal: decimal takes quadratic time, and Python forbids it past some length.
    """
    value = int.__int__(value)
    bits = value.bit_length()
    if bits > max(walk.left, _LEAST_SHOWN) * _BITS_OF_A_DIGIT:
        return walk.label("int", {"bits": bits, "cut": True})
    digits = str(value) if bits <= _LONGEST_DECIMAL_BITS else hex(value)
    shown = walk.token(digits)
    if shown == digits and SMALLEST_INT <= value <= LARGEST_INT:
        return value
    return walk.label("int", {"value": shown})


def octets(walk: "Walk", name: str, read: bytes, length: int, more: dict[str, Any]) -> Any:
    """Bytes as text where they are text, else in base64. ``read`` is their beginning.

    Secrets are looked for before, for base64 would carry them past every search.
    """
    room = max(walk.left, _LEAST_SHOWN)
    text = walk.redactor.text(read.decode("utf-8", "surrogateescape"))
    if len(read) < length:
        text = text[: max(0, len(text) - walk.redactor.margin)].rstrip(_SPLIT_CHARACTER)
    if is_storable(text) and not _NOT_TEXT.search(text):
        value = fit(text, room)
        kept, encoding = len(value.encode()), "utf-8"
        whole = len(read) == length and len(value) == len(text)
    else:
        raw = text.encode("utf-8", "surrogateescape")
        value = binascii.b2a_base64(raw[: room * 3 // 4], newline=False).decode()
        kept, encoding = min(len(raw), room * 3 // 4), "base64"
        whole = len(read) == length and kept == len(raw)
    walk.left -= json_size(value) + 24
    content = {"encoding": encoding, "value": value, **more}
    if not whole:
        content["cut"] = max(1, length - kept)
    return walk.label(name, content)


def reach(walk: "Walk") -> int:
    """How many bytes, or characters, need to be read to fill the room that is left."""
    return max(walk.left, _LEAST_SHOWN) + walk.redactor.margin


def _complex(walk: "Walk", value: complex) -> Any:
    exact = complex.__complex__(value)
    return walk.label(
        "complex", {"value": [label_float(walk, exact.real), label_float(walk, exact.imag)]}
    )


def _decimal(walk: "Walk", value: Decimal) -> Any:
    size = Decimal.__sizeof__(value)
    if size > max(walk.left, _LEAST_SHOWN) + 256:
        return walk.label("decimal", {"bytes": size, "cut": True})
    return walk.label("decimal", {"value": walk.token(Decimal.__str__(value))})


def _datetime(walk: "Walk", value: datetime) -> Any:
    text = walk.token(datetime.isoformat(value))
    return walk.label("datetime", {"value": text} | _zone(walk, value.tzinfo, value.fold))


def _time(walk: "Walk", value: time) -> Any:
    text = walk.token(time.isoformat(value))
    return walk.label("time", {"value": text} | _zone(walk, value.tzinfo, value.fold))


def _zone(walk: "Walk", zone: tzinfo | None, fold: int) -> dict[str, Any]:
    more: dict[str, Any] = {}
    zoneinfo: Any = sys.modules.get("zoneinfo")
    if zoneinfo is not None and type(zone) is zoneinfo.ZoneInfo:
        key = zone.key  # type: ignore[union-attr]
        if key is not None:
            more["zone"] = walk.token(key)
    if fold:
        more["fold"] = 1
    return more


def _date(walk: "Walk", value: date) -> Any:
    return walk.label("date", {"value": walk.token(date.isoformat(value))})


def _timedelta(walk: "Walk", value: timedelta) -> Any:
    exact = timedelta.__pos__(value)
    return walk.label("timedelta", {"value": walk.token(msgspec.to_builtins(exact))})


def _uuid(walk: "Walk", value: UUID) -> Any:
    return walk.label("uuid", {"value": walk.token(UUID.__str__(value))})


def _path(walk: "Walk", value: PurePath) -> Any:
    kind = next((kind for kind in _PATHS if issubclass(type(value), kind)), PurePath)
    text = walk.text(PurePath.__str__(value))
    return walk.label("path", {"kind": kind.__name__, "value": text})


def _range(walk: "Walk", value: range) -> Any:
    parts = (value.start, value.stop, value.step)
    return walk.label("range", {"value": [label_int(walk, part) for part in parts]})


def _ellipsis(walk: "Walk", value: object) -> Any:
    return walk.label("ellipsis", {})


def _str(walk: "Walk", value: str) -> Any:
    return walk.any_text(value)


def _bytes(walk: "Walk", value: bytes) -> Any:
    read = bytes.__getitem__(value, slice(reach(walk)))
    return octets(walk, "bytes", read, bytes.__len__(value), {})


def _bytearray(walk: "Walk", value: bytearray) -> Any:
    read = bytes(bytearray.__getitem__(value, slice(reach(walk))))
    return octets(walk, "bytearray", read, bytearray.__len__(value), {})


def _memoryview(walk: "Walk", value: memoryview) -> Any:
    if value.format == "B" and value.ndim == 1:
        return octets(walk, "memoryview", bytes(value[: reach(walk)]), value.nbytes, {})
    shape = list(value.shape or ())
    walk.left -= 16 + 21 * len(shape)
    read = bytes(value.cast("B")[: reach(walk)]) if value.c_contiguous and value.nbytes else b""
    more = {"format": walk.token(value.format), "shape": shape}
    return octets(walk, "memoryview", read, value.nbytes, more)


LEAF_TYPES: tuple[tuple[type, Callable[["Walk", Any], Any]], ...] = (
    (str, _str),
    (int, label_int),
    (float, label_float),
    (complex, _complex),
    (bytes, _bytes),
    (bytearray, _bytearray),
    (memoryview, _memoryview),
    (datetime, _datetime),
    (date, _date),
    (time, _time),
    (timedelta, _timedelta),
    (Decimal, _decimal),
    (UUID, _uuid),
    (range, _range),
    (type(...), _ellipsis),
    (PurePath, _path),
)
"""Types and what labels them. A subclass is labelled as the first of them that it is one of."""

LEAVES: dict[int, Callable[["Walk", Any], Any]] = {
    **{id(kind): label for kind, label in LEAF_TYPES},
    **{id(kind): _path for kind in _PATHS},
}
