"""What is wrong with a definition, for people: where, what, and the line it stands in."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from everyrun.cli.terminal import Spans, one_line

if TYPE_CHECKING:
    from everyrun.workflows.problems import Problem

_TAB = "\t"
_LONGEST_LINE = 200


def problem_lines(problems: "Sequence[Problem]", text: str | None, file: str) -> Iterator[Spans]:
    """``file:line:column: CODE: message`` for each, and its line where the ``text`` is given."""
    source = None if text is None else text.splitlines()
    for problem in problems:
        yield [
            (f"{place_of(problem, file)} ", "bold"),
            (f"{problem.code}: ", "red"),
            (problem.message, ""),
        ]
        if source is not None and problem.line is not None and 0 < problem.line <= len(source):
            yield from _source(source[problem.line - 1], problem.line, problem.column or 1)


def place_of(problem: "Problem", file: str) -> str:
    """``file:line:column:``, as far as it is known."""
    parts = (problem.file or file, problem.line, problem.column)
    return "".join(f"{part}:" for part in parts if part is not None)


def _source(line: str, number: int, column: int) -> Iterator[Spans]:
    """The line, and a caret under the column; a long line is cut around it."""
    start = max(0, column - _LONGEST_LINE // 2) if len(line) > _LONGEST_LINE else 0
    shown = line[start : start + _LONGEST_LINE]
    before = shown[: column - 1 - start]
    margin = f"{number:>6} │ "
    yield [(margin, "bright_black"), (shown.replace(_TAB, " "), "")]
    blank = " " * _cells(one_line(before.replace(_TAB, " ")))
    yield [(f"{' ' * 6} │ ", "bright_black"), (f"{blank}^", "bold red")]


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
