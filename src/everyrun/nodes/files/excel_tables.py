"""Tables in spreadsheets: read by calamine (xlsx, xlsm, xlsb, xls, ods), written as xlsx."""

from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from everyrun.nodes.base import BadParameters, NodeFailed
from everyrun.nodes.files.tables import Row, as_text

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
DIGITS = 15
"""What a sheet can hold, by Excel's specification."""

_EXACT = 2**53
_EARLIEST = 1900
_SHOWN = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss", time: "hh:mm:ss"}
_SETTINGS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "constant_memory": True,
}

Cell = str | bool | int | float | Decimal | date | time | None


def read_rows(path: Path, sheet: str | int) -> list[Row]:
    """The rows of a sheet: its name, or its number from 1. Raises :class:`NodeFailed`.

    Empty cells are None, whole numbers ``int``, dates and times what they are in Python; a sheet
    does not tell midnight from a date.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            names = book.sheet_names
            if isinstance(sheet, int):
                if not 1 <= sheet <= len(names):
                    raise NodeFailed(f"sheet: {path} has {len(names)} sheets, not {sheet}")
                sheet = names[sheet - 1]
            if sheet not in names:
                known = ", ".join(names)
                raise NodeFailed(f"sheet: {path} has no sheet {sheet!r}; there are: {known}")
            rows = book.get_sheet_by_name(sheet).to_python()
    except CalamineError as error:
        raise NodeFailed(f"format: {path} cannot be read as a spreadsheet: {error}") from None
    return [[_plain(cell) for cell in row] for row in rows]


def _plain(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return int(cell)  # a sheet knows only one kind of number
    return None if cell == "" else cell


def write_rows(path: Path, names: list[str] | None, rows: list[Row], sheet: str) -> None:
    """Write one sheet, its first row bold and fixed where there are names.

    Text stays text: nothing that a cell holds becomes a formula, a link or a number. Times with a
    zone, and numbers that a sheet would round, are written as text. Raises :class:`BadParameters`
    for what a sheet cannot hold, before anything is written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxWriterException

    table = rows if names is None else [names, *rows]
    cells = [_cells(number, row) for number, row in enumerate(table, start=1)]
    if len(cells) > MOST_ROWS:
        raise BadParameters(f"content: {len(cells):,} rows; a sheet holds {MOST_ROWS:,}")
    with TemporaryDirectory() as folder:
        book = Workbook(str(path), {**_SETTINGS, "tmpdir": folder})
        try:
            page = book.add_worksheet(sheet)
        except XlsxWriterException as error:
            raise BadParameters(f"sheet: {error}") from None
        styles = {kind: book.add_format({"num_format": shown}) for kind, shown in _SHOWN.items()}
        bold = book.add_format({"bold": True})
        if names is not None:
            page.freeze_panes(1, 0)
        for number, row in enumerate(cells):
            style = bold if names is not None and number == 0 else None
            for column, cell in enumerate(row):
                _write(page, (number, column), cell, styles.get(type(cell), style))
        book.close()


def _cells(number: int, row: Row) -> list[Cell]:
    if len(row) > MOST_COLUMNS:
        raise BadParameters(
            f"content: row {number} has {len(row):,} cells; a sheet holds {MOST_COLUMNS:,}"
        )
    return [_cell(number, column, value) for column, value in enumerate(row, start=1)]


def _cell(number: int, column: int, value: Any) -> Cell:
    if value is None or isinstance(value, bool) or _is_exact_number(value) or _is_local(value):
        cell: Cell = value
        return cell
    text = as_text(value)
    if len(text) > LONGEST_TEXT:
        raise BadParameters(
            f"content: row {number}, column {column} has {len(text):,} characters; "
            f"a cell holds {LONGEST_TEXT:,}"
        )
    return text


def _is_exact_number(value: Any) -> bool:
    if isinstance(value, int):
        return len(str(abs(value))) <= DIGITS
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.as_tuple().digits) <= DIGITS
    return isinstance(value, float) and isfinite(value)


def _is_local(value: Any) -> bool:
    """Whether it is a date or time that a sheet can hold: since 1900, and of no zone."""
    if isinstance(value, date) and value.year < _EARLIEST:
        return False
    return isinstance(value, date | time) and getattr(value, "tzinfo", None) is None


def _write(page: "Worksheet", place: tuple[int, int], cell: Cell, style: "Format | None") -> None:
    if isinstance(cell, str):
        if cell:
            page.write_string(*place, cell, style)
    elif isinstance(cell, bool):
        page.write_boolean(*place, cell, style)
    elif isinstance(cell, date | time):
        page.write_datetime(*place, cell, style)
    elif cell is not None:
        page.write_number(*place, cell, style)
