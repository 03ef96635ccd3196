"""What is wrong with a definition, and where it stands."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from everyrun.domain.errors import EveryrunError
from everyrun.domain.graph import PATH_SEPARATOR
from everyrun.domain.suggesting import closest

Path = tuple[str | int, ...]
"""Keys and indexes from the top of a definition down to a value."""


class EdgeIndex(int):
    """In a path: which edge of ``needs`` in canonical form, however it was written."""


class Code(StrEnum):
    """What kind of problem it is; ``docs/reference/workflow-file.md`` lists them."""

    UNREADABLE = "UNREADABLE"
    NOT_UNICODE = "NOT_UNICODE"
    SYNTAX_ERROR = "SYNTAX_ERROR"
    UNQUOTED_TEMPLATE = "UNQUOTED_TEMPLATE"
    DUPLICATE_KEY = "DUPLICATE_KEY"
    BAD_ALIAS = "BAD_ALIAS"
    UNKNOWN_TAG = "UNKNOWN_TAG"
    TOO_LARGE = "TOO_LARGE"
    TOO_DEEP = "TOO_DEEP"
    TOO_MANY_PROBLEMS = "TOO_MANY_PROBLEMS"
    NOT_STORABLE = "NOT_STORABLE"

    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    MISSING_FIELD = "MISSING_FIELD"
    WRONG_TYPE = "WRONG_TYPE"
    WRONG_VALUE = "WRONG_VALUE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    BAD_KEY = "BAD_KEY"

    NO_NODES = "NO_NODES"
    CYCLE_DETECTED = "CYCLE_DETECTED"
    SELF_EDGE = "SELF_EDGE"
    DUPLICATE_EDGE = "DUPLICATE_EDGE"
    DANGLING_EDGE = "DANGLING_EDGE"
    UNKNOWN_BRANCH = "UNKNOWN_BRANCH"
    UNREACHABLE_NODE = "UNREACHABLE_NODE"
    BODY_MISSING = "BODY_MISSING"
    BODY_NOT_ALLOWED = "BODY_NOT_ALLOWED"

    UNKNOWN_NODE_TYPE = "UNKNOWN_NODE_TYPE"
    UNUSABLE_NODE_TYPE = "UNUSABLE_NODE_TYPE"
    UNKNOWN_PARAMETER = "UNKNOWN_PARAMETER"
    MISSING_PARAMETER = "MISSING_PARAMETER"
    WRONG_PARAMETER = "WRONG_PARAMETER"
    UNKNOWN_WORKFLOW = "UNKNOWN_WORKFLOW"

    TEMPLATE_SYNTAX = "TEMPLATE_SYNTAX"
    TEMPLATE_NOT_EVALUATED = "TEMPLATE_NOT_EVALUATED"
    UNKNOWN_NAME = "UNKNOWN_NAME"
    UNKNOWN_NODE = "UNKNOWN_NODE"
    UNKNOWN_INPUT = "UNKNOWN_INPUT"
    UNKNOWN_VARIABLE = "UNKNOWN_VARIABLE"
    NODE_NOT_NEEDED = "NODE_NOT_NEEDED"

    WRONG_INPUT = "WRONG_INPUT"
    INPUT_MISSING = "INPUT_MISSING"
    INPUT_NOT_A_CHOICE = "INPUT_NOT_A_CHOICE"


class Located(Protocol):
    """What knows where the parts of a definition stand: a text's places, or a program's."""

    file: str | None

    def find(self, path: Path, *, at_key: bool = False) -> tuple[Path, tuple[int, int]]:
        """As far as the path leads there: the path, and line and column from 1."""
        ...


class Problem(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One thing that is wrong.

    ``line`` and ``column`` count from 1. ``node`` is the node's key, ``loop.key`` in a body.
    ``path`` is a JSON pointer (RFC 6901) into what was written. ``cycle_path`` begins and ends with
    the same node, each needing the one before it.
    """

    code: Code
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    node: str | None = None
    path: str = ""
    cycle_path: list[str] | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        place = [part for part in (self.file, self.line, self.column) if part is not None]
        return ":".join(map(str, [*place, f" {self.message}"])).lstrip()


class InvalidDefinition(EveryrunError, ValueError):
    """This definition cannot run; ``problems`` says why, each with its place."""

    status_code = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


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
