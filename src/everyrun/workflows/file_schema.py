"""The JSON Schema of what people write, so that editors complete and check it.

Parameters are the node types' own, each of which may be a template. It says no more about a graph
than a schema can; the rest is ``workflows.validating``'s.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from everyrun.domain.graph import QUEUE_PATTERN, InputType, Join, Overlap
from everyrun.domain.spans import SPAN_PATTERN
from everyrun.nodes.base import NodeType
from everyrun.nodes.parameters import schema_of

Schema = dict[str, Any]

_ANYTHING: Schema = {}
_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_KEY: Schema = {"pattern": r"^[^\s\d./-][^\s./]*$"}
_ABOUT = ("title", "description", "default")
"""What a schema says of a value without judging it."""
_TEXT_BOUNDS = frozenset({"enum", "const", "pattern", "format", "minLength", "maxLength", "$ref"})
_SPAN_TEXT = rf"^\s*(?:\d+(?:\.\d+)?|(?=.*\d){SPAN_PATTERN})\s*$"


def workflow_file_schema(types: Iterable[tuple[str, type[NodeType]]] | None = None) -> Schema:
    """The schema (2020-12) of a workflow file. ``types`` are the built-in ones by default."""
    known = list(_built_in() if types is None else types)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Made from the code by python -m scripts.write_reference",
        "title": "Everyrun workflow file",
        **_object(_WORKFLOW, required=("workflow", "nodes")),
        "$defs": {**_SHARED, "node": _node(known), **_parameters(known)},
    }


def workflow_file_schema_text() -> str:
    """The schema as it lies in the file."""
    encoded = msgspec.json.encode(workflow_file_schema())
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _built_in() -> Iterable[tuple[str, type[NodeType]]]:
    from everyrun.nodes import catalogue

    return [(name, catalogue.find(name)) for name in catalogue.BUILT_IN]


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(properties: dict[str, Schema], required: Iterable[str] = ()) -> Schema:
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    needed = list(required)
    return {**schema, "required": needed} if needed else schema


def _described(schema: Schema, description: str) -> Schema:
    return {"description": description, **schema}


def _or_one(schema: Schema) -> Schema:
    """A list of these, or one of them."""
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def _whole(least: int | None = None) -> Schema:
    return {"type": "integer"} if least is None else {"type": "integer", "minimum": least}


def _mapping(of: Schema, keys: Schema | None = None) -> Schema:
    schema = {"type": "object", "additionalProperties": of}
    return schema if keys is None else {**schema, "propertyNames": keys}


_RETRY = {
    "max_retries": _described(_whole(0), "Further attempts after the first."),
    "delay": _described(_ref("span"), "Before the first of them; 1s by default."),
    "backoff": _described(
        {"type": "number", "minimum": 1}, "What each delay is multiplied by; 2 by default."
    ),
    "maximum_delay": _described(_ref("span"), "At most so long; 5m by default."),
    "jitter": _described(
        {"type": "number", "minimum": 0, "maximum": 1},
        "The share of the delay that is drawn at random; 0.1 by default.",
    ),
    "on": _described(_or_one(_TEXT), "Only errors of these classes; all by default."),
}
_SHARED: dict[str, Schema] = {
    "template": {"type": "string", "pattern": r"\{\{|\{%"},
    "span": {
        "description": "Seconds, or a span such as 500ms, 30s, 5m, 1h30m or 7d.",
        "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": _SPAN_TEXT}],
    },
    "outcome": {
        "description": "success, failure, always, or a branch of a condition or switch.",
        "anyOf": [
            {"enum": ["success", "failure", "always", True, False]},
            {"type": ["string", "number"]},
        ],
    },
    "needs": {
        "anyOf": [
            _TEXT,
            _mapping(_or_one(_ref("outcome"))),
            {
                "type": "array",
                "items": {"anyOf": [_TEXT, _mapping(_or_one(_ref("outcome")))]},
            },
        ]
    },
    "nodes": {**_mapping(_ref("node"), _KEY), "minProperties": 1},
    "input_type": {"enum": [each.value for each in InputType]},
    "input": {
        "anyOf": [
            _ref("input_type"),
            {"type": "null"},
            _object(
                {
                    "type": _described(_ref("input_type"), "What it takes; any by default."),
                    "default": _described(
                        _ANYTHING, "Its value where none is given; without one it must be."
                    ),
                    "description": _described(_TEXT, "What it is for."),
                    "choices": _described({"type": "array"}, "The values that it may have."),
                }
            ),
        ]
    },
}
_NODE: dict[str, Schema] = {
    "type": _ANYTHING,
    "title": _described(_TEXT, "What it is called where it is drawn."),
    "description": _described(_TEXT, "What it is for."),
    "needs": _described(_ref("needs"), "The nodes that it waits for, and for which outcome."),
    "join": _described(
        {"enum": [each.value for each in Join]},
        "Whether all needs must be met, or any; all by default.",
    ),
    "with": _described({"type": "object"}, "The parameters of its type."),
    "retry": _described(
        {"anyOf": [_whole(0), _object(_RETRY)]}, "How often a failed attempt is repeated."
    ),
    "timeout": _described(_ref("span"), "How long an attempt may take."),
    "concurrency": _described(
        {"anyOf": [_TEXT, _object({"key": _TEXT, "limit": _whole(1)}, required=("key",))]},
        "At most so many nodes with this key run at once, across all executions; 1 by default.",
    ),
    "allow_failure": _described(_FLAG, "Whether its failure leaves the execution unharmed."),
    "in_process": _described(_FLAG, "Whether it runs in a process of its own."),
    "queue": _described(
        {"type": "string", "pattern": QUEUE_PATTERN},
        "The queue that it is sent to, where executions run on Celery workers.",
    ),
    "position": _described(
        _object({"x": {"type": "number"}, "y": {"type": "number"}}, required=("x", "y")),
        "Where it is drawn.",
    ),
    "do": _described(_ref("nodes"), "The body of a loop."),
}
_POLICY: dict[str, Schema] = {
    "timeout": _described(_ref("span"), "How long an execution may take."),
    "overlap": _described(
        {"enum": [each.value for each in Overlap]},
        "What happens when it is to start while it runs; allow by default.",
    ),
    "concurrency": _described(_whole(1), "How many nodes run at once in one execution."),
    "max_executions": _described(_whole(1), "How many executions run at once; others wait."),
    "priority": _described(_whole(), "What is higher is taken from the queue first."),
}
_WORKFLOW: dict[str, Schema] = {
    "workflow": _described({"type": "string", "minLength": 1}, "The workflow's name."),
    "description": _described(_TEXT, "What it is for."),
    "tags": _described(_or_one(_TEXT), "Words to find its executions by."),
    "inputs": _described(_mapping(_ref("input"), _KEY), "What it is given: names and types."),
    "variables": _described({"type": "object"}, "Values for templates: variables.NAME."),
    "policy": _described(_object(_POLICY), "How its executions go."),
    "nodes": _described(_ref("nodes"), "Its steps, by their keys."),
    "output": _described(_ANYTHING, "What an execution gives back; most often a template."),
    "directory": _described(_TEXT, "Where relative paths start; the file's folder by default."),
}


def _node(types: list[tuple[str, type[NodeType]]]) -> Schema:
    names = [name for name, _ in types]
    kind = {"anyOf": [{"enum": names}, _TEXT]}
    properties = _NODE | {"type": _described(kind, "What it does.")}
    return {
        **_object(properties, required=("type",)),
        "allOf": [_of_type(name, kind) for name, kind in types],
    }


def _of_type(name: str, kind: type[NodeType]) -> Schema:
    then: Schema = {"properties": {"with": _ref(f"with.{name}")}}
    required = ["with"] if schema_of(kind).get("required") else []
    if kind.has_body:
        required.append("do")
    else:
        then["properties"]["do"] = False
    if required:
        then["required"] = required
    return {"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": then}


def _parameters(types: list[tuple[str, type[NodeType]]]) -> dict[str, Schema]:
    """The parameters' schemas, with definitions of their own beside them under longer names."""
    found: dict[str, Schema] = {}
    for name, kind in types:
        schema = dict(schema_of(kind))
        definitions = schema.pop("$defs", {})
        for inner, definition in {"": schema, **definitions}.items():
            place = f"with.{name}.{inner}" if inner else f"with.{name}"
            found[place] = _with_templates_inside(definition, f"#/$defs/with.{name}.")
    return found


