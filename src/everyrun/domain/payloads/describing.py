"""What is no plain value, as a label that says what it was.

Objects of unknown classes are described by their class and their ``repr``, nothing else of theirs
is touched: an attribute may ask a database, an iterator may never end.
"""

from collections.abc import Callable
from enum import EnumMeta
from functools import partial
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
)
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import msgspec

from everyrun.domain.payloads.containing import TREE_TYPES, entries
from everyrun.domain.payloads.hiding import Secret
from everyrun.domain.payloads.labelling import LEAF_TYPES
from everyrun.domain.payloads.naming import (
    class_attribute,
    class_name,
    qualified,
    stored_attributes,
    stored_fields,
)
from everyrun.domain.payloads.registering import MASK
from everyrun.domain.payloads.tabulating import route_of_table

if TYPE_CHECKING:
    from everyrun.domain.payloads.walking import Walk

Route = Callable[["Walk", Any, type, int], Any]
Leaf = Callable[["Walk", Any], Any]
Tree = Callable[["Walk", Any, int], Any]

_RECORDS = (
    ("__attrs_attrs__", "attrs"),
    ("__pydantic_fields__", "pydantic"),
    ("__dataclass_fields__", "dataclass"),
    ("model_fields", "pydantic"),
    ("__fields__", "pydantic"),
)
_PLAIN_BASES = (str, int, float)
_ASKING_REPRS = frozenset({"django.db.models.query.QuerySet"})
"""Classes whose ``repr`` asks a database."""


def describe(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    """The label of a value that is none of the exact built-in types."""
    try:
        route = _ROUTES.get(kind)
    except Exception:  # noqa: BLE001 - a class may refuse to be hashed, in any way
        return _route_of(kind)(walk, value, kind, depth)
    if route is None:
        route = _ROUTES[kind] = _route_of(kind)
    return route(walk, value, kind, depth)


def _route_of(kind: type) -> Route:
    """What describes the values of a class."""
    if issubclass(kind, Secret):
        return _secret
    if (table := route_of_table(kind)) is not None:
        return table
    if issubclass(type(kind), EnumMeta):
        return _enum
    if issubclass(kind, BaseException):
        return _exception
    if issubclass(kind, msgspec.Struct):
        return partial(_record, "struct", list(kind.__struct_fields__))
    for mark, name in _RECORDS:
        if (names := _names_of(class_attribute(kind, mark))) is not None:
            return partial(_record, name, names)
    for base, label_leaf in LEAF_TYPES:
        if issubclass(kind, base):
            return partial(_derived_leaf, base, label_leaf)
    for base, label_tree in TREE_TYPES:
        if issubclass(kind, base):
            return partial(_derived_tree, base, label_tree)
    return _code_route_of(kind) or _unknown


def _code_route_of(kind: type) -> Route | None:
    if issubclass(kind, type):
        return _class
    return _CODE.get(id(kind))


def _secret(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    walk.left -= 5
    return MASK


def _enum(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    stored = stored_attributes(value, kind)
    return walk.label(
        "enum",
        {
            "class": walk.words(class_name(kind)),
            "name": walk.value(stored.get("_name_"), depth + 1),
            "value": walk.value(stored.get("_value_"), depth + 1),
        },
    )


def _exception(walk: "Walk", value: BaseException, kind: type, depth: int) -> Any:
    content: dict[str, Any] = {"class": walk.words(class_name(kind))}
    try:
        content["message"] = walk.words(str(value))
    except Exception as error:  # noqa: BLE001 - str() of a user's exception may do anything
        content["raised"] = class_name(type(error))
    arguments = list(BaseException.args.__get__(value))  # type: ignore[attr-defined]
    content["args"] = walk.sequence(arguments, len(arguments), depth)
    return walk.label("exception", content)


def _record(name: str, names: list[str], walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    content: dict[str, Any] = {"class": walk.words(class_name(kind))}
    items = stored_fields(value, kind, names)
    content["value"] = walk.mapping(items, len(items), depth)
    return walk.label(name, content)


def _names_of(fields: Any) -> list[str] | None:
    """The names in a class's table of fields; None when it is no such table."""
    if issubclass(type(fields), dict):
        names = list(fields)
    elif issubclass(type(fields), tuple):
        names = [field if type(field) is str else getattr(field, "name", None) for field in fields]
    else:
        return None
    return names if all(type(name) is str for name in names) else None


def _derived_leaf(base: type, label: Leaf, walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    name = walk.words(class_name(kind))
    written = label(walk, value)
    if base in _PLAIN_BASES:
        return walk.label(base.__name__, {"class": name, "value": written})
    return {**written, "class": name}


def _derived_tree(base: type, label: Tree, walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    name = walk.words(class_name(kind))
    if base is dict:
        pairs = walk.pairs(entries(walk, value), dict.__len__(value), depth)
        return walk.label("dict", {"class": name, "value": pairs})
    if base is list:
        return walk.label("list", {"class": name, "value": label(walk, value, depth)})
    if base is tuple and (fields := _names_of(class_attribute(kind, "_fields"))):
        items = list(zip(fields, tuple.__iter__(value), strict=False))
        written = walk.mapping(items, len(items), depth)
        return walk.label("namedtuple", {"class": name, "value": written})
    return {**label(walk, value, depth), "class": name}


def _class(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    return walk.label("class", {"name": walk.words(class_name(value))})


def _module(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    name = stored_attributes(value, kind).get("__name__")
    return walk.label("module", {"name": walk.words(qualified(None, name))})


def _function(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    name = qualified(value.__module__, value.__qualname__)
    return walk.label("function", {"name": walk.words(name)})


def _method(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    function = value.__func__
    if type(function) is not FunctionType:
        return _unknown(walk, value, kind, depth)
    name = qualified(function.__module__, function.__qualname__)
    return walk.label("method", {"name": walk.words(name)})


def _generator(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    return walk.label(kind.__name__, {"name": walk.words(value.__qualname__)})


def _partial(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    content = {
        "function": walk.value(value.func, depth + 1),
        "args": walk.value(list(value.args), depth + 1),
        "keywords": walk.value(dict(value.keywords), depth + 1),
    }
    return walk.label("partial", content)


def _unknown(walk: "Walk", value: Any, kind: type, depth: int) -> Any:
    name = class_name(kind)
    content: dict[str, Any] = {"class": walk.words(name)}
    # The repr that every object has says only the class and an address, which differs each time.
    if class_attribute(kind, "__repr__") is not object.__repr__ and name not in _ASKING_REPRS:
        try:
            content["repr"] = walk.words(repr(value))
        except Exception as error:  # noqa: BLE001 - repr() of a user's object may do anything
            content["raised"] = class_name(type(error))
    return walk.label("object", content)


_CODE: dict[int, Route] = {
    id(ModuleType): _module,
    id(FunctionType): _function,
    id(BuiltinFunctionType): _function,
    id(MethodType): _method,
    id(partial): _partial,
    id(GeneratorType): _generator,
    id(CoroutineType): _generator,
    id(AsyncGeneratorType): _generator,
}

_ROUTES: WeakKeyDictionary[type, Route] = WeakKeyDictionary()
"""What describes the values of the classes met so far."""
