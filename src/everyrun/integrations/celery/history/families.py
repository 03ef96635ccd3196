"""Which tasks belong together: those that are each other's parents, children and group members."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from everyrun.domain.identifiers import id_text
from everyrun.integrations.celery.history.results import Result
from everyrun.integrations.celery.shapes import LONGEST_NAME

UNNAMED = "unknown task"
"""What a task is called whose result does not say."""


class Sketch(NamedTuple):
    """What is kept of a task that has ended while all of them are gone through."""

    done_at: int
    task_id: str
    name: str | None


class Family(NamedTuple):
    """Tasks of one canvas, as far as it can be told; in the order in which they ended."""

    members: Sequence[Sketch]

    @property
    def execution_id(self) -> str:
        """The same whenever it is worked out: a UUIDv7 made of when and which task ended first."""
        first = self.members[0]
        random = int.from_bytes(hashlib.sha256(first.task_id.encode()).digest()[:10], "big")
        low = (7 << 76) | (random >> 68 << 64) | (2 << 62) | (random & ((1 << 62) - 1))
        return id_text(((first.done_at // 1_000) << 80 | low & ((1 << 80) - 1)).to_bytes(16, "big"))

    @property
    def name(self) -> str:
        """A canvas without a name is called by its tasks; like ones in a row once."""
        names: list[str] = []
        for member in self.members:
            name = member.name or UNNAMED
            if not names or names[-1] != name:
                names.append(name)
            if len(names) > LONGEST_NAME:
                names[LONGEST_NAME:] = ["…"]
                break
        prefix = "canvas: " if len(self.members) > 1 else ""
        return prefix + " → ".join(names)


class Families:
    """Finds families, whatever the order in which their members are told of."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}
        self._sketches: dict[str, Sketch] = {}

    def add(self, result: Result) -> None:
        """Tell of a task; one that has not ended only holds others together."""
        for relative in result.relatives:
            self._join(result.task_id, relative)
        if result.done_at is not None and result.has_ended:
            sketch = Sketch(result.done_at, result.task_id, result.name)
            self._sketches[result.task_id] = sketch

    @property
    def task_ids(self) -> Iterable[str]:
        """Those that have ended."""
        return self._sketches.keys()

    @property
    def earliest(self) -> int | None:
        """When the first of them ended, µs UTC."""
        return min((sketch.done_at for sketch in self._sketches.values()), default=None)

    def all(self) -> list[Family]:
        """Every family that has a member which has ended."""
        found: dict[str, list[Sketch]] = {}
        for task_id, sketch in self._sketches.items():
            found.setdefault(self._top(task_id), []).append(sketch)
        return [Family(sorted(members)) for members in found.values()]

    def _join(self, one: str, other: str) -> None:
        top, joined = self._top(one), self._top(other)
        if top != joined:
            self._above[joined] = top

    def _top(self, task_id: str) -> str:
        path = []
        while (above := self._above.get(task_id)) is not None:
            path.append(task_id)
            task_id = above
        for each in path:
            self._above[each] = task_id
        return task_id
