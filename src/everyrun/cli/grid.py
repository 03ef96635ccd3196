"""Small tables: drawn to fit a terminal, tab-separated and whole for a pipe."""

from collections.abc import Sequence
from typing import NamedTuple

from everyrun.cli import terminal
from everyrun.cli.messages import say


class Heading(NamedTuple):
    """A column: the key of its heading's sentence, and how it gives way on a narrow terminal.

    ``least`` and ``expendable`` are as in :class:`~everyrun.cli.tables.Column`.
    """

    key: str
    right: bool = False
    least: int | None = None
    expendable: int = 0


class Cell(NamedTuple):
    """What stands in a column: for people ``shown`` in a style, for a pipe ``plain``."""

    shown: str
    style: str = ""
    plain: str | None = None


def print_grid(headings: Sequence[Heading], rows: Sequence[Sequence[Cell]]) -> None:
    """Print a table on standard output."""
    if not terminal.for_people():
        plain = [[cell.shown if cell.plain is None else cell.plain for cell in row] for row in rows]
        terminal.write_rows([say(heading.key) for heading in headings], plain)
        return
    from everyrun.cli.tables import Column, draw

    columns = [
        Column(
            heading=say(heading.key),
            right=heading.right,
            least=heading.least,
            expendable=heading.expendable,
        )
        for heading in headings
    ]
    drawn = [[terminal.styled(cell.shown, cell.style) for cell in row] for row in rows]
    for line in draw(columns, drawn, terminal.out().width):
        terminal.write_text(line)
