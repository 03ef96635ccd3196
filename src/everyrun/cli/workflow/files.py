"""Definitions from files: read, and judged as a whole."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from everyrun.cli import terminal
from everyrun.cli.input_values import STANDARD_INPUT

if TYPE_CHECKING:
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.workflows.defining import Read
    from everyrun.workflows.problems import Problem

_SUFFIXES = frozenset({".yaml", ".yml", ".json"})


class Checked(NamedTuple):
    """A definition that was read and judged. ``definition`` is None where there are problems."""

    file: str
    definition: "WorkflowDefinition | None"
    problems: "list[Problem]"


def names_a_file(target: str) -> bool:
    """Whether a person means a file and not a workflow's name."""
    return (
        target == STANDARD_INPUT
        or Path(target).suffix.lower() in _SUFFIXES
        or Path(target).is_file()
    )


def read(file: str) -> "Read":
    """Read a definition. Never raises: a file that cannot be read is a problem with it."""
    from everyrun.workflows.defining import read_file, read_text

    if file == STANDARD_INPUT:
        return read_text(sys.stdin.read(), directory=str(Path.cwd()))
    return read_file(file)


def judged(found: "Read") -> "list[Problem]":
    """Every problem with what was read: with its form, and whether it can run."""
    from everyrun.workflows.checking import checked

    return checked(found).problems


def check(file: str) -> Checked:
    """Read a definition and find every problem with it."""
    found = read(file)
    problems = judged(found)
    return Checked(file, None if problems else found.definition, problems)


def print_problems(checked: Checked, *, aside: bool = False) -> None:
    """Tell every problem; on a terminal with the line that it stands in."""
    from everyrun.cli.workflow.problem_lines import problem_lines

    with_source = terminal.err().is_terminal if aside else terminal.for_people()
    text = _text_of(checked.file) if with_source else None
    for spans in problem_lines(checked.problems, text, checked.file):
        terminal.write_spans(spans, aside=aside)


def _text_of(file: str) -> str | None:
    try:
        return None if file == STANDARD_INPUT else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        return None
