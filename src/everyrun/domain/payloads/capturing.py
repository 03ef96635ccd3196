"""What a program's values were at one moment: redacted, capped, plain.

What :class:`Capturer` writes holds no reference to anything that the program may change later.
MessagePack, JSON and PostgreSQL's ``jsonb`` all carry it and give the same back.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from everyrun.domain.payloads.capping import cut_middle
from everyrun.domain.payloads.cleaning import clean_text, is_storable
from everyrun.domain.payloads.labelling import LARGEST_INT, SMALLEST_INT, is_plain_float
from everyrun.domain.payloads.naming import class_name
from everyrun.domain.payloads.redacting import Redactor
from everyrun.domain.payloads.tracing import message_of, trace
from everyrun.domain.payloads.walking import Walk

DEFAULT_MAX_BYTES = 65_536
MESSAGE_BYTES = 8_192
TRACEBACK_BYTES = 65_536

OVERSHOOT = 4_096
"""Bytes of JSON by which a captured value may exceed its cap: notes of what was cut, at each level
of nesting."""

_QUICK_ITEMS = 32
_QUICK_TEXT = 128
_SHORTEST_HARM = 4
_BYTES_OF_A_QUICK_ITEM = 1_100
_TEXTS_KEPT = 1_024


class CapturedError(NamedTuple):
    """An exception on record. ``type`` is qualified, ``traceback`` what Python would print."""

    type: str
    message: str
    traceback: str


class Capturer:
    """Turns any Python object into a plain JSON value; never raises an ``Exception``.

    A captured value takes, as compact JSON in UTF-8, at most ``max_bytes`` plus
    :data:`OVERSHOOT`, usually less than ``max_bytes``: sizes are counted from above while walking.
    The walk stops where the room ends, whatever the size of the value.
    """

    def __init__(
        self, max_bytes: int = DEFAULT_MAX_BYTES, redactor: Redactor | None = None
    ) -> None:
        self.max_bytes = max_bytes
        self.redactor = redactor or Redactor()
        self._quick_items = min(_QUICK_ITEMS, max_bytes // _BYTES_OF_A_QUICK_ITEM)
        self._keys: dict[str, int] = {}
        self._looked_into: set[str] = set()
        self._registry = self.redactor.registry
        self._version = self._registry.version

    def plain(self, value: Any) -> Any:
        """``value`` as it is now, as a plain JSON value.

        JSON where it can be, else labelled as what it was (``docs/reference/payloads.md``). Holds
        no reference to the value's own containers.
        """
        try:
            kind = type(value)
            if (kind is dict or kind is list) and len(value) <= self._quick_items:
                copy = value.copy()
                if self._is_quick(copy):
                    return copy
            return self._walk().value(value)
        except Exception as error:  # noqa: BLE001 - recording must not hurt the host
            return _unreadable(value, error)

    def arguments(
        self, names: tuple[str, ...], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        """A call's arguments by name, as :meth:`plain` would write them.

        ``names`` are those of the positional parameters. Values beyond them stand under ``*args``;
        a keyword that is the name of a positional one, too, stands under ``**name``.
        """
        if not args and not kwargs:
            return {}
        try:
            named = dict(zip(names, args))  # noqa: B905 - either may be longer; see below
            if len(args) > len(names):
                named["*args"] = list(args[len(names) :])
            if kwargs:
                for name, value in kwargs.items():
                    named[f"**{name}" if name in named else name] = value
            if len(named) <= self._quick_items and self._is_quick(named):
                return named
            return self._walk().mapping(list(named.items()), len(named), 0)
        except Exception as error:  # noqa: BLE001 - recording must not hurt the host
            return _unreadable(kwargs, error)

    def text(self, text: str, max_bytes: int | None = None) -> str:
        """Text for people: cleaned, redacted, and cut to ``max_bytes`` with a note of how much."""
        try:
            room = self.max_bytes if max_bytes is None else max_bytes
            is_short = type(text) is str and len(text) <= _QUICK_TEXT < room // 4
            if is_short and text.isprintable() and self.redactor.is_harmless(text):
                return text
            return Walk(room, self.redactor, {}).words(text)
        except Exception as error:  # noqa: BLE001 - recording must not hurt the host
            return f"<unreadable text: {class_name(type(error))}>"

    def error(self, error: BaseException) -> CapturedError:
        """An exception's qualified type, message (8 KiB at most) and traceback (64 KiB at most).

        The traceback is cut from its middle: how it began and what was raised stay.
        """
        kind = class_name(type(error))
        try:
            message = self.text(message_of(error), MESSAGE_BYTES)
            pieces = [
                self.redactor.ends("".join(text for text, _ in group), TRACEBACK_BYTES, code=code)
                for code, group in groupby(trace(error), key=lambda piece: piece[1])
            ]
            traceback = "".join(pieces)
            if not is_storable(traceback):
                traceback = self._registry.mask(clean_text(traceback))
            return CapturedError(kind, message, cut_middle(traceback, TRACEBACK_BYTES))
        except Exception as problem:  # noqa: BLE001 - recording must not hurt the host
            return CapturedError(kind, f"<unreadable: {class_name(type(problem))}>", "")

    def _walk(self) -> Walk:
        if self._version != self._registry.version:
            self._forget_keys()
        return Walk(self.max_bytes, self.redactor, self._keys)

    def _forget_keys(self) -> None:
        # A new dict rather than an emptied one: a walk that has begun may still add to the old.
        self._version = self._registry.version
        self._keys = {}
        self._looked_into = set()

    def _is_quick(self, items: dict[Any, Any] | list[Any]) -> bool:
        """Whether a small container of our own is plain JSON with nothing to hide, all in all.

        Containers in it are replaced by copies.
        """
        if self._version != self._registry.version:
            self._forget_keys()
        if self._registry.has_numbers:
            return False
        return self._settle(items, self._quick_items - len(items)) >= 0

    # Flat, for one call an item would double its cost.
    def _settle(self, items: dict[Any, Any] | list[Any], left: int) -> int:  # noqa: C901
        """How many more items may follow for the whole to be small; below zero: not quick."""
        if left < 0:
            return left
        places: Iterable[tuple[Any, Any]]
        if type(items) is dict:
            keys = self._keys
            for key in items:
                if type(key) is not str or keys.get(key, 0) <= 0:
                    return -1
            places = items.items()
        else:
            places = enumerate(items)
        for place, value in places:
            kind = type(value)
            if kind is str:
                length = len(value)
                if length > _QUICK_TEXT or not value.isprintable():
                    return -1
                if (
                    length >= _SHORTEST_HARM
                    and not self.redactor.is_harmless(value)
                    and not self._hides_nothing(value)
                ):
                    return -1
            elif kind is int:
                if not SMALLEST_INT <= value <= LARGEST_INT:
                    return -1
            elif kind is float:
                if not is_plain_float(value):
                    return -1
            elif kind is dict or kind is list:
                inner = value.copy()
                left = self._settle(inner, left - len(inner))
                if left < 0:
                    return -1
                items[place] = inner
            elif value is not None and kind is not bool:
                return -1
        return left

    def _hides_nothing(self, text: str) -> bool:
        """Whether a full look shows nothing to hide, in the text or in what follows it in a list.

        Such texts come again and again: the name of a function, a place, a time.
        """
        known = self._looked_into  # as it is now: one that is made meanwhile knows of more secrets
        if text in known:
            return True
        if "--" in text or self.redactor.text(text) != text:
            return False
        if len(known) >= _TEXTS_KEPT:
            known.clear()
        known.add(text)
        return True


def _unreadable(value: Any, error: Exception) -> dict[str, Any]:
    return {
        "$type": "object",
        "class": class_name(type(value)),
        "raised": class_name(type(error)),
    }
