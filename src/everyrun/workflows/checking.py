"""A definition read and judged in one go, with every problem of both at once."""

import os
from typing import Any, NamedTuple

from everyrun.domain.graph import WorkflowDefinition
from everyrun.workflows.defining import Read, read_file, read_text, read_value
from everyrun.workflows.problems import Located, Problem, in_order_of_text
from everyrun.workflows.validating import validate
from everyrun.workflows.validating.node_types import Catalogue, KnownWorkflows

_TOP = frozenset({"", "/workflow", "/nodes"})


class Checked(NamedTuple):
    """``definition`` is None where there are problems."""

    definition: WorkflowDefinition | None
    problems: list[Problem]


def check_file(
    path: str | os.PathLike[str],
    *,
    catalogue: Catalogue | None = None,
    known_workflows: KnownWorkflows | None = None,
) -> Checked:
    """Read and judge a file, as :func:`~everyrun.workflows.defining.read_file` has it."""
    return checked(read_file(path), catalogue, known_workflows)


def check_text(
    text: str,
    name: str | None = None,
    *,
    directory: str | None = None,
    catalogue: Catalogue | None = None,
    known_workflows: KnownWorkflows | None = None,
) -> Checked:
    """Read and judge a text, as :func:`~everyrun.workflows.defining.read_text` has it."""
    return checked(read_text(text, name, directory=directory), catalogue, known_workflows)


def check_value(
    written: Any,
    name: str | None = None,
    *,
    directory: str | None = None,
    places: Located | None = None,
    catalogue: Catalogue | None = None,
    known_workflows: KnownWorkflows | None = None,
) -> Checked:
    """Read and judge a plain value, as :func:`~everyrun.workflows.defining.read_value` has it."""
    read = read_value(written, name, directory=directory, places=places)
    return _judged(read, places, catalogue, known_workflows)


def checked(
    read: Read, catalogue: Catalogue | None = None, known_workflows: KnownWorkflows | None = None
) -> Checked:
    """Judge what was read, also what could only be read in part."""
    return _judged(read, read.places, catalogue, known_workflows)


def _judged(
    read: Read,
    places: Located | None,
    catalogue: Catalogue | None,
    known_workflows: KnownWorkflows | None,
) -> Checked:
    if read.draft is None:
        return Checked(None, read.problems)
    judged = validate(read.draft, places, catalogue=catalogue, known_workflows=known_workflows)
    # What is missing altogether is not also too short.
    told = _TOP.intersection(problem.path for problem in read.problems)
    judged = [problem for problem in judged if problem.path not in told]
    problems = in_order_of_text([*read.problems, *judged])
    return Checked(None if problems else read.definition, problems)
