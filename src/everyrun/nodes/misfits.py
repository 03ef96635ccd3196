"""Why a value is none of a parameter's type, in words for people who never saw the type."""

import re
from typing import Any

import msgspec

_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
    "bytes": "bytes in base64",
}
_MESSAGE = re.compile(
    r"Expected `(?P<wanted>[^`]+)`(?P<bound>[^,]*?)(?:, got `(?P<got>[^`]+)`)?", re.DOTALL
)


def misfit(name: str, annotation: Any, value: Any) -> str | None:
    """A sentence about the parameter ``name`` where ``value`` is none of its type, else None."""
    try:
        msgspec.convert(value, annotation)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        subject = f"parameter {name!r}"
        if path:
            subject += f", in {path.removesuffix('`').removeprefix('.')},"
        elif what.endswith("got `object`") and not isinstance(value, dict):
            what = what.replace("got `object`", f"got `{type(value).__name__}`")
        return f"{subject} {_worded(what, annotation)}"
    return None


def type_in_words(annotation: Any) -> str:
    """What a parameter takes, where one sentence can say it: ``text``, ``a list or null``."""
    schema = msgspec.json.schema(annotation)
    kinds = [part.get("type") for part in schema.get("anyOf", [schema])]
    words = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
    named = [_WORDS.get(words.get(str(kind), str(kind))) for kind in kinds]
    return " or ".join(word for word in named if word) if all(named) else ""


def _worded(message: str, annotation: Any) -> str:
    if message.startswith("Invalid enum value"):
        value = message.removeprefix("Invalid enum value ")
        return f"cannot be {value}{_choices(annotation)}"
    matched = _MESSAGE.fullmatch(message)
    if matched is None:
        return message[:1].lower() + message[1:]
    got = matched["got"]
    return f"must be {_kinds(matched['wanted'])}{matched['bound']}" + (
        f", not {_WORDS.get(got, got)}" if got else ""
    )


def _kinds(wanted: str) -> str:
    return " or ".join(_WORDS.get(kind, kind) for kind in wanted.split(" | "))


def _choices(annotation: Any) -> str:
    schema = msgspec.json.schema(annotation)
    for part in [schema, *schema.get("anyOf", []), *schema.get("$defs", {}).values()]:
        if "enum" in part:
            return f"; there are: {', '.join(str(choice) for choice in part['enum'])}"
    return ""
