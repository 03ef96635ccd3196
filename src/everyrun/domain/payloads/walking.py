"""Walking once through a value, writing it down as plain JSON until the room is used up.

The walk never goes back and never looks ahead further than the room that is left: a list of a
million items costs as much as what is kept of it. It trusts nothing: it asks ``type(value)``, never
``value.__class__``, calls methods of the built-in types rather than of the value, and iterates only
over what it knows. Whatever goes wrong in one value is written down in that value's place.
"""

from collections.abc import Iterable
from typing import Any

from everyrun.domain.payloads.capping import cut_end, json_size
from everyrun.domain.payloads.cleaning import clean_text, escape, is_storable
from everyrun.domain.payloads.containing import TREES
from everyrun.domain.payloads.describing import describe
from everyrun.domain.payloads.labelling import LARGEST_INT, LEAVES, SMALLEST_INT, is_plain_float
from everyrun.domain.payloads.naming import class_name
from everyrun.domain.payloads.redacting import Redactor
from everyrun.domain.payloads.registering import MASK

DEEPEST = 32
"""Containers inside containers that are written down."""

SMALLEST_CUT = 64
"""Bytes of a text that are written down however little room is left: its note is as long."""

_LONGEST_QUICK = 256
_LONGEST_KEY = 1024
_LONGEST_KEY_KEPT = 64
_KEYS_KEPT = 4096
_LABEL_ROOM = 40
_CUT_ROOM = 48


