"""Secret values that this process knows: wherever they turn up in text, they are hidden."""

import os
import threading

MASK = "***"

SHORTEST = 4
"""Values of fewer characters would hide half of every text, so they are not searched for."""

CEILING = 10_000
"""Spellings of secrets that are remembered; the oldest are forgotten beyond it."""

_FEW = 32
_SHORTEST_LINE = 16


class SecretRegistry:
    """The secret values to hide, in each spelling in which they turn up in text."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spellings: dict[str, None] = {}
        self._beginnings: dict[str, tuple[str, ...]] = {}
        self._few: tuple[str, ...] | None = ()
        self.is_empty = True
        self.version = 0
        self.longest = 0
        self.has_numbers = False

    def add(self, value: str) -> None:
        """Hide ``value`` from now on. Values shorter than :data:`SHORTEST` are ignored."""
        with self._lock:
            for spelling in _spellings_of(value):
                self._remember(spelling)
            while len(self._spellings) > CEILING:
                self._forget(next(iter(self._spellings)))
            few = len(self._spellings) <= _FEW
            self._few = tuple(self._spellings) if few else None
            self.is_empty = not self._spellings
            self.version += 1

    def clear(self) -> None:
        """Forget every value, for tests."""
        with self._lock:
            self._spellings.clear()
            self._beginnings.clear()
            self._few = ()
            self.is_empty = True
            self.longest = 0
            self.has_numbers = False
            self.version += 1

    def values(self) -> frozenset[str]:
        """All that is hidden, for another process that is to hide it, too."""
        with self._lock:
            return frozenset(self._spellings)

    def is_in(self, text: str) -> bool:
        """Whether a known value is part of ``text``."""
        return not self.is_empty and bool(self._found_in(text))

    def mask(self, text: str) -> str:
        """``text`` with every known value replaced; values that overlap are hidden as one."""
        while not self.is_empty and (found := self._found_in(text)):
            text = _without(text, found)
        return text

    def renew_lock(self) -> None:
        """Make the lock anew in a forked child, where its holder does not exist."""
        self._lock = threading.Lock()

    def _remember(self, spelling: str) -> None:
        if spelling in self._spellings:
            return
        self._spellings[spelling] = None
        beginning = spelling[:SHORTEST]
        self._beginnings[beginning] = (*self._beginnings.get(beginning, ()), spelling)
        self.longest = max(self.longest, len(spelling))
        self.has_numbers = self.has_numbers or spelling.isdecimal()

    def _forget(self, spelling: str) -> None:
        del self._spellings[spelling]
        beginning = spelling[:SHORTEST]
        others = tuple(other for other in self._beginnings[beginning] if other != spelling)
        if others:
            self._beginnings[beginning] = others
        else:
            del self._beginnings[beginning]

    def _found_in(self, text: str) -> list[str]:
        few = self._few
        if few is not None:
            return [spelling for spelling in few if spelling in text]
        beginnings = self._beginnings
        pieces = {text[at : at + SHORTEST] for at in range(len(text) - SHORTEST + 1)}
        return [
            spelling
            for piece in pieces
            for spelling in beginnings.get(piece, ())
            if spelling in text
        ]


def _spellings_of(value: str) -> set[str]:
    stripped = value.strip()
    spellings = {value, stripped}
    if not stripped.isalnum() or not stripped.isascii():
        import json
        from urllib.parse import quote, quote_plus

        spellings |= {
            repr(stripped)[1:-1],
            json.dumps(stripped)[1:-1],
            json.dumps(stripped, ensure_ascii=False)[1:-1],
            quote(stripped, safe="", errors="replace"),
            quote_plus(stripped, errors="replace"),
        }
    lines = stripped.splitlines()
    if len(lines) > 1:
        spellings |= {line.strip() for line in lines if len(line.strip()) >= _SHORTEST_LINE}
    return {spelling for spelling in spellings if len(spelling) >= SHORTEST}


def _without(text: str, values: list[str]) -> str:
    kept: list[str] = []
    end = 0
    for first, last in sorted(_places(text, values)):
        if last <= end:
            continue
        if first > end or not kept:
            kept += (text[end:first], MASK)
        end = last
    return "".join(kept) + text[end:]


def _places(text: str, values: list[str]) -> list[tuple[int, int]]:
    places = []
    for value in values:
        first = text.find(value)
        while first >= 0:
            places.append((first, first + len(value)))
            first = text.find(value, first + len(value))
    return places


REGISTRY = SecretRegistry()
"""The values known to this process."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=REGISTRY.renew_lock)
