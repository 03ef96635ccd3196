"""Tables in CSV (RFC 4180): every value is text."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from everyrun.nodes.base import BadParameters, NodeFailed
from everyrun.nodes.files.places import unmarked
from everyrun.nodes.files.tables import Row, as_text

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def read_rows(text: str, delimiter: str, place: str) -> list[Row]:
    """The rows of a CSV text; empty lines are none. Raises :class:`NodeFailed` with the line."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # of this process, 128 KiB before
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [row for row in reader if row]
    except csv.Error as error:
        raise NodeFailed(f"format: line {reader.line_num} of {place}: {error}") from None


def read_header(path: Path, encoding: str, delimiter: str) -> list[str]:
    """The names in the first row of a CSV file."""
    with path.open(encoding=unmarked(encoding), newline="") as file:
        return next(csv.reader(file, delimiter=delimiter), [])


def fit_to_header(rows: list[Row], names: list[str], header: list[str]) -> list[Row]:
    """Rows with cells as ``names`` has them -> as ``header`` has them.

    Raises :class:`BadParameters` for a name that it lacks.
    """
    if names == header:
        return rows
    for name in names:
        if name not in header:
            raise BadParameters(f"columns: the file has no column {name!r} to add to")
    places = [names.index(name) if name in names else None for name in header]
    return [
        [row[place] if place is not None and place < len(row) else None for place in places]
        for row in rows
    ]


def write_rows(rows: Iterable[Row], delimiter: str, *, escape_formulas: bool) -> str:
    """Rows -> CSV text. ``escape_formulas`` puts ``'`` before what a spreadsheet would compute."""
    special = re.compile(f'[{re.escape(delimiter)}"\r\n]')

    def written(value: Any) -> str:
        text = as_text(value)
        if escape_formulas and isinstance(value, str) and text.startswith(_FORMULA_STARTS):
            text = f"'{text}"
        if special.search(text):  # csv.writer leaves a carriage return alone as it is
            return '"' + text.replace('"', '""') + '"'
        return text

    # A line with nothing on it would be no row.
    return "".join((delimiter.join(map(written, row)) or '""') + "\n" for row in rows)
