"""``file_write``: a value as a file's content."""

import codecs
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from everyrun.nodes.base import BadParameters, NodeFailed, NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.files.places import (
    Format,
    delimiter_of,
    format_of,
    place_to_write,
    placed,
    problems_of_file,
)
from everyrun.nodes.files.replacing import append, ends_a_line, replacing
from everyrun.nodes.files.tables import as_text, kind_of, to_rows
from everyrun.nodes.written import written

_WHOLE = ("json", "excel", "bytes")
_WITHOUT_MARK = {"utf-8-sig": "utf-8"}
_BEGIN_WITH_A_MARK = ("utf-16", "utf-32")


class FileWrite(NodeType):
    """Write a file. Output is ``{path, bytes}``, and ``rows`` of a table.

    The file is written beside its place and moved there: whoever reads it finds the old one or the
    new one, never half of it. A table is a list of mappings or of lists. In spreadsheets text stays
    text, whatever it begins with; CSV has no such distinction (see ``escape_formulas``).
    """

    path: Annotated[
        str, Meta(description="The file; relative paths start at the workflow file's folder.")
    ]
    content: Annotated[Any, Meta(description="Text, a table, bytes, or any value for JSON.")]
    format: Annotated[
        Format, Meta(description="What to write; `auto` goes by the name's suffix.")
    ] = "auto"
    append: Annotated[
        bool, Meta(description="Whether to add to what is there: text and CSV only.")
    ] = False
    folders: Annotated[bool, Meta(description="Whether to make missing folders.")] = False
    encoding: Annotated[
        str,
        Meta(description="How text is encoded; Excel opens Korean CSV in `utf-8-sig`."),
    ] = "utf-8"
    header: Annotated[
        bool, Meta(description="Whether the first row of a table names its columns.")
    ] = True
    columns: Annotated[
        Annotated[list[str], Meta(min_length=1)] | None,
        Meta(description="The columns of a table, in order; all keys by default."),
    ] = None
    delimiter: Annotated[
        str | None,
        Meta(description="What stands between the cells of CSV: a comma, a tab in `.tsv`."),
    ] = None
    escape_formulas: Annotated[
        bool,
        Meta(description="Whether text in CSV that a spreadsheet would compute gets a `'` before."),
    ] = False
    sheet: Annotated[str, Meta(description="The name of a spreadsheet's sheet.")] = "Sheet1"

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Names and encodings that cannot be, and what cannot be added to."""
        problems = problems_of_file(parameters)
        if problems or written(parameters, "append", bool) is not True:
            return problems
        kind = written(parameters, "format", str)
        if kind in _WHOLE:
            problems.append(("append", f"parameter 'append': nothing can be added to {kind}"))
        encoding = written(parameters, "encoding", str)
        if encoding and codecs.lookup(encoding).name in _BEGIN_WITH_A_MARK:
            sentence = f"parameter 'encoding': say in which order, {encoding}-le or {encoding}-be"
            problems.append(("encoding", sentence))
        return problems

    def repeatable(self) -> bool:
        """Whether it may be run again: not where it adds to a file."""
        return not self.append

    def run(self, context: Context) -> dict[str, Any]:
        """Write it. Raises :class:`BadParameters` for content that the format cannot hold."""
        path = placed(context, self.path)
        kind = format_of(path, self.format)
        if kind == "excel" and path.suffix.lower() != ".xlsx":
            raise BadParameters(f"path: spreadsheets are written as .xlsx, not {path.suffix}")
        if self.append and kind in _WHOLE:
            raise BadParameters(f"append: nothing can be added to {kind}")
        rows: int | None = None
        if kind in ("csv", "excel"):
            names, table = to_rows(self.content, self.columns, header=self.header)
            rows = len(table)
        path = place_to_write("path", path, folders=self.folders)
        if kind == "excel":
            _write_sheet(path, names, table, self.sheet)
        elif kind == "bytes":
            _write_bytes(path, _bytes_of(self.content))
        else:
            text = self._csv(path, names, table) if kind == "csv" else _text_of(self.content, kind)
            self._write_text(path, text)
        output = {"path": str(path), "bytes": path.stat().st_size}
        return output if rows is None else {**output, "rows": rows}

    def _csv(self, path: Path, names: list[str] | None, rows: list[list[Any]]) -> str:
        from everyrun.nodes.files.csv_tables import fit_to_header, read_header, write_rows

        delimiter = delimiter_of(path, self.delimiter)
        if names is not None and self._adds_to(path):
            rows = fit_to_header(rows, names, read_header(path, self.encoding, delimiter))
        elif names is not None:
            rows = [names, *rows]
        text = write_rows(rows, delimiter, escape_formulas=self.escape_formulas)
        return text if not self._adds_to(path) or ends_a_line(path) else f"\n{text}"

    def _adds_to(self, path: Path) -> bool:
        return self.append and path.exists() and path.stat().st_size > 0

    def _write_text(self, path: Path, text: str) -> None:
        adds = self._adds_to(path)
        encoding = codecs.lookup(self.encoding).name
        try:
            encoded = text.encode(_WITHOUT_MARK.get(encoding, encoding) if adds else encoding)
        except UnicodeEncodeError as error:
            character = text[error.start]
            raise NodeFailed(f"encoding: {self.encoding} has no {character!r}") from None
        if self.append:
            append(path, encoded)
        else:
            _write_bytes(path, encoded)


def _write_sheet(path: Path, names: list[str] | None, rows: list[list[Any]], sheet: str) -> None:
    from everyrun.nodes.files.excel_tables import write_rows

    with replacing(path) as beside:
        write_rows(beside, names, rows, sheet)


def _write_bytes(path: Path, content: bytes) -> None:
    with replacing(path) as beside:
        beside.write_bytes(content)


def _text_of(content: Any, kind: Format) -> str:
    if kind == "json":
        try:
            return msgspec.json.format(msgspec.json.encode(content), indent=2).decode() + "\n"
        except (TypeError, ValueError) as error:  # ValueError: half a character
            raise BadParameters(f"content: it cannot be written as JSON: {error}") from None
    if isinstance(content, str):
        return content
    if isinstance(content, bool | int | float | Decimal):
        return as_text(content)
    raise BadParameters(f"content: text is wanted, not {kind_of(content)}; JSON takes any value")


def _bytes_of(content: Any) -> bytes:
    if isinstance(content, bytes | bytearray | memoryview):
        return bytes(content)
    raise BadParameters(f"content: bytes are wanted, not {kind_of(content)}")
