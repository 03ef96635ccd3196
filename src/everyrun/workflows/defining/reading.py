"""From a file, a text or a value to the definition in it."""

import codecs
import os
from contextlib import suppress
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from everyrun.domain.graph import WorkflowDefinition
from everyrun.workflows.defining.places import Places
from everyrun.workflows.defining.plain import note_what_is_not_plain
from everyrun.workflows.defining.shaping import shape
from everyrun.workflows.problems import Code, EnoughFound, Findings, Located, Problem

LARGEST_TEXT = 32 << 20
"""Bytes of a definition's text."""


class Read(NamedTuple):
    """What was read.

    ``definition`` is None where there are problems; ``draft`` is what could be read in spite of
    them, so that its graph can be judged as well; None where that was nothing.
    """

    definition: WorkflowDefinition | None
    problems: list[Problem]
    places: Places | None = None
    draft: WorkflowDefinition | None = None


def read_file(path: str | os.PathLike[str]) -> Read:
    """Read a YAML file, or a JSON one by its suffix ``.json``.

    Relative paths in the definition start at the file's own folder. Never raises: a file that
    cannot be read is a problem too.
    """
    name = os.fspath(path)
    try:
        with open(name, "rb") as file:  # noqa: PTH123 - the name as it was given
            content = file.read(LARGEST_TEXT + 1)
    except OSError as error:
        return _unreadable(name, f"cannot be read: {error.strerror or error}")
    return read_content(
        content,
        name,
        is_json=_is_json(name),
        directory=str(FilePath(name).absolute().parent),
    )


def read_content(
    content: bytes,
    name: str | None = None,
    *,
    is_json: bool,
    directory: str | None = None,
    largest: int = LARGEST_TEXT,
) -> Read:
    """Read the bytes of a text: UTF-8, or UTF-16 by its mark; ``largest`` of them at most."""
    if len(content) > largest:
        return _unreadable(name, f"has more than {largest >> 20} MiB", Code.TOO_LARGE)
    try:
        text = _decoded(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _unreadable(name, f"is not UTF-8 in line {line}", Code.NOT_UNICODE, line)
    return _read(text, name, is_json, directory)


def read_text(text: str, name: str | None = None, *, directory: str | None = None) -> Read:
    """Read YAML, or JSON where ``name`` ends in ``.json``. ``name`` stands in the problems.

    ``directory`` is where relative paths in the definition start.
    """
    return _read(text, name, _is_json(name), directory)


def _is_json(name: str | None) -> bool:
    return name is not None and name.lower().endswith(".json")


def _read(text: str, name: str | None, is_json: bool, directory: str | None) -> Read:
    findings = Findings()
    if is_json:
        from everyrun.workflows.defining.reading_json import read_json as read_places
    else:
        from everyrun.workflows.defining.reading_yaml import read_yaml as read_places
    places = draft = None
    with suppress(EnoughFound):
        places = read_places(text, name, findings)
        if places is not None:
            draft = shape(places.written.value, findings, directory)
    problems = findings.placed(places, name)
    return Read(None if problems else draft, problems, places, draft)


def read_value(
    written: Any,
    name: str | None = None,
    *,
    directory: str | None = None,
    places: Located | None = None,
) -> Read:
    """Read a plain value that has the form of such a file; ``places`` say where it comes from."""
    findings = Findings()
    draft = None
    with suppress(EnoughFound):
        note_what_is_not_plain(written, findings)
        if not findings.found:
            draft = shape(written, findings, directory)
    problems = findings.placed(places, name)
    return Read(None if problems else draft, problems, None, draft)


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")


def _unreadable(
    name: str | None, what: str, code: Code = Code.UNREADABLE, line: int | None = None
) -> Read:
    problem = Problem(code=code, message=f"{name or 'this'} {what}", file=name, line=line)
    return Read(None, [problem])
