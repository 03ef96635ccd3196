"""Inputs of an execution from a command line: ``-i name=value`` and files of JSON."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.domain.graph import InputDefinition, InputType

STANDARD_INPUT = "-"
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def gathered_inputs(
    texts: Sequence[str], file: str | None, declared: Mapping[str, InputDefinition]
) -> dict[str, Any]:
    """The inputs of a file with those of the command line over them, each of its declared type.

    A text that cannot be read as its type stays a text: whoever checks the inputs says so, for all
    of them at once. Raises :class:`~everyrun.cli.errors.BadInput`.
    """
    values = {} if file is None else read_object(file)
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise BadInput(say("bad_assignment", text=text))
        name = name.strip()
        kind = declared[name].type if name in declared else InputType.ANY
        values[name] = read_value(value, kind)
    return values


def read_value(text: str, kind: InputType = InputType.ANY) -> Any:
    """A text as a value of a type; itself where it is none."""
    if kind is InputType.STRING:
        return text
    if kind is InputType.BOOLEAN:
        return _TRUTHS.get(text.strip().lower(), text)
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def read_object(file: str) -> dict[str, Any]:
    """The JSON object in a file, or on standard input (``-``).

    Raises :class:`~everyrun.cli.errors.BadInput`.
    """
    try:
        is_piped = file == STANDARD_INPUT
        content = sys.stdin.buffer.read() if is_piped else Path(file).read_bytes()
        return msgspec.json.decode(content, type=dict[str, Any])
    except OSError as error:
        raise BadInput(say("unreadable_file", file=file, reason=error.strerror)) from None
    except msgspec.DecodeError as error:
        raise BadInput(say("no_json_object", file=file, reason=error)) from None
