"""What is wrong with a definition, and where it stands."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec

from everyrun.domain.errors import EveryrunError
from everyrun.domain.graph import PATH_SEPARATOR
from everyrun.domain.suggesting import closest
from everyrun.domain.views.problems import Code, DefinitionProblem

__all__ = [
    "Code",
    "EdgeIndex",
    "EnoughFound",
    "Finding",
    "Findings",
    "InvalidDefinition",
    "Located",
    "Path",
    "Problem",
    "in_order_of_text",
    "node_of",
    "pointer",
]

Path = tuple[str | int, ...]
"""Keys and indexes from the top of a definition down to a value."""


class EdgeIndex(int):
    """In a path: which edge of ``needs`` in canonical form, however it was written."""


class Located(Protocol):
    """What knows where the parts of a definition stand: a text's places, or a program's."""

    file: str | None

    def find(self, path: Path, *, at_key: bool = False) -> tuple[Path, tuple[int, int]]:
        """As far as the path leads there: the path, and line and column from 1."""
        ...


Problem = DefinitionProblem


class InvalidDefinition(EveryrunError, ValueError):
    """This definition cannot run; ``problems`` says why, each with its place."""

    status_code = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)
        kinds = {problem.code.value for problem in problems}
        if len(kinds) == 1:
            self.code = kinds.pop()

    def members(self) -> dict[str, Any]:
        """Every problem with its place; the path of the first cycle, if there is one."""
        found: dict[str, Any] = {"problems": self.problems}
        paths = (each.cycle_path for each in self.problems if each.cycle_path is not None)
        path = next(paths, None)
        return found if path is None else {**found, "cycle_path": path}


class Finding(msgspec.Struct, frozen=True):
    """A problem before it is known where it stands in the text."""

    code: Code
    message: str
    path: Path
    at_key: bool = False
    place: tuple[int, int] | None = None
    cycle_path: list[str] | None = None
    suggestion: str | None = None


class EnoughFound(Exception):  # it ends the search and goes no further
    """There are :data:`MOST_PROBLEMS` already."""


MOST_PROBLEMS = 1_000
"""Problems that are told of one definition."""
_MOST_SUGGESTIONS = 30
"""Each compares a word with all that there are, which takes longer than everything else."""


class Findings:
    """Problems as they are found."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self._suggestions = 0

    def closest(self, word: str, candidates: Iterable[str]) -> str | None:
        """The candidate that is most like ``word``; None after many such questions."""
        self._suggestions += 1
        return closest(word, candidates) if self._suggestions <= _MOST_SUGGESTIONS else None

    def add(
        self,
        code: Code,
        message: str,
        path: Path,
        *,
        at_key: bool = False,
        place: tuple[int, int] | None = None,
        cycle_path: list[str] | None = None,
        suggestion: str | None = None,
    ) -> None:
        """Note one: at the value that ``path`` leads to, or ``at_key`` that leads there.

        ``place`` is line and column, from 1, where they are known already. Raises
        :class:`EnoughFound`.
        """
        self.found.append(Finding(code, message, path, at_key, place, cycle_path, suggestion))
        if len(self.found) == MOST_PROBLEMS:
            message = f"there are more problems than these {MOST_PROBLEMS:,}"
            self.found.append(Finding(Code.TOO_MANY_PROBLEMS, message, ()))
            raise EnoughFound

    def placed(self, places: Located | None = None, file: str | None = None) -> list[Problem]:
        """All of them with their places, in the order of the text."""
        problems = [_placed(finding, places, file) for finding in self.found]
        return in_order_of_text(problems)


def in_order_of_text(problems: Sequence[Problem]) -> list[Problem]:
    """The problems sorted by place, each once: one (code, path, message) is one problem."""
    unique = {(problem.code, problem.path, problem.message): problem for problem in problems}
    return sorted(unique.values(), key=_position)


def _position(problem: Problem) -> tuple[bool, int, int]:
    is_last = problem.code is Code.TOO_MANY_PROBLEMS
    return is_last, problem.line or 0, problem.column or 0


def pointer(path: Path) -> str:
    """A path -> its JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def node_of(path: Path) -> str | None:
    """The key of the node that a path leads into, with those of the loops around it."""
    keys: list[str] = []
    for container, key in zip(path[::2], path[1::2], strict=False):
        if container != ("do" if keys else "nodes"):
            break
        keys.append(str(key))
    return PATH_SEPARATOR.join(keys) or None


def _placed(finding: Finding, places: Located | None, file: str | None) -> Problem:
    path, place = finding.path, finding.place
    if places is not None:
        file = places.file
        if place is None:
            path, place = places.find(path, at_key=finding.at_key)
    line, column = place or (None, None)
    return Problem(
        code=finding.code,
        message=finding.message,
        file=file,
        line=line,
        column=column,
        node=node_of(finding.path),
        path=pointer(path),
        cycle_path=finding.cycle_path,
        suggestion=finding.suggestion,
    )
