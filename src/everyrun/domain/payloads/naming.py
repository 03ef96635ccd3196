"""Names of classes and functions, read without running any code of theirs."""

from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any

from everyrun.domain.payloads.cleaning import clean_text

_LONGEST = 200
_MRO = type.__dict__["__mro__"].__get__
_NAMESPACE = type.__dict__["__dict__"].__get__
_QUALNAME = type.__dict__["__qualname__"].__get__
_MODULE = type.__dict__["__module__"].__get__

MISSING = object()
"""Says that there is no such attribute."""


def class_name(kind: type) -> str:
    """``module.Class`` (``Class`` alone for a built-in), at most 200 characters."""
    try:
        module = _MODULE(kind)
    except AttributeError:
        module = None
    return qualified(module, _QUALNAME(kind))


def qualified(module: Any, name: Any) -> str:
    """``module.name``, storable and at most 200 characters. What is no text is left out."""
    named = str.__str__(name) if isinstance(name, str) else "?"
    if isinstance(module, str) and module != "builtins":
        named = f"{module}.{named}"
    return clean_text(named if len(named) <= _LONGEST else f"{named[: _LONGEST - 1]}…")


def class_attribute(kind: type, name: str) -> Any:
    """What a class or its bases keep under ``name``, as it lies there, else :data:`MISSING`."""
    for base in _MRO(kind):
        namespace = _NAMESPACE(base)
        if name in namespace:
            return namespace[name]
    return MISSING


def stored_attributes(value: Any, kind: type) -> dict[str, Any]:
    """The instance's own ``__dict__``, or an empty one where it has none of the ordinary kind."""
    descriptor = class_attribute(kind, "__dict__")
    if type(descriptor) not in (GetSetDescriptorType, MemberDescriptorType):
        return {}
    stored = descriptor.__get__(value)
    return stored if type(stored) is dict else {}


def stored_fields(value: Any, kind: type, names: list[str]) -> list[tuple[str, Any]]:
    """The named fields that an instance keeps in its ``__dict__`` or in slots.

    Properties and other computed or lazily loaded attributes are not asked: they run code.
    """
    stored = stored_attributes(value, kind)
    fields = []
    for name in names:
        if name in stored:
            fields.append((name, stored[name]))
            continue
        slot = class_attribute(kind, name)
        if type(slot) is MemberDescriptorType:
            try:
                fields.append((name, slot.__get__(value)))
            except AttributeError:
                continue
    return fields
