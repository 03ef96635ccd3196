"""Python's own containers, each copied as it is at one moment, no further than is written down."""

from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from everyrun.domain.payloads.walking import Walk

_TRIES = 5
_LEAST_BYTES_OF_AN_ITEM = 2
_LEAST_BYTES_OF_AN_ENTRY = 5


def label_dict(walk: "Walk", value: dict[Any, Any], depth: int) -> Any:
    """A dict as a JSON object where its keys allow it."""
    return walk.mapping(entries(walk, value), dict.__len__(value), depth)


def entries(walk: "Walk", value: dict[Any, Any]) -> list[tuple[Any, Any]]:
    """The items of a dict that can be written at most."""
    return _at_this_moment(dict.items(value), walk, _LEAST_BYTES_OF_AN_ENTRY)


def label_list(walk: "Walk", value: list[Any], depth: int) -> list[Any]:
    """A list as a JSON array."""
    items = list.__getitem__(value, slice(_items_in(walk)))
    return walk.sequence(items, max(list.__len__(value), len(items)), depth)


def label_tuple(walk: "Walk", value: tuple[Any, ...], depth: int) -> Any:
    """A tuple. Of a pair whose first names a secret (a header, say), the second is hidden."""
    length = tuple.__len__(value)
    items = tuple.__getitem__(value, slice(_items_in(walk)))
    if length == 2 and walk.names_secret(items[0]):
        return walk.label("tuple", {"value": [walk.value(items[0], depth), walk.mask(items[1])]})
    return walk.label("tuple", {"value": walk.sequence(items, length, depth)})


def _set(walk: "Walk", value: set[Any], depth: int) -> Any:
    items = _at_this_moment(_Own(set, value), walk)
    return _unordered(walk, "set", items, set.__len__(value), depth)


def _frozenset(walk: "Walk", value: frozenset[Any], depth: int) -> Any:
    items = list(islice(frozenset.__iter__(value), _items_in(walk)))
    return _unordered(walk, "frozenset", items, frozenset.__len__(value), depth)


def _unordered(walk: "Walk", name: str, items: list[Any], total: int, depth: int) -> Any:
    kinds = set(map(type, items))
    # In one order where there is one, so that two runs with the same set compare as equal.
    if kinds == {str} or kinds == {int}:
        items.sort()
    return walk.label(name, {"value": walk.sequence(items, max(total, len(items)), depth)})


def _deque(walk: "Walk", value: deque[Any], depth: int) -> Any:
    items = _at_this_moment(_Own(deque, value), walk)
    written = walk.sequence(items, max(deque.__len__(value), len(items)), depth)
    return walk.label("deque", {"value": written, "maxlen": value.maxlen})


def _array(walk: "Walk", value: "array[Any]", depth: int) -> Any:
    items = array.__getitem__(value, slice(_items_in(walk)))
    written = walk.sequence(items, array.__len__(value), depth)
    return walk.label("array", {"typecode": value.typecode, "value": written})


def _view(walk: "Walk", value: Any, depth: int) -> Any:
    items = _at_this_moment(value, walk)
    written = walk.sequence(items, max(len(value), len(items)), depth)
    return walk.label(type(value).__name__, {"value": written})


class _Own:
    """Iterates as the built-in type does, whatever a subclass says, and anew each time."""

    def __init__(self, kind: type, value: Any) -> None:
        self._kind = kind
        self._value = value

    def __iter__(self) -> Iterator[Any]:
        return self._kind.__iter__(self._value)  # type: ignore[attr-defined,no-any-return]


def _items_in(walk: "Walk") -> int:
    return max(walk.left, 0) // _LEAST_BYTES_OF_AN_ITEM + 1


def _at_this_moment(
    items: Iterable[Any], walk: "Walk", size: int = _LEAST_BYTES_OF_AN_ITEM
) -> list[Any]:
    """The first items, taken in one go. Another thread may change the container: then again.

    ``items`` is a built-in view, or a call of a built-in type's iterator.
    """
    most = max(walk.left, 0) // size + 1
    for _ in range(_TRIES):
        try:
            return list(islice(items, most))
        except RuntimeError:
            continue
    return list(islice(items, most))


TREE_TYPES: tuple[tuple[type, Callable[["Walk", Any, int], Any]], ...] = (
    (dict, label_dict),
    (list, label_list),
    (tuple, label_tuple),
    (set, _set),
    (frozenset, _frozenset),
    (deque, _deque),
    (array, _array),
    (type({}.keys()), _view),
    (type({}.values()), _view),
    (type({}.items()), _view),
)
"""Containers and what labels them. A subclass is labelled as the first that it is one of."""

TREES = {id(kind): label for kind, label in TREE_TYPES}
