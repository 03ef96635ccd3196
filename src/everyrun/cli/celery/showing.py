"""What workers answered, as a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from everyrun.cli.exits import ExitCode
from everyrun.cli.grid import Cell, Heading, print_grid

if TYPE_CHECKING:
    from everyrun.domain.views.celery import WorkerAnswer


def print_answers(answers: "Sequence[WorkerAnswer]") -> None:
    """One line a worker."""
    headings = [Heading("h_worker", least=16), Heading("h_answer", least=16)]
    rows = [
        [Cell(each.worker, "bold"), Cell(each.answer, "" if each.ok else "red")] for each in answers
    ]
    print_grid(headings, rows)


def exit_code_of(answers: "Sequence[WorkerAnswer]") -> ExitCode:
    """1 when one would not, or none is there."""
    return ExitCode.OK if answers and all(each.ok for each in answers) else ExitCode.FAILED
