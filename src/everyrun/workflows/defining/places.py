"""Where each value of a definition stands in its text.

Places are kept beside the values, as the reader met them, and only looked up for problems.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from everyrun.workflows.defining.edges import written_edges
from everyrun.workflows.problems import EdgeIndex, Path

LineAndColumn = tuple[int, int]
"""Both counted from 1."""


class MappingPlace:
    """Where a mapping begins, and for each key the places of the key and of its value."""

    __slots__ = ("entries", "mark")

    def __init__(self, mark: Any) -> None:
        self.mark = mark
        self.entries: dict[str, tuple[Any, Any]] = {}


class ListPlace:
    """Where a list begins, and the places of its items."""

    __slots__ = ("items", "mark")

    def __init__(self, mark: Any) -> None:
        self.mark = mark
        self.items: list[Any] = []


class Written(NamedTuple):
    """A value as it was read, and its place: a :class:`MappingPlace`, a :class:`ListPlace`, a mark.

    A mark is whatever the reader's ``locate`` turns into line and column.
    """

    value: Any
    place: Any


class Places:
    """The places of one text."""

    def __init__(
        self, file: str | None, written: Written, locate: Callable[[Any], LineAndColumn]
    ) -> None:
        self.file = file
        self.written = written
        self._locate = locate

    def find(self, path: Path, *, at_key: bool = False) -> tuple[Path, LineAndColumn]:
        """The place of the value that ``path`` leads to, or of the last key of the path.

        Goes as deep as the text does (``retry: 3`` has no ``max_retries``) and answers the path
        that it went.
        """
        value, place = self.written
        mark, went = _mark(place), list[str | int]()
        for part in _as_written(path, value):
            step = _step(value, place, part)
            if step is None:
                break
            (value, place), key_mark = step
            went.append(part)
            mark = key_mark if at_key and key_mark is not None else _mark(place)
        return tuple(went), self._locate(mark)


def _mark(place: Any) -> Any:
    return place.mark if isinstance(place, MappingPlace | ListPlace) else place


def _step(value: Any, place: Any, part: str | int) -> tuple[Written, Any] | None:
    """One part of a path further, and the mark of the key that leads there."""
    if isinstance(place, MappingPlace) and part in place.entries:
        key_mark, inner = place.entries[str(part)]
        return Written(value.get(part), inner), key_mark
    if isinstance(place, ListPlace) and isinstance(part, int) and part < len(place.items):
        return Written(value[part], place.items[part]), None
    return None


def _as_written(path: Path, value: Any) -> Path:
    """The path, with the indexes of canonical edges replaced by where they were written."""
    for position, part in enumerate(path):
        if isinstance(part, EdgeIndex):
            edges = list(written_edges(value))
            inside: Path = edges[part].path if part < len(edges) else ()
            return (*path[:position], *inside)
        value = _child(value, part)
    return path


def _child(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None
