"""Tables that fit: what is wide shrinks, what is least needed goes, nothing wraps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

GAP = 2


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    ``least`` is how narrow it may be cut, None for never. ``expendable`` columns are left out of a
    table that has no room for them, the highest number first; 0 stays.
    """

    heading: str
    right: bool = False
    least: int | None = None
    expendable: int = 0


def draw(columns: Sequence[Column], rows: Sequence[Sequence[Text]], width: int) -> Iterator[Text]:
    """The heading and the rows as lines of at most ``width`` cells. Empty columns are left out."""
    cells = [[row[index] for row in rows] for index in range(len(columns))]
    kept = [
        index
        for index, column in enumerate(columns)
        if not column.expendable or any(cell.plain for cell in cells[index])
    ]
    natural = [
        max([Text(column.heading).cell_len, *(cell.cell_len for cell in cells[index])])
        for index, column in enumerate(columns)
    ]
    while _narrowest(columns, kept, natural) > width:
        expendable = [index for index in kept if columns[index].expendable]
        if not expendable:
            break
        kept.remove(max(expendable, key=lambda index: columns[index].expendable))
    widths = _fitted(columns, kept, natural, width)
    headings = [Text(columns[index].heading, "bold") for index in kept]
    for line in (headings, *([row[index] for index in kept] for row in rows)):
        drawn = _line(line, [columns[index] for index in kept], widths)
        drawn.truncate(width, overflow="ellipsis")
        yield drawn


def _narrowest(columns: Sequence[Column], kept: Sequence[int], natural: Sequence[int]) -> int:
    least = (columns[index].least for index in kept)
    needed = [
        natural[index] if smallest is None else min(natural[index], smallest)
        for index, smallest in zip(kept, least, strict=True)
    ]
    return sum(needed) + GAP * (len(kept) - 1)


def _fitted(
    columns: Sequence[Column], kept: Sequence[int], natural: Sequence[int], width: int
) -> list[int]:
    """The widths of the kept columns; the last flexible ones give way first."""
    widths = {index: natural[index] for index in kept}
    excess = sum(widths.values()) + GAP * (len(kept) - 1) - width
    for index in reversed(kept):
        least = columns[index].least
        if excess > 0 and least is not None:
            given = min(excess, max(widths[index] - least, 0))
            widths[index] -= given
            excess -= given
    return [widths[index] for index in kept]


def _line(cells: Sequence[Text], columns: Sequence[Column], widths: Sequence[int]) -> Text:
    line = Text()
    for cell, column, width in zip(cells, columns, widths, strict=True):
        fitted = cell.copy()
        fitted.truncate(width, overflow="ellipsis")
        padding = " " * (width - fitted.cell_len)
        if line.plain:
            line.append(" " * GAP)
        if column.right:
            line.append(padding)
        line.append_text(fitted)
        if not column.right:
            line.append(padding)
    line.rstrip()
    return line
