"""Many inputs from one file: a JSON array of objects, an object a line, or CSV."""

import csv
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from everyrun.cli.errors import BadInput
from everyrun.cli.input_values import STANDARD_INPUT, read_value
from everyrun.cli.messages import say
from everyrun.domain.graph import InputDefinition, InputType

Rows = list[dict[str, Any]]


def read_inputs(file: str, declared: Mapping[str, InputDefinition]) -> Rows:
    """The inputs in a file or on standard input (``-``), one mapping an execution.

    A name that ends in ``.csv`` is CSV with a heading line, whose texts become values of the
    declared types; else what the content looks like decides. Raises ``BadInput``.
    """
    try:
        is_piped = file == STANDARD_INPUT
        content = sys.stdin.buffer.read() if is_piped else Path(file).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise BadInput(say("unreadable_file", file=file, reason=error.strerror)) from None
    except UnicodeDecodeError as error:
        raise BadInput(say("no_input_list", file=file, reason=error)) from None
    start = text.lstrip()[:1]
    try:
        if start == "[" and not file.lower().endswith(".csv"):
            return msgspec.json.decode(text, type=Rows)
        if start == "{" and not file.lower().endswith(".csv"):
            return msgspec.json.Decoder(dict[str, Any]).decode_lines(text)
    except msgspec.DecodeError as error:
        raise BadInput(say("no_input_list", file=file, reason=error)) from None
    return _read_csv(file, text, declared)


def _read_csv(file: str, text: str, declared: Mapping[str, InputDefinition]) -> Rows:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    found: Rows = []
    try:
        for row in reader:
            if None in row or None in row.values():
                raise BadInput(
                    say("no_input_list", file=file, reason=f"line {reader.line_num}: wrong width")
                )
            found.append(
                {name: _value(name, value, declared) for name, value in row.items() if value != ""}
            )
    except csv.Error as error:
        reason = f"line {reader.line_num}: {error}"
        raise BadInput(say("no_input_list", file=file, reason=reason)) from None
    return found


def _value(name: str, text: str, declared: Mapping[str, InputDefinition]) -> Any:
    kind = declared[name].type if name in declared else InputType.STRING
    return read_value(text, kind)
