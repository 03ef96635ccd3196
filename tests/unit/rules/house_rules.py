"""The house's rules: each reads one Python file and answers what breaks it.

A line that must break a rule says why: ``# allowed: the reason``.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

LONGEST_FILE = 500
_ALLOWED = "# allowed: "
_LEFT_UNDONE = ("TO" + "DO", "FIX" + "ME", "XX" + "X")

Finder = Callable[[str], Iterator[tuple[int, str]]]


@dataclass(frozen=True)
class Rule:
    """A convention: its reason, the folders it holds in, and two examples that prove it."""

    name: str
    reason: str
    folders: tuple[str, ...]
    find: Finder
    allowed: str
    forbidden: str
    excepted: tuple[str, ...] = ()

    def covers(self, path: PurePosixPath) -> bool:
        """Whether the rule holds for the file at ``path`` (relative to the repository)."""
        return _within(path, self.folders) and not _within(path, self.excepted)

    def breaches(self, source: str) -> list[str]:
        """``line: what is wrong`` for each breach without a reason beside it."""
        lines = source.splitlines()
        return [
            f"{number}: {what}"
            for number, what in self.find(source)
            if not any(_ALLOWED in line for line in lines[number - 1 : number])
        ]


def _within(path: PurePosixPath, folders: tuple[str, ...]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _too_long(source: str) -> Iterator[tuple[int, str]]:
    count = len(source.splitlines())
    if count > LONGEST_FILE:
        yield count, f"{count} lines"


def _left_undone(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), start=1):
        for word in _LEFT_UNDONE:
            if word in line:
                yield number, word


def _undescribed(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    if ast.get_docstring(tree) is None:
        yield 1, "the module has no docstring"
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        overloaded = any(ast.unparse(mark) == "overload" for mark in node.decorator_list)
        if not node.name.startswith("_") and not overloaded and ast.get_docstring(node) is None:
            yield node.lineno, f"{node.name} has no docstring"


RULES = (
    Rule(
        name="files are short",
        reason="a file is named for one ability; a long one has several",
        folders=("src", "tests", "benchmarks", "examples", "scripts"),
        find=_too_long,
        allowed="x = 1\n" * LONGEST_FILE,
        forbidden="x = 1\n" * (LONGEST_FILE + 1),
    ),
    Rule(
        name="nothing is left undone",
        reason="a note in the code is a task that nobody sees",
        folders=("src", "tests", "benchmarks", "examples", "scripts"),
        find=_left_undone,
        allowed="x = 1  # one, because counting begins there\n",
        forbidden=f"x = 1  # {_LEFT_UNDONE[0]}: count\n",
    ),
    Rule(
        name="what is public says what it is",
        reason="the reference is written from the docstrings",
        folders=("src",),
        excepted=("src/everyrun/store/migrations",),  # alembic decides what stands in them
        find=_undescribed,
        allowed='"""Counting."""\n\ndef count() -> int:\n    """How many."""\n    return 1\n',
        forbidden='"""Counting."""\n\ndef count() -> int:\n    return 1\n',
    ),
)
