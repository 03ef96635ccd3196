"""Definitions written and judged in one go, for tests."""

from everyrun.workflows.defining import read_text
from everyrun.workflows.problems import Code, Problem
from everyrun.workflows.validating import validate
from everyrun.workflows.validating.node_types import KnownWorkflows
from tests.support.node_types import FewTypes

HEAD = "workflow: w\n"


def problems_in(
    text: str, *, file: str | None = None, known_workflows: KnownWorkflows | None = None
) -> list[Problem]:
    """What is wrong with a workflow, written without its name; its first line is the second."""
    read = read_text(HEAD + text, file)

    assert [] == read.problems
    assert read.definition is not None
    return validate(
        read.definition, read.places, catalogue=FewTypes(), known_workflows=known_workflows
    )


def codes_in(text: str) -> list[tuple[Code, str | None]]:
    """The problems' codes and the nodes that have them."""
    return [(problem.code, problem.node) for problem in problems_in(text)]


def messages_in(text: str) -> list[str]:
    """The problems' sentences."""
    return [problem.message for problem in problems_in(text)]


def nodes(**written: str) -> str:
    """Nodes of type ``step``, or of the type that they name: ``a="needs: b"``."""
    lines = [
        f"  {key}: {{{body if 'type:' in body else 'type: step, ' + body}}}"
        for key, body in written.items()
    ]
    return "\n".join(["nodes:", *lines, ""])
