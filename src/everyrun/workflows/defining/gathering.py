"""Values and their places, gathered from a reader that goes through a text from top to bottom.

Nothing here recurses, aliases share their value, and what they would expand to is counted: a text
of a few lines cannot become a billion values.
"""

from collections.abc import Callable
from typing import Any

from everyrun.workflows.defining.places import LineAndColumn, ListPlace, MappingPlace, Written
from everyrun.workflows.problems import Code, Findings, Path

MOST_VALUES = 2_000_000
"""Values in one definition, those of aliases counted each time."""
DEEPEST = 100
"""Mappings and lists within each other."""


_MERGED, _DROPPED = "merged", "dropped"
"""What becomes of a value whose key is not an ordinary one."""


class Unreadable(Exception):  # it ends the reading of one text and goes no further
    """The text cannot be read on from here; the finding says why."""


class _Frame:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("anchor", "key", "key_mark", "merged", "place", "size", "special", "value")

    def __init__(self, value: Any, place: Any, anchor: str | None) -> None:
        self.value = value
        self.place = place
        self.anchor = anchor
        self.key: str | None = None
        self.key_mark: Any = None
        self.special: str | None = None
        self.merged: list[Written] = []
        self.size = 1


class Gathering:
    """What was read so far. ``locate`` turns a reader's mark into line and column."""

    def __init__(self, findings: Findings, locate: Callable[[Any], LineAndColumn]) -> None:
        self._findings = findings
        self.locate = locate
        self._frames: list[_Frame] = []
        self._frame: _Frame | None = None
        self._anchored: dict[str, tuple[Written, int]] = {}
        self.whole: Written | None = None
        self.wants_key = False
        """Whether what comes next is a mapping's key (or its end)."""

    def open_mapping(self, mark: Any, anchor: str | None = None) -> None:
        """A mapping begins."""
        self._open(_Frame({}, MappingPlace(mark), anchor), mark)
        self.wants_key = True

    def open_list(self, mark: Any, anchor: str | None = None) -> None:
        """A list begins."""
        self._open(_Frame([], ListPlace(mark), anchor), mark)
        self.wants_key = False

    def _open(self, frame: _Frame, mark: Any) -> None:
        if len(self._frames) == DEEPEST:
            raise self.unreadable(
                Code.TOO_DEEP, f"this is nested more than {DEEPEST} levels deep", mark
            )
        self._frames.append(frame)
        self._frame = frame

    def close(self) -> None:
        """The innermost mapping or list ends."""
        frame = self._frames.pop()
        self.wants_key = False
        self._frame = self._frames[-1] if self._frames else None
        for merged in frame.merged:
            _take_over(merged, frame)
        if frame.anchor is not None:
            self._anchored[frame.anchor] = Written(frame.value, frame.place), frame.size
        self.add(frame.value, frame.place, frame.size)

    def key(self, text: str, mark: Any, *, merges: bool = False) -> None:
        """The key of the value that comes next, or one that merges a mapping into this one."""
        frame = self._frame
        assert frame is not None
        frame.key, frame.key_mark = text, mark
        self.wants_key = False
        if merges:
            frame.special = _MERGED
        elif text in frame.value:
            frame.special = _DROPPED
            first, _ = self.locate(frame.place.entries[text][0])
            message = f"{text} stands here twice, first in line {first}"
            self.note(Code.DUPLICATE_KEY, message, mark)

    def add(self, value: Any, place: Any, size: int = 1) -> None:
        """A value: of the key before it, of the list around it, or the whole."""
        frame = self._frame
        if frame is None:
            self.whole = Written(value, place)
            return
        frame.size += size
        if frame.size > MOST_VALUES:
            message = f"with its aliases, this has more than {MOST_VALUES:,} values"
            raise self.unreadable(Code.TOO_LARGE, message, _mark_of(place))
        key = frame.key
        if key is None:
            frame.value.append(value)
            frame.place.items.append(place)
            return
        frame.key = None
        self.wants_key = True
        if frame.special is None:
            frame.value[key] = value
            frame.place.entries[key] = (frame.key_mark, place)
            return
        if frame.special == _MERGED:
            self._merge(frame, value, place)
        frame.special = None

    def anchor(self, name: str, value: Any, place: Any) -> None:
        """Remember a scalar for aliases to come."""
        self._anchored[name] = Written(value, place), 1

    def alias(self, name: str, mark: Any) -> tuple[Written, int]:
        """What an alias stands for, and how many values that is."""
        known = self._anchored.get(name)
        if any(frame.anchor == name for frame in self._frames):
            raise self.unreadable(Code.BAD_ALIAS, f"*{name} stands inside what it stands for", mark)
        if known is None:
            message = f"*{name} stands for nothing: there is no &{name}"
            raise self.unreadable(Code.BAD_ALIAS, message, mark)
        return known

    def _merge(self, frame: _Frame, value: Any, place: Any) -> None:
        sources = [Written(value, place)]
        if isinstance(place, ListPlace):
            sources = [Written(*pair) for pair in zip(value, place.items, strict=True)]
        if all(isinstance(source.place, MappingPlace) for source in sources):
            frame.merged += sources
        else:
            message = "<< takes a mapping or a list of mappings, such as *defaults"
            self.note(Code.WRONG_TYPE, message, frame.key_mark)

    def note(self, code: Code, message: str, mark: Any) -> None:
        """Note a problem here and go on."""
        self._findings.add(code, message, self.path(), place=self.locate(mark))

    def unreadable(self, code: Code, message: str, mark: Any) -> Unreadable:
        """Note a problem here that nothing can be read behind; to be raised."""
        self.note(code, message, mark)
        return Unreadable()

    def path(self) -> Path:
        """Where the reader is."""
        steps = [
            len(frame.value) if type(frame.value) is list else frame.key for frame in self._frames
        ]
        return tuple(step for step in steps if step is not None)


def _take_over(merged: Written, frame: _Frame) -> None:
    """Take the keys of a merged mapping that are not there yet: own ones win, then earlier ones."""
    for key, inner in merged.value.items():
        if key not in frame.value:
            frame.value[key] = inner
            frame.place.entries[key] = merged.place.entries[key]


def _mark_of(place: Any) -> Any:
    return place.mark if isinstance(place, MappingPlace | ListPlace) else place
