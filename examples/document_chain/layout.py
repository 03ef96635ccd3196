"""The layout stage: what stood beside and below each other becomes rows and columns again."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from examples.document_chain.extracting import Extraction
from examples.document_chain.pages import Document, Line, Page

WIDE_GAP = 1.6
"""A gap this many times as wide as a line is high stands between columns."""
NEAR = 0.9
"""Columns this many line heights apart, at most, are one and the same."""
FEWEST_ROWS = 2

Row = tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """Rows that stand in the same columns; the first is usually the headings."""

    page: int
    rows: tuple[Row, ...]


class Layout(msgspec.Struct, frozen=True):
    """Everything that the spreadsheet will show."""

    file: str
    kind: str
    extractor: str
    fields: tuple[Row, ...]
    tables: tuple[Table, ...]
    text: tuple[Row, ...]


class Cell(msgspec.Struct, frozen=True):
    """Words that stand together in a line."""

    text: str
    left: float
    right: float


def lay_out(document: Document, extraction: Extraction) -> Layout:
    """Arrange what was read and what was found for a spreadsheet."""
    return Layout(
        file=document.file,
        kind=extraction.kind,
        extractor=extraction.extractor,
        fields=tuple(
            (field.name, field.value, str(field.page), str(field.line), field.rule)
            for field in extraction.fields
        ),
        tables=tuple(table for page in document.pages for table in tables_of(page)),
        text=tuple(
            (str(page.number), str(number), page.source, line.text)
            for page in document.pages
            for number, line in enumerate(page.lines, start=1)
        ),
    )


def tables_of(page: Page) -> Iterator[Table]:
    """Lines in a row that have several cells each, the first of them in a column of the others."""
    run: list[list[Cell]] = []
    height = 0.0
    for line in page.lines:
        cells = cells_of(line)
        if len(cells) > 1 and (not run or _share_columns(run[-1], cells, line.height)):
            run.append(cells)
            height = max(height, line.height)
            continue
        yield from _table(page, run, height)
        run, height = ([cells], line.height) if len(cells) > 1 else ([], 0.0)
    yield from _table(page, run, height)


def cells_of(line: Line) -> list[Cell]:
    """A line's words in cells: a wide gap begins the next one."""
    cells = [[line.words[0]]]
    for before, word in pairwise(line.words):
        if word.left - before.right > WIDE_GAP * line.height:
            cells.append([])
        cells[-1].append(word)
    return [
        Cell(" ".join(word.text for word in cell), cell[0].left, cell[-1].right) for cell in cells
    ]


def _share_columns(above: Sequence[Cell], below: Sequence[Cell], height: float) -> bool:
    """Whether two cells at least stand under others, by their left or their right edges."""
    near = NEAR * height
    shared = sum(
        any(abs(cell.left - up.left) <= near or abs(cell.right - up.right) <= near for up in above)
        for cell in below
    )
    return shared >= min(2, len(below))


def _table(page: Page, run: Sequence[Sequence[Cell]], height: float) -> Iterator[Table]:
    if len(run) < FEWEST_ROWS:
        return
    columns = _columns([cell for cells in run for cell in cells], NEAR * height)
    rows = []
    for cells in run:
        row = [""] * len(columns)
        for cell in cells:
            at = _column_of(cell, columns)
            row[at] = f"{row[at]} {cell.text}".strip()
        rows.append(tuple(row))
    yield Table(page.number, tuple(rows))


def _columns(cells: Sequence[Cell], near: float) -> list[tuple[float, float]]:
    """Left and right ends of the columns: cells that overlap stand in one."""
    columns: list[tuple[float, float]] = []
    for cell in sorted(cells, key=lambda cell: cell.left):
        if columns and cell.left < columns[-1][1] - near / 2:
            columns[-1] = (columns[-1][0], max(columns[-1][1], cell.right))
        else:
            columns.append((cell.left, cell.right))
    return columns


def _column_of(cell: Cell, columns: Sequence[tuple[float, float]]) -> int:
    return max(at for at, (left, _right) in enumerate(columns) if left <= cell.left)
