"""The Excel stage: a workbook with what was found, the tables and the text."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from examples.document_chain.layout import Layout, Row

FIELDS = ("Field", "Value", "Page", "Line", "Found by")
TEXT = ("Page", "Line", "Read by", "Text")
WIDEST = 60
LONGEST_CELL = 32_767
"""Characters that Excel takes in a cell."""


def write_workbook(layout: Layout, path: Path) -> None:
    """Write ``path``, a whole workbook or none; one that is there is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}")
    # What a document says stays text: an "=" at its beginning is no formula.
    with xlsxwriter.Workbook(unfinished, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        overview = [
            ("File", layout.file),
            ("Kind", layout.kind),
            ("Read by", layout.extractor),
            (),
            FIELDS,
            *layout.fields,
        ]
        _fill(book.add_worksheet("Fields"), overview, bold, headings=4)
        for number, table in enumerate(layout.tables, start=1):
            sheet = book.add_worksheet(f"Table {number} (page {table.page})")
            _fill(sheet, table.rows, bold, headings=0)
        _fill(book.add_worksheet("Text"), [TEXT, *layout.text], bold, headings=0)
    unfinished.replace(path)


def _fill(sheet: Any, rows: Sequence[Row], bold: Any, headings: int) -> None:
    widths: dict[int, int] = {}
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            style = bold if at == headings else None
            sheet.write_string(at, column, text[:LONGEST_CELL], style)
            widths[column] = min(WIDEST, max(widths.get(column, 8), len(text) + 2))
    for column, width in widths.items():
        sheet.set_column(column, column, width)
    sheet.freeze_panes(headings + 1, 0)
