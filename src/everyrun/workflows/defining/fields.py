"""Reading single fields of a definition as people write them, with what is wrong said plainly."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from math import isfinite
from typing import Any

from everyrun.domain.spans import parse_span
from everyrun.domain.suggesting import enumerated, hint
from everyrun.workflows.problems import Code, Findings, Path

NOTHING: Any = object()
"""Answered for what could not be read; its problem is noted."""

Reader = Callable[[Any, Path, Findings], Any]
"""A value, its path and where to note problems -> what it means, or :data:`NOTHING`."""


def refuse(findings: Findings, path: Path, wanted: str, value: Any) -> Any:
    """Note that a value has the wrong type."""
    message = f"{path[-1]} must be {wanted}, not {kind_of(value)}"
    findings.add(Code.WRONG_TYPE, message, path)
    return NOTHING


def kind_of(value: Any) -> str:
    """What a value is, in people's words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value!r}" if len(value) <= 40 else "a text"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return f"a {type(value).__name__}"


def text(value: Any, path: Path, findings: Findings) -> Any:
    """A text."""
    if isinstance(value, str):
        return value
    wanted = "text (put it in quotes)" if isinstance(value, bool | int | float) else "text"
    return refuse(findings, path, wanted, value)


def flag(value: Any, path: Path, findings: Findings) -> Any:
    """true or false."""
    return value if isinstance(value, bool) else refuse(findings, path, "true or false", value)


def whole_number(value: Any, path: Path, findings: Findings) -> Any:
    """An integer."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return refuse(findings, path, "a whole number", value)


def number(value: Any, path: Path, findings: Findings) -> Any:
    """A number, as a float."""
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return float(value)
    return refuse(findings, path, "a number", value)


def span(value: Any, path: Path, findings: Findings) -> Any:
    """Seconds, or a span such as ``2h``."""
    try:
        return parse_span(value)
    except ValueError:
        return refuse(findings, path, "seconds or a span such as 30s, 5m or 1h30m", value)


def anything(value: Any, path: Path, findings: Findings) -> Any:
    """Any value, as it is."""
    return value


def texts(value: Any, path: Path, findings: Findings) -> Any:
    """A list of texts, or one text."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        return refuse(findings, path, "a list of texts", value)
    read = [text(item, (*path, index), findings) for index, item in enumerate(value)]
    return [item for item in read if item is not NOTHING]


def values(value: Any, path: Path, findings: Findings) -> Any:
    """A list."""
    return value if isinstance(value, list) else refuse(findings, path, "a list", value)


def mapping(value: Any, path: Path, findings: Findings) -> Any:
    """A mapping."""
    return value if isinstance(value, dict) else refuse(findings, path, "a mapping", value)


def one_of(choices: type[StrEnum]) -> Reader:
    """A reader of one of an enumeration's words."""
    words = [str(choice) for choice in choices]

    def read(value: Any, path: Path, findings: Findings) -> Any:
        if isinstance(value, str) and value in words:
            return choices(value)
        suggestion = findings.closest(value, words) if isinstance(value, str) else None
        message = f"{path[-1]} must be one of {enumerated(words)}, not {kind_of(value)}"
        code = Code.WRONG_VALUE if isinstance(value, str) else Code.WRONG_TYPE
        findings.add(code, message + hint(suggestion), path, suggestion=suggestion)
        return NOTHING

    return read


def fields(
    value: dict[str, Any],
    path: Path,
    findings: Findings,
    readers: Mapping[str, tuple[str, Reader]],
) -> dict[str, Any]:
    """The fields of a mapping, read; unknown ones are noted, empty ones left out.

    ``readers`` tells for each written name the field's own name and its reader.
    """
    read = {}
    for name, inner in value.items():
        known = readers.get(name)
        if known is None:
            suggestion = findings.closest(name, readers)
            where = "a workflow" if not path else str(path[-1])
            message = f"{where} has no field {name}{hint(suggestion)}"
            if suggestion is None:
                message += f"; there are {enumerated(readers, 20)}"
            findings.add(
                Code.UNKNOWN_FIELD, message, (*path, name), at_key=True, suggestion=suggestion
            )
        elif inner is not None or known[1] is anything:
            result = known[1](inner, (*path, name), findings)
            if result is not NOTHING:
                read[known[0]] = result
    return read
