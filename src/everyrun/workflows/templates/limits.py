"""How much a template may make. What it is given passes through at any size; time is not limited.

Everything that makes new text, lists or numbers asks first, so that a template cannot take the
machine's memory.
"""

import re
from collections.abc import Sequence
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
_PERCENT = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(\*|\d+)?(?:\.(\*|\d+))?")
_DIGITS = re.compile(r"\d{5,}")


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
        if isinstance(value, str | bytes | Sequence) and isinstance(times, int) and times > 0:
            budget.text(len(value) * times * (1 if isinstance(value, str | bytes) else _ITEM))
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


def modulo(left: Any, right: Any, budget: Budget) -> Any:
    """``left % right``: of numbers the rest, of text what is formatted."""
    if isinstance(left, bytes):
        raise Refused("bytes cannot be formatted")
    if not isinstance(left, str):
        return left % right
    for found in _PERCENT.finditer(left):
        for size in found.groups():
            if size == "*" or (size and int(size[:9]) > WIDEST):
                raise Refused(f"a width is a whole number up to {WIDEST:,}")
    made = left % right
    budget.of_size(made)
    return made


def check_format(specification: str) -> None:
    """Refuse what ``str.format`` would fill up beyond :data:`WIDEST`."""
    for digits in _DIGITS.findall(specification):
        if int(digits[:9]) > WIDEST:
            raise Refused(f"a width is a whole number up to {WIDEST:,}")


def join(separator: str, parts: Sequence[str], budget: Budget) -> str:
    """``separator.join(parts)``"""
    budget.text(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


def replace(text: str, old: str, new: str, budget: Budget, count: int = -1) -> str:
    """``text.replace(old, new)``"""
    found = text.count(old) if count < 0 else min(count, text.count(old))
    budget.text(len(text) + found * max(0, len(new) - len(old)))
    return text.replace(old, new, count)


def _bits(count: int) -> None:
    if count > MOST_BITS:
        raise Refused(f"a whole number has {MOST_BITS:,} bits at most")