class Walk:
    """One walk: ``left`` is how many bytes of JSON it may still write, approximately."""

    __slots__ = ("_keys", "_open", "left", "redactor")

    def __init__(self, room: int, redactor: Redactor, keys: dict[str, int]) -> None:
        self.left = room
        self.redactor = redactor
        self._keys = keys
        self._open: set[int] = set()

    def value(self, value: Any, depth: int = 0) -> Any:
        """Any object -> a plain JSON value."""
        kind = type(value)
        if kind is str:
            return self.text(value)
        if kind is int:
            if SMALLEST_INT <= value <= LARGEST_INT and not self.redactor.registry.has_numbers:
                self.left -= value.bit_length() // 3 + 2
                return value
        elif value is None or kind is bool:
            self.left -= 5
            return value
        elif kind is float:
            if is_plain_float(value):
                self.left -= 24
                return value
        elif depth < DEEPEST and (kind is dict or kind is list) and not value:
            self.left -= 2
            return kind()
        return self._labelled(value, kind, depth)

    def text(self, text: str) -> Any:
        """Exact text -> the same, redacted and cut, or labelled where it cannot be stored."""
        if len(text) <= _LONGEST_QUICK and text.isprintable() and self.redactor.is_harmless(text):
            size = json_size(text)
            if size <= self.left or size <= SMALLEST_CUT:
                self.left -= size
                return text
        return self.any_text(text)

    def any_text(self, text: str) -> Any:
        """The same of text of any length and of any class derived from ``str``."""
        room = max(self.left, SMALLEST_CUT)
        masked, missing = self._masked(text, room)
        if not is_storable(masked):
            escaped = escape(masked)
            size = json_size(escaped) + _LABEL_ROOM
            if not missing and size <= room:
                self.left -= size
                return {"$type": "str", "value": escaped}
            masked = self.redactor.registry.mask(clean_text(masked))
        written = cut_end(masked, room, missing=missing)
        self.left -= json_size(written)
        return written

    def words(self, text: str) -> str:
        """Text about a value (a name, a message, a ``repr``): cleaned, redacted and cut."""
        room = max(self.left, SMALLEST_CUT)
        masked, missing = self._masked(text, room)
        if not is_storable(masked):
            masked = self.redactor.registry.mask(clean_text(masked))
        written = cut_end(masked, room, missing=missing)
        self.left -= json_size(written)
        return written

    def token(self, text: str) -> str:
        """Short ASCII text of our own making, in which only registered values are looked for."""
        self.left -= len(text) + 2
        return self.redactor.registry.mask(text)

    def label(self, name: str, content: dict[str, Any]) -> dict[str, Any]:
        """A label that says what a value was. What is in ``content`` has been counted already."""
        self.left -= _LABEL_ROOM
        return {"$type": name, **content}

    def sequence(self, items: Iterable[Any], total: int, depth: int) -> list[Any]:
        """The items, and a label that says how many of the ``total`` were cut."""
        self.left -= 2
        written: list[Any] = []
        after_option = False
        for item in items:
            if self.left <= 0:
                break
            self.left -= 1
            if type(item) is str:
                written.append(self.mask(item) if after_option else self.text(item))
                after_option = item[:2] == "--" and self._is_secret_option(item)
            else:
                written.append(self.value(item, depth + 1))
                after_option = False
        if len(written) < total:
            written.append(self.cut(total - len(written)))
        return written

    def mapping(self, items: list[tuple[Any, Any]], total: int, depth: int) -> dict[str, Any]:
        """The items as a JSON object; as a label with pairs when the keys do not allow it."""
        known = self._keys
        costs = [
            (known.get(key) if type(key) is str else None) or self._cost_of_key(key)
            for key, _ in items
        ]
        if not all(costs):
            return self.label("dict", {"value": self.pairs(items, total, depth)})
        self.left -= 2
        written: dict[str, Any] = {}
        for (key, value), cost in zip(items, costs, strict=True):
            if abs(cost) > self.left:
                break
            self.left -= abs(cost)
            name = key if type(key) is str else str.__str__(key)
            written[name] = self.mask(value) if cost < 0 else self.value(value, depth + 1)
        if len(written) < total:
            mark = "…"
            while mark in written:
                mark += "…"
            written[mark] = self.cut(total - len(written))
        return written

    def pairs(self, items: list[tuple[Any, Any]], total: int, depth: int) -> list[Any]:
        """The items of a mapping as pairs, in their order."""
        self.left -= 2
        written: list[Any] = []
        for key, value in items:
            if self.left <= 0:
                break
            self.left -= 4
            name = self.value(key, depth + 1)
            hidden = self.names_secret(key)
            written.append([name, self.mask(value) if hidden else self.value(value, depth + 1)])
        if len(written) < total:
            written.append(self.cut(total - len(written)))
        return written

    def cut(self, items: int) -> dict[str, Any]:
        """The label that stands for items that were left off."""
        self.left -= _CUT_ROOM
        return {"$type": "cut", "items": items}

    def mask(self, value: Any) -> Any:
        """What stands for a value whose key is sensitive. That there was none is no secret."""
        self.left -= 5
        if value is None or type(value) is bool or (type(value) is str and not value):
            return value
        return MASK

    def names_secret(self, key: Any) -> bool:
        """Whether a mapping's key, or the first of a pair, says that the other is secret."""
        kind = type(key)
        if kind is bytes and len(key) <= _LONGEST_KEY:
            return self.redactor.is_sensitive(key.decode("latin-1"))
        if kind is str or issubclass(kind, str):
            return self.redactor.is_sensitive(str.__getitem__(key, slice(_LONGEST_KEY)))
        return False

    def unreadable(self, kind: type, error: Exception) -> dict[str, Any]:
        """The label of a value that could not be read."""
        name = self.words(class_name(kind))
        return self.label("object", {"class": name, "raised": class_name(type(error))})

    def _masked(self, text: str, room: int) -> tuple[str, int]:
        length = str.__len__(text)
        if length <= room:
            return self.redactor.text(str.__str__(text)), 0
        margin = self.redactor.margin
        masked = self.redactor.text(str.__getitem__(text, slice(room + margin)))
        if length <= room + margin:
            return masked, 0
        masked = masked[: max(0, len(masked) - margin)]
        return masked, length - len(masked)

    def _is_secret_option(self, word: str) -> bool:
        return (
            len(word) <= _LONGEST_KEY_KEPT
            and "=" not in word
            and " " not in word
            and self.redactor.shapes
            and self.redactor.is_sensitive(word)
        )

    def _cost_of_key(self, key: Any) -> int:
        """Bytes of JSON of an object's key: below zero for a sensitive one, 0 for no such key."""
        kind = type(key)
        if kind is not str:
            if not issubclass(kind, str) or not _equals_its_text(kind):
                return 0
            key = str.__str__(key)
        if (cost := self._keys.get(key)) is not None:
            return cost
        if key == "$type" or len(key) > _LONGEST_KEY or not is_storable(key):
            return 0
        if self.redactor.text(key) != key:
            return 0
        cost = json_size(key) + 2
        if self.redactor.is_sensitive(key):
            cost = -cost
        if len(key) <= _LONGEST_KEY_KEPT:
            if len(self._keys) >= _KEYS_KEPT:
                self._keys.clear()
            self._keys[key] = cost
        return cost

    def _labelled(self, value: Any, kind: type, depth: int) -> Any:
        leaf = LEAVES.get(id(kind))
        if leaf is not None:
            try:
                return leaf(self, value)
            except Exception as error:  # noqa: BLE001 - what cannot be read must not hurt the host
                return self.unreadable(kind, error)
        identity = id(value)
        if identity in self._open:
            return self.label("cycle", {"class": self.words(class_name(kind))})
        if depth >= DEEPEST:
            return self.label(
                "cut", {"class": self.words(class_name(kind)), "deeper_than": DEEPEST}
            )
        self._open.add(identity)
        try:
            tree = TREES.get(id(kind))
            if tree is not None:
                return tree(self, value, depth)
            return describe(self, value, kind, depth)
        except Exception as error:  # noqa: BLE001 - what cannot be read must not hurt the host
            return self.unreadable(kind, error)
        finally:
            self._open.discard(identity)


def _equals_its_text(kind: type[str]) -> bool:
    """Whether a kind of text is, as a key, the same as plain text (as enumerations of text are)."""
    return kind.__eq__ is str.__eq__ and kind.__hash__ is str.__hash__