def _or_template(schema: Schema, prefix: str) -> Schema:
    """A schema that takes a template too, in its place and inside."""
    if schema.get("format") == "span":
        about = {name: schema[name] for name in _ABOUT if name in schema}
        return {**about, "anyOf": [_ref("span"), _ref("template")]}
    inner = _with_templates_inside(schema, prefix)
    if _takes_any_text(schema):
        return inner
    if "anyOf" in inner:
        return {**inner, "anyOf": [*inner["anyOf"], _ref("template")]}
    about = {name: inner.pop(name) for name in _ABOUT if name in inner}
    return {**about, "anyOf": [inner, _ref("template")]}


def _with_templates_inside(schema: Schema, prefix: str) -> Schema:
    inner = _renamed(schema, prefix)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            inner[name] = _or_template(schema[name], prefix)
    if "properties" in schema:
        properties = schema["properties"].items()
        inner["properties"] = {name: _or_template(each, prefix) for name, each in properties}
    if "anyOf" in schema:
        inner["anyOf"] = [_with_templates_inside(each, prefix) for each in schema["anyOf"]]
    return inner


def _takes_any_text(schema: Schema) -> bool:
    if "anyOf" in schema:
        return any(_takes_any_text(each) for each in schema["anyOf"])
    if _TEXT_BOUNDS & schema.keys():
        return False
    kinds = schema.get("type")
    return kinds is None or "string" in ([kinds] if isinstance(kinds, str) else kinds)


def _renamed(schema: Schema, prefix: str) -> Schema:
    """References into a type's own definitions, led to where those stand here."""
    renamed = dict(schema)
    if "$ref" in renamed:
        renamed["$ref"] = prefix + renamed["$ref"].removeprefix("#/$defs/")
    return renamed
