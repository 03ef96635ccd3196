"""What templates may read of a value: keys first, then attributes that are nobody's inside.

Of the built-in types a few methods can be called, none of which changes anything; of other
people's objects attributes can be read and nothing be called.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
    TracebackType,
)
from typing import Any, Final

from everyrun.domain.errors import EveryrunError
from everyrun.workflows.templates.errors import Refused
from everyrun.workflows.templates.recognising import Step


class _Missing:
    def __bool__(self) -> bool:
        return False


MISSING: Final = _Missing()
"""Says that there is nothing of this name."""

_OF_SETS = "difference intersection isdisjoint issubset issuperset union"
_OF_DATES = "isoformat strftime weekday isoweekday isocalendar replace toordinal timetuple"
_NAMES_OF_METHODS: Mapping[type, str] = {
    str: (
        "capitalize casefold center count endswith expandtabs find format index isalnum isalpha "
        "isascii isdecimal isdigit isidentifier islower isnumeric isspace istitle isupper join "
        "ljust lower lstrip partition removeprefix removesuffix replace rfind rindex rjust "
        "rpartition rsplit rstrip split splitlines startswith strip swapcase title upper zfill"
    ),
    bytes: "decode hex",
    list: "count index",
    tuple: "count index",
    set: _OF_SETS,
    frozenset: _OF_SETS,
    float: "is_integer",
    int: "bit_count bit_length",
    datetime: f"{_OF_DATES} astimezone date dst time timestamp timetz tzname utcoffset",
    date: _OF_DATES,
    time: "isoformat replace strftime tzname utcoffset",
    timedelta: "total_seconds",
}
_METHODS = {kind: frozenset(names.split()) for kind, names in _NAMES_OF_METHODS.items()}
_OF_MAPPINGS = frozenset({"get", "items", "keys", "values"})
_CLOSED = (
    ModuleType,
    FunctionType,
    BuiltinFunctionType,
    MethodType,
    type,
    CodeType,
    FrameType,
    TracebackType,
    GeneratorType,
    CoroutineType,
    AsyncGeneratorType,
)


def read_step(value: Any, step: Step) -> Any:
    """What one step leads to, :data:`MISSING` where nowhere. Raises :class:`Refused`."""
    key = step.key
    return read_attribute(value, key) if step.dotted and type(key) is str else read_item(value, key)


def read_attribute(value: Any, name: str) -> Any:
    """``value.name``: a key of a mapping, else an attribute; :data:`MISSING` where there is none.

    Raises :class:`Refused` for what templates may not read.
    """
    if not isinstance(value, Mapping):
        return _attribute(value, name)
    found = value.get(name, MISSING) if type(value) is dict else _entry(value, name)
    return getattr(value, name) if found is MISSING and name in _OF_MAPPINGS else found


def read_item(value: Any, key: Any) -> Any:
    """``value[key]``; where ``key`` is text and there is no such item, ``value.key``."""
    if isinstance(value, Mapping):
        return _entry(value, key)
    found = _entry(value, key)
    return _attribute(value, key) if found is MISSING and isinstance(key, str) else found


def _entry(value: Any, key: Any) -> Any:
    try:
        return value[key]
    except (LookupError, TypeError, AttributeError) as error:
        if isinstance(error, EveryrunError):  # says itself why there is nothing
            raise
        return MISSING


def _attribute(value: Any, name: str) -> Any:
    if name.startswith("_"):
        raise Refused(f"what begins with _ cannot be read: {name}")
    for kind, methods in _METHODS.items():
        if isinstance(value, kind):
            return _of_data(value, name, methods)
    if isinstance(value, _CLOSED):
        raise Refused(f"nothing can be read of a {type(value).__name__}: {name}")
    try:
        return getattr(value, name)
    except AttributeError:
        return _entry(value, name)


def _of_data(value: Any, name: str, methods: frozenset[str]) -> Any:
    found = getattr(value, name, MISSING)
    if callable(found) and name not in methods:
        raise Refused(f"{name}() cannot be called in a template")
    return found


def is_callable_here(value: Any) -> bool:
    """Whether templates may call ``value``: one of the methods above, of a value."""
    if isinstance(value, BuiltinFunctionType):
        owner = value.__self__
        if isinstance(owner, type | ModuleType):
            return False
        if isinstance(owner, Mapping):
            return value.__name__ in _OF_MAPPINGS
        return any(
            isinstance(owner, kind) and value.__name__ in methods
            for kind, methods in _METHODS.items()
        )
    return (
        isinstance(value, MethodType)
        and isinstance(value.__self__, Mapping)
        and value.__func__ in (Mapping.get, Mapping.items, Mapping.keys, Mapping.values)
    )


def is_method(value: Any) -> bool:
    """Whether a value is a method that somebody forgot to call."""
    return isinstance(value, BuiltinFunctionType | MethodType)
