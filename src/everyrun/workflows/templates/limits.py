"""How much a template may make. What it is given passes through at any size; time is not limited.

Everything that makes new text, lists or numbers asks first, so that a template cannot take the
machine's memory.
"""

from collections.abc import Iterable, Mapping, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any

from everyrun.workflows.templates.errors import Refused

MOST_TEXT = 20_000_000
"""Characters that one rendering makes, all steps added up; an item of a list counts as eight."""
LONGEST_RANGE = 100_000
WIDEST = 10_000
"""Characters that text is filled up to, and digits after the point."""
MOST_BITS = 10_000
"""Of a whole number: three thousand digits."""

_ITEM = 8
_SCALARS = frozenset((int, float, bool, type(None)))


class Budget:
    """What one rendering may still make."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MOST_TEXT

    def text(self, length: int) -> None:
        """Take ``length`` characters. Raises :class:`Refused` where there are not so many."""
        self.left -= length
        if self.left < 0:
            raise Refused(f"a template makes {MOST_TEXT:,} characters at most")

    def items(self, count: int) -> None:
        """Take ``count`` items of a list."""
        self.text(count * _ITEM)

    def of_size(self, value: Any) -> None:
        """Take as much as ``value`` is large, where it is text or a list."""
        if isinstance(value, str | bytes):
            self.text(len(value))
        elif isinstance(value, Sequence):
            self.items(len(value))


def measured(value: Any) -> int:
    """About how many characters a value has as text: each part counts as often as it is named.

    Raises :class:`Refused` where they are more than :data:`MOST_TEXT`: a small list that holds
    itself twice, forty times over, has as many as no machine can write.
    """
    try:
        size = _size_of(value, {})
    except RecursionError:
        raise Refused("this value is nested too deeply") from None
    if size > MOST_TEXT:
        raise Refused(f"a template makes {MOST_TEXT:,} characters at most")
    return size


def _size_of(value: Any, known: dict[int, tuple[int, Any]]) -> int:
    """The same, of what is not ``known`` by its identity; its parts are kept, so that it stays."""
    if isinstance(value, str | bytes):
        return len(value) + _ITEM
    parts: Sequence[Any]
    if isinstance(value, list | tuple):
        parts = value
    elif isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, AbstractSet | ValuesView):
        parts = list(value)
    else:
        return _ITEM
    if id(value) not in known:
        known[id(value)] = 0, value
        size = _ITEM
        for part in parts:
            kind = type(part)
            if kind is str:
                size += len(part) + _ITEM
            else:
                size += _ITEM if kind in _SCALARS else _size_of(part, known)
        known[id(value)] = size, (value, parts)
    return known[id(value)][0]


def limited_range(*bounds: int) -> range:
    """A range of so many numbers at most."""
    numbers = range(*bounds)
    if len(numbers) > LONGEST_RANGE:
        raise Refused(f"a range has {LONGEST_RANGE:,} numbers at most")
    return numbers


def width(value: Any) -> int:
    """A width that text is filled up to, if it is no wider than :data:`WIDEST`."""
    if not isinstance(value, int) or abs(value) > WIDEST:
        raise Refused(f"a width is a whole number up to {WIDEST:,}")
    return value


def add(left: Any, right: Any, budget: Budget) -> Any:
    """``left + right``"""
    if isinstance(left, str | bytes | list | tuple):
        budget.of_size(left)
        budget.of_size(right)
    return left + right


def multiply(left: Any, right: Any, budget: Budget) -> Any:
    """``left * right``"""
    for value, times in ((left, right), (right, left)):
        if isinstance(value, Sequence) and isinstance(times, int) and times > 0:
            budget.text(measured(value) * times)
    if isinstance(left, int) and isinstance(right, int):
        _bits(left.bit_length() + right.bit_length())
    return left * right


def power(left: Any, right: Any) -> Any:
    """``left ** right``, of numbers alone."""
    if not isinstance(left, int | float | Decimal) or not isinstance(right, int | float | Decimal):
        raise Refused("only numbers have powers")
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        _bits(left.bit_length() * right)
    return left**right


def join(separator: str, parts: Iterable[str], budget: Budget) -> str:
    """``separator.join(parts)``"""
    made = []
    for part in parts:
        budget.text(len(part) + len(separator))
        made.append(part)
    return separator.join(made)


def replace(text: str, old: str, new: str, budget: Budget, count: int = -1) -> str:
    """``text.replace(old, new)``"""
    found = text.count(old) if count < 0 else min(count, text.count(old))
    budget.text(len(text) + found * max(0, len(new) - len(old)))
    return text.replace(old, new, count)


def _bits(count: int) -> None:
    if count > MOST_BITS:
        raise Refused(f"a whole number has {MOST_BITS:,} bits at most")
