"""docs/reference/nodes.md, from the node types themselves."""

import json
from collections.abc import Mapping
from inspect import cleandoc
from textwrap import fill
from typing import Any

from everyrun.domain.spans import format_span
from everyrun.nodes import catalogue
from everyrun.nodes.base import NodeType
from scripts.node_examples import EXAMPLES

_OPENING = """
# Node types

Made from `everyrun.nodes` by `python -m scripts.write_reference`; a test keeps it up to date.

`type:` names a node's type, `with:` gives its parameters: values, or [templates](templates.md).
Values must have the type that is asked for (`"3"` is no number); only a span of time may be seconds
or text such as `500ms`, `30s`, `5m`, `1h30m`, `7d`. What cannot work is told by
`everyrun workflow validate`, with every other problem and its place, before anything runs.

A package can [add node types](../howto/write-a-node-type.md).
"""

_MOST_OR = 2
"""What can be more than three kinds of things is shown without them."""

_SCHEMA_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "mapping",
    "null": "null",
}


def nodes() -> str:
    """docs/reference/nodes.md"""
    kinds = {name: catalogue.find(name) for name in catalogue.BUILT_IN}
    rows = [
        f"| [`{name}`](#{name}) | {_marked(catalogue.summary_of(kind))} |"
        for name, kind in kinds.items()
    ]
    sections = [_section(name, kind) for name, kind in kinds.items()]
    table = "\n".join(["| type | |", "|---|---|", *rows])
    return "\n\n".join([_OPENING.strip(), table, *sections]) + "\n"


def _section(name: str, kind: type[NodeType]) -> str:
    parts = [f"## `{name}`", _marked(cleandoc(kind.__doc__ or ""))]
    facts = _facts(kind)
    if facts:
        parts.append(fill(" ".join(facts), 100))
    parts.append("```yaml\n" + cleandoc(EXAMPLES[name]) + "\n```")
    parts.append(_table(kind))
    return "\n\n".join(parts)


def _facts(kind: type[NodeType]) -> list[str]:
    facts = []
    if kind.has_body:
        facts.append("`do:` holds the nodes of its body.")
    if kind.repeatable is not NodeType.repeatable:
        facts.append(
            "Failed attempts are repeated three times where its parameters make that harmless, "
            "unless `retry` says otherwise."
        )
    elif kind.safe_to_repeat and not kind.quick:
        facts.append("Failed attempts are repeated three times unless `retry` says otherwise.")
    return facts


def _table(kind: type[NodeType]) -> str:
    schema = catalogue.schema_of(kind)
    required = schema.get("required", [])
    rows = []
    for name, part in schema["properties"].items():
        default = "required" if name in required else _default(part)
        takes = _escaped(_words(part, schema.get("$defs", {})))
        said = _escaped(_marked(part.get("description", "")))
        rows.append(f"| `{name}` | {takes} | {default} | {said} |")
    return "\n".join(["| parameter | takes | default | |", "|---|---|---|---|", *rows])


def _words(part: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """What a part of a schema takes, in a few words."""
    if "$ref" in part:
        return _words(definitions[part["$ref"].removeprefix("#/$defs/")], definitions)
    if "anyOf" in part:
        kinds = dict.fromkeys(_words(each, definitions) for each in part["anyOf"])
        if "number" in kinds:
            kinds.pop("whole number", None)
        if part.get("default", ...) is None:
            kinds.pop("null", None)  # what is left out
        return " or ".join(kinds)
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if part.get("format") == "span":
        return "span"
    kind = part.get("type")
    word = _SCHEMA_WORDS.get(str(kind), "anything")
    if kind == "array" and (inner := _inner(part.get("items"), definitions)):
        return f"list of {inner}"
    if kind == "object" and (inner := _inner(part.get("additionalProperties"), definitions)):
        return f"mapping of {inner}"
    return word + _bounds(part)


def _inner(part: Any, definitions: Mapping[str, Any]) -> str:
    if not isinstance(part, dict) or not part:
        return ""
    words = _words(part, definitions)
    if words.count(" or ") > _MOST_OR:
        return ""
    return f"({words})" if " or " in words else words


def _bounds(part: Mapping[str, Any]) -> str:
    least, most = part.get("minimum"), part.get("maximum")
    if least is not None and most is not None:
        return f" from {least} to {most}"
    if least is not None:
        return f" from {least}"
    return "" if most is None else f" up to {most}"


def _default(part: Mapping[str, Any]) -> str:
    if "default" not in part or part["default"] is None:
        return ""
    default = part["default"]
    if part.get("format") == "span":
        return f"`{format_span(default)}`"
    return (
        f"`{default if isinstance(default, str) else json.dumps(default)}`" if default != "" else ""
    )


def _marked(text: str) -> str:
    return text.replace("``", "`")


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
