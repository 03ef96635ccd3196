"""Definitions from files: read, and judged as a whole."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from everyrun.cli import terminal
from everyrun.cli.input_values import STANDARD_INPUT

if TYPE_CHECKING:
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.workflow.problems import Problem

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


def check(file: str) -> Checked:
    """Read a definition and find every problem with it. Never raises: an unreadable file is one."""
    from everyrun.workflow.defining import read_file, read_text
    from everyrun.workflow.problems import in_order_of_text
    from everyrun.workflow.validating import validate

    if file == STANDARD_INPUT:
        read = read_text(sys.stdin.read(), directory=str(Path.cwd()))
    else:
        read = read_file(file)
    problems = list(read.problems)
    judged = read.definition or read.draft
    if judged is not None:
        problems = in_order_of_text([*problems, *validate(judged, read.places)])
    return Checked(file, None if problems else read.definition, problems)


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
