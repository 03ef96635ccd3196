"""The wire format's JSON Schema, made of the event types themselves."""

from inspect import cleandoc
from typing import Any

import msgspec

from everyrun.domain.events import WIRE_VERSION, Batch


def wire_schema() -> dict[str, Any]:
    """The schema (2020-12) of a batch: the body of ``POST /api/events``."""
    schema = msgspec.json.schema(Batch)
    schema["$defs"]["Batch"]["properties"]["version"] = {"const": WIRE_VERSION}
    for definition in schema["$defs"].values():
        if "description" in definition:  # Python 3.13 unindents docstrings, older ones do not
            definition["description"] = cleandoc(definition["description"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Made from the code by python -m scripts.write_reference",
        "title": f"Everyrun wire format, version {WIRE_VERSION}",
        **schema,
    }


def wire_schema_text() -> str:
    """The schema as it lies in the file."""
    return msgspec.json.format(msgspec.json.encode(wire_schema()), indent=2).decode() + "\n"
