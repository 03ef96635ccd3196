"""Labelled values back to the Python objects that they were, where the label is faithful.

Nothing that the data names is imported or called: each label has its own few lines here.
"""

import binascii
import re
from collections import deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from pathlib import PosixPath, PurePath, PurePosixPath, PureWindowsPath, WindowsPath
from typing import Any
from uuid import UUID

import msgspec

from everyrun.domain.payloads.cleaning import unescape

_ZONE = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*")
_SMALL_OFFSET = re.compile(r"([+-])00:00:00\.([0-9]{6})$")
_PATHS: dict[str, type[PurePath]] = {
    "PosixPath": PosixPath,
    "WindowsPath": WindowsPath,
    "PurePosixPath": PurePosixPath,
    "PureWindowsPath": PureWindowsPath,
}
_PURE: dict[str, type[PurePath]] = {"PosixPath": PurePosixPath, "WindowsPath": PureWindowsPath}


def restore(plain: Any) -> Any:
    """A captured value -> the Python object that it was.

    Labels that are not faithful (objects, cut values, subclasses) and unknown ones are answered as
    they are, unchanged. Whatever is in ``plain``, nothing it names is imported or called.
    """
    if type(plain) is list:
        return [restore(item) for item in plain]
    if type(plain) is not dict:
        return plain
    if "$type" not in plain:
        return {key: restore(value) for key, value in plain.items()}
    known = _LABELS.get(plain["$type"]) if isinstance(plain["$type"], str) else None
    if known is None:
        return plain
    rebuild, expected, optional = known
    if not expected <= plain.keys() - {"$type"} <= expected | optional:
        return plain
    try:
        return rebuild(plain)
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, OSError):
        return plain


def _str(label: dict[str, Any]) -> str:
    return unescape(label["value"])


def _int(label: dict[str, Any]) -> int:
    return int(label["value"], 0)


def _float(label: dict[str, Any]) -> float:
    return float(_text(label["value"]))


def _complex(label: dict[str, Any]) -> complex:
    real, imaginary = restore(label["value"])
    return complex(real, imaginary)


def _decimal(label: dict[str, Any]) -> Decimal:
    return Decimal(_text(label["value"]))


def _datetime(label: dict[str, Any]) -> datetime:
    moment = datetime.fromisoformat(label["value"])
    return moment.replace(tzinfo=_zone(label, moment.tzinfo), fold=label.get("fold", 0))


def _time(label: dict[str, Any]) -> time:
    moment = time.fromisoformat(label["value"])
    return moment.replace(tzinfo=_zone(label, moment.tzinfo), fold=label.get("fold", 0))


def _zone(label: dict[str, Any], offset: tzinfo | None) -> tzinfo | None:
    """The zone that the label names, where this machine knows it, else its offset."""
    key = label.get("zone")
    if isinstance(key, str) and _ZONE.fullmatch(key):
        from zoneinfo import ZoneInfo

        try:
            return ZoneInfo(key)
        except (LookupError, ValueError, OSError):
            return offset
    # Python takes an offset of less than a second for none (as of 3.13).
    if small := _SMALL_OFFSET.search(label["value"]):
        return timezone(timedelta(microseconds=int(small[1] + small[2])))
    return offset


def _date(label: dict[str, Any]) -> date:
    return date.fromisoformat(label["value"])


def _timedelta(label: dict[str, Any]) -> timedelta:
    return msgspec.convert(_text(label["value"]), timedelta)


def _uuid(label: dict[str, Any]) -> UUID:
    return UUID(label["value"])


def _path(label: dict[str, Any]) -> PurePath:
    text = _text(restore(label["value"]))
    kind = label["kind"]
    try:
        return _PATHS[kind](text)
    except NotImplementedError:
        return _PURE[kind](text)


def _bytes(label: dict[str, Any]) -> bytes:
    if label["encoding"] == "utf-8":
        return _text(label["value"]).encode()
    if label["encoding"] == "base64":
        return binascii.a2b_base64(label["value"], strict_mode=True)
    raise ValueError(label["encoding"])


def _bytearray(label: dict[str, Any]) -> bytearray:
    return bytearray(_bytes(label))


def _memoryview(label: dict[str, Any]) -> memoryview:
    return memoryview(_bytes(label))


def _range(label: dict[str, Any]) -> range:
    return range(*restore(label["value"]))


def _tuple(label: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(_items(label))


def _set(label: dict[str, Any]) -> set[Any]:
    return set(_items(label))


def _frozenset(label: dict[str, Any]) -> frozenset[Any]:
    return frozenset(_items(label))


def _deque(label: dict[str, Any]) -> deque[Any]:
    return deque(_items(label), label["maxlen"])


def _dict(label: dict[str, Any]) -> dict[Any, Any]:
    rebuilt = {}
    for pair in label["value"]:
        if type(pair) is not list:
            raise TypeError("part of this dict was cut")
        key, value = pair
        rebuilt[restore(key)] = restore(value)
    return rebuilt


def _ellipsis(label: dict[str, Any]) -> Any:
    return ...


def _items(label: dict[str, Any]) -> list[Any]:
    if type(label["value"]) is not list:
        raise TypeError("no list of items")
    return [restore(item) for item in label["value"]]


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("no text")
    return value


_Rebuild = Callable[[dict[str, Any]], Any]
_VALUE = frozenset({"value"})
_NONE: frozenset[str] = frozenset()
_ENCODED = frozenset({"value", "encoding"})
_PLACED = frozenset({"zone", "fold"})
_LABELS: dict[str, tuple[_Rebuild, frozenset[str], frozenset[str]]] = {
    "str": (_str, _VALUE, _NONE),
    "int": (_int, _VALUE, _NONE),
    "float": (_float, _VALUE, _NONE),
    "complex": (_complex, _VALUE, _NONE),
    "decimal": (_decimal, _VALUE, _NONE),
    "datetime": (_datetime, _VALUE, _PLACED),
    "time": (_time, _VALUE, _PLACED),
    "date": (_date, _VALUE, _NONE),
    "timedelta": (_timedelta, _VALUE, _NONE),
    "uuid": (_uuid, _VALUE, _NONE),
    "path": (_path, _VALUE | {"kind"}, _NONE),
    "bytes": (_bytes, _ENCODED, _NONE),
    "bytearray": (_bytearray, _ENCODED, _NONE),
    "memoryview": (_memoryview, _ENCODED, _NONE),
    "range": (_range, _VALUE, _NONE),
    "tuple": (_tuple, _VALUE, _NONE),
    "set": (_set, _VALUE, _NONE),
    "frozenset": (_frozenset, _VALUE, _NONE),
    "deque": (_deque, _VALUE | {"maxlen"}, _NONE),
    "dict": (_dict, _VALUE, _NONE),
    "ellipsis": (_ellipsis, _NONE, _NONE),
}

FAITHFUL_LABELS = frozenset(_LABELS)
"""Labels that :func:`restore` turns back."""
