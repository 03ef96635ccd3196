"""What tasks and canvases are called on record, and which tasks are not put there."""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase

from everyrun.integrations.celery.shapes import Follow, names_in_turn
from everyrun.tracking.describing import name_on_record

UNREMARKABLE = ("celery.chord_unlock", "celery.backend_cleanup")
"""Tasks of Celery's own that are left out: they only wait, or clean up."""

NAME_HEADER = "everyrun_name"
"""A message header, or a stamp, that names the canvas which a message begins."""

_MAPS = {"celery.map": "map", "celery.starmap": "starmap"}


class Names:
    """Display names of tasks, and the patterns (``proj.reports.*``) of those on record."""

    def __init__(
        self,
        display: Mapping[str, str] | Callable[[str], str | None] | None = None,
        include: Iterable[str] = (),
        exclude: Iterable[str] = (),
    ) -> None:
        self._display = display if callable(display) else dict(display or {}).get
        self._include = _patterns(include)
        self._exclude = (*UNREMARKABLE, *_patterns(exclude))
        self._names: dict[str, str | None] = {}

    def of(self, task: str) -> str | None:
        """The name of a task on record; None for one that is not put there."""
        try:
            return self._names[task]
        except KeyError:
            name = self._names[task] = self._judge(task)
            return name

    def shown(self, task: str) -> str:
        """The name of a task on record, of one that is not put there too."""
        return self.of(task) or task

    def of_canvas(self, task: str, follow: Follow, kwargs: object) -> str:
        """The name of a canvas that has none: how it is shaped, without how many there are.

        ``kwargs`` are the first task's: of ``celery.map`` they say what is mapped.
        """
        if task in _MAPS and isinstance(kwargs, Mapping):
            mapped = kwargs.get("task")
            if isinstance(mapped, Mapping):
                return name_on_record(f"{_MAPS[task]}: {self.shown(str(mapped.get('task')))}")
        shape = "chain" if follow.chain else "chord" if follow.chord is not None else None
        if shape is None:
            shape = "group" if follow.group else None
        names = " → ".join(self.shown(name) for name in names_in_turn(task, follow))
        return name_on_record(f"{shape}: {names}" if shape else names)

    def _judge(self, task: str) -> str | None:
        if self._include and not _matches(task, self._include):
            return None
        if _matches(task, self._exclude):
            return None
        return name_on_record(self._display(task) or task)


def _patterns(given: Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _matches(task: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(task, pattern) for pattern in patterns)
