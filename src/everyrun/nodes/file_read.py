"""``file_read``: a file's content as a value."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from everyrun.nodes.base import NodeFailed, NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.files.places import (
    Format,
    delimiter_of,
    existing_file,
    format_of,
    placed,
    problems_of_file,
    unmarked,
)


class FileRead(NodeType):
    """Read a file. Output is its content.

    Text is a string, JSON its value, bytes are bytes; a table (CSV, Excel) is a list of mappings
    by the names in its first row, or a list of lists without ``header``. All that stands in CSV is
    text.
    """

    safe_to_repeat: ClassVar[bool] = True

    path: Annotated[
        str, Meta(description="The file; relative paths start at the workflow file's folder.")
    ]
    format: Annotated[
        Format, Meta(description="What is in it; `auto` goes by the name's suffix.")
    ] = "auto"
    encoding: Annotated[
        str, Meta(description="How text is encoded: `utf-8`, `cp949`, `utf-16` …")
    ] = "utf-8"
    header: Annotated[
        bool, Meta(description="Whether the first row of a table names its columns.")
    ] = True
    delimiter: Annotated[
        str | None,
        Meta(description="What stands between the cells of CSV: a comma, a tab in `.tsv`."),
    ] = None
    sheet: Annotated[
        str | int, Meta(description="The sheet of a spreadsheet: its name, or number from 1.")
    ] = 1
    max_bytes: Annotated[
        int, Meta(description="The size of the largest file that is read.", ge=1)
    ] = 64 << 20

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Names and encodings that cannot be."""
        return problems_of_file(parameters)

    def run(self, context: Context) -> Any:
        """Read it. Raises :class:`NodeFailed` where it is not what it was said to be."""
        path = existing_file("path", placed(context, self.path))
        kind = format_of(path, self.format)
        if kind == "excel":
            self._check_size(path.stat().st_size, path)
            return self._records(self._sheet(path), path)
        with path.open("rb") as file:
            content = file.read(self.max_bytes + 1)  # its size may say nothing, as in /proc
        self._check_size(len(content), path)
        if kind == "bytes":
            return content
        text = self._decoded(content, path)
        if kind == "json":
            return _parsed(text, path)
        return text if kind == "text" else self._records(self._lines(text, path), path)

    def _check_size(self, size: int, path: Path) -> None:
        if size > self.max_bytes:
            raise NodeFailed(
                f"max_bytes: {path} has {max(size, path.stat().st_size):,} bytes, more than the "
                f"{self.max_bytes:,} that are read"
            )

    def _decoded(self, content: bytes, path: Path) -> str:
        try:
            return content.decode(unmarked(self.encoding))
        except UnicodeDecodeError as error:
            raise NodeFailed(
                f"encoding: {path} is not {self.encoding}: byte {error.start:,} is "
                f"0x{content[error.start]:02x}; old Korean files are often cp949"
            ) from None

    def _sheet(self, path: Path) -> list[list[Any]]:
        from everyrun.nodes.files.excel_tables import read_rows

        rows = read_rows(path, self.sheet)
        if self.header and rows:
            names = enumerate(rows[0], start=1)
            rows[0] = [f"column {number}" if name is None else name for number, name in names]
        return rows

    def _lines(self, text: str, path: Path) -> list[list[Any]]:
        from everyrun.nodes.files.csv_tables import read_rows

        return read_rows(text, delimiter_of(path, self.delimiter), str(path))

    def _records(self, rows: list[list[Any]], path: Path) -> Any:
        from everyrun.nodes.files.tables import to_records

        return to_records(rows, str(path)) if self.header else rows


def _parsed(text: str, path: Path) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise NodeFailed(f"format: {path} is no JSON: {error}") from None
