"""``%``-formatting, ``str.format`` and ``strftime``, within the limits of what may be made."""

import re
from collections.abc import Mapping, Sequence, ValuesView
from collections.abc import Set as AbstractSet
from string import Formatter
from typing import Any

from everyrun.workflows.templates import limits
from everyrun.workflows.templates.errors import Refused
from everyrun.workflows.templates.limits import Budget
from everyrun.workflows.templates.texts import as_text

_PERCENT = re.compile(r"%(?:\([^)]*\))?[-#0 +]*(\*|\d+)?(?:\.(\*|\d+))?")
_NUMBER = re.compile(r"\d+")
_WIDTH_OF_TIME = re.compile(r"%[-_0^#]*(\d+)")
_LONGEST_NUMBER = 9
_HOLDING = (Mapping, list, tuple, AbstractSet, ValuesView)


def modulo(left: Any, right: Any, budget: Budget) -> Any:
    """``left % right``: of numbers the rest, of text what is formatted."""
    if isinstance(left, bytes):
        raise Refused("bytes cannot be formatted")
    if not isinstance(left, str):
        return left % right
    conversions = [found.groups() for found in _PERCENT.finditer(left)]
    budget.text(len(left) + sum(_size(part) for parts in conversions for part in parts))
    values: Any
    if isinstance(right, Mapping):
        values = {name: _flat(value) for name, value in right.items()}
        longest = max(map(_length, values.values()), default=0)
    else:
        values = tuple(map(_flat, right)) if isinstance(right, tuple) else (_flat(right),)
        longest = max(map(_length, values), default=0)
    budget.text(len(conversions) * longest)
    return left % values


def formatted(text: str, arguments: Sequence[Any], named: Mapping[str, Any], budget: Budget) -> str:
    """``text.format(*arguments, **named)``"""
    budget.text(len(text))
    return _Formatter(budget).vformat(text, arguments, named)


def check_format_of_time(form: str) -> None:
    """Refuse a ``strftime`` format that fills up further than text may be."""
    widths = sum(_size(digits) for digits in _WIDTH_OF_TIME.findall(form))
    limits.width(widths + len(form))


class _Formatter(Formatter):
    """``str.format`` without the parts of values, and without filling up beyond the limits."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        if "." in field_name or "[" in field_name:
            raise Refused("format() takes values, not their parts: pass them as arguments")
        name = int(field_name) if field_name.isdigit() else field_name
        return self.get_value(name, args, kwargs), field_name

    def convert_field(self, value: Any, conversion: Any) -> Any:
        return value if conversion is None else super().convert_field(_flat(value), conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        sizes = [_size(digits) for digits in _NUMBER.findall(format_spec)]
        self._budget.text(sum(sizes))
        made = as_text(value) if not format_spec else format(_flat(value), format_spec)
        self._budget.text(len(made))
        return made


def _size(digits: str) -> int:
    """A width or a precision, if it is one that may be filled up to."""
    if digits == "*":
        raise Refused("a width is written out: * cannot be used")
    return limits.width(int(digits[:_LONGEST_NUMBER])) if digits else 0


def _flat(value: Any) -> Any:
    """A number or a time as it is, all else as text."""
    return as_text(value) if isinstance(value, _HOLDING) else value


def _length(value: Any) -> int:
    return len(as_text(value))
