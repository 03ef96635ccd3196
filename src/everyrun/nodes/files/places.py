"""Where a file lies, and what its name says that it holds."""

import codecs
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from everyrun.nodes.base import BadParameters, NodeFailed
from everyrun.nodes.context import Context
from everyrun.nodes.written import written

Format = Literal["auto", "text", "json", "csv", "excel", "bytes"]

_FORMATS: dict[str, Format] = {
    ".txt": "text", ".text": "text", ".md": "text", ".log": "text", ".html": "text",
    ".xml": "text", ".yaml": "text", ".yml": "text", ".toml": "text", ".ini": "text",
    ".sql": "text", ".py": "text", ".sh": "text", ".jsonl": "text",
    ".json": "json", ".geojson": "json",
    ".csv": "csv", ".tsv": "csv",
    ".xlsx": "excel", ".xlsm": "excel", ".xls": "excel", ".xlsb": "excel", ".ods": "excel",
}  # fmt: skip


def placed(context: Context, path: str) -> Path:
    """The file that ``path`` names; relative ones start at the workflow's folder."""
    return context.directory / Path(path).expanduser()


def format_of(path: Path, told: Format) -> Format:
    """``told``, or what the file's suffix says; raises :class:`BadParameters` if nothing."""
    if told != "auto":
        return told
    known = _FORMATS.get(path.suffix.lower())
    if known is None:
        raise BadParameters(
            f"format: the name {path.name} does not say what is in the file; "
            "write text, json, csv, excel or bytes"
        )
    return known


def delimiter_of(path: Path, told: str | None) -> str:
    """What stands between the cells of a line: ``told``, or a tab in ``.tsv`` and a comma else."""
    return told or ("\t" if path.suffix.lower() == ".tsv" else ",")


def existing_file(parameter: str, path: Path) -> Path:
    """``path``, which is a file that can be read to its end. Raises :class:`NodeFailed`."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise NodeFailed(f"{parameter}: there is no file {path}") from None
    if stat.S_ISDIR(mode):
        raise NodeFailed(f"{parameter}: {path} is a folder")
    if not stat.S_ISREG(mode):
        raise NodeFailed(f"{parameter}: {path} is a device or a pipe, not a file")
    return path


def place_to_write(parameter: str, path: Path, *, folders: bool) -> Path:
    """Where to write: ``path``, behind its links, in a folder that is there.

    Makes missing folders where ``folders`` says so. Raises :class:`NodeFailed`.
    """
    path = path.resolve()
    if path.exists():
        return existing_file(parameter, path)
    if not path.parent.is_dir():
        if not folders:
            raise NodeFailed(
                f"{parameter}: there is no folder {path.parent}; folders: true makes it"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
    return path


def unmarked(encoding: str) -> str:
    """The encoding to read with: that of UTF-8 passes over the mark that Windows begins with."""
    return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding


def problems_of_file(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with ``path``, ``encoding`` and ``delimiter``, as they were written."""
    problems = []
    path = written(parameters, "path", str)
    if path == "":
        problems.append(("path", "parameter 'path' is empty"))
    if path is not None and "\0" in path:
        problems.append(("path", "parameter 'path': there is a NUL in it"))
    encoding = written(parameters, "encoding", str)
    if encoding is not None and not _is_of_text(encoding):
        sentence = f"parameter 'encoding': there is no encoding of text named {encoding!r}"
        problems.append(("encoding", sentence))
    delimiter = written(parameters, "delimiter", str)
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n\0'):
        sentence = "parameter 'delimiter' must be one character, and no quote or line end"
        problems.append(("delimiter", sentence))
    return problems


def _is_of_text(encoding: str) -> bool:
    try:
        codec = codecs.lookup(encoding)
    except (LookupError, ValueError):
        return False
    return bool(codec._is_text_encoding)  # noqa: SLF001 - bytes.decode() asks the same
