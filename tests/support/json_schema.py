"""As much of JSON Schema (2020-12) as our own schemas use; any other keyword is an error."""

import re
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
_SAYS_NOTHING = {"$schema", "$comment", "$defs", "title", "description", "default", "format"}


def accepts(schema: dict[str, Any], value: Any) -> bool:
    """Whether a value is what the schema describes."""
    return _Judge(schema).fits(schema, value)


class _Judge:
    def __init__(self, root: dict[str, Any]) -> None:
        self._definitions = root.get("$defs", {})

    def fits(self, schema: Any, value: Any) -> bool:
        if isinstance(schema, bool):
            return schema
        return all(
            self._keyword(name, wanted, schema, value)
            for name, wanted in schema.items()
            if name not in _SAYS_NOTHING
        )

    def _keyword(self, name: str, wanted: Any, schema: dict[str, Any], value: Any) -> bool:
        match name:
            case "$ref":
                return self.fits(self._definitions[wanted.removeprefix("#/$defs/")], value)
            case "anyOf":
                return any(self.fits(each, value) for each in wanted)
            case "allOf":
                return all(self.fits(each, value) for each in wanted)
            case "if":
                return not self.fits(wanted, value) or self.fits(schema["then"], value)
            case "then":
                return True
            case "type":
                names = [wanted] if isinstance(wanted, str) else wanted
                return any(_is(value, each) for each in names)
            case "enum":
                return any(_equal(each, value) for each in wanted)
            case "const":
                return _equal(wanted, value)
        if isinstance(value, dict):
            return self._of_mapping(name, wanted, schema, value)
        if isinstance(value, list):
            return self._of_list(name, wanted, value)
        return _of_scalar(name, wanted, value)

    def _of_mapping(self, name: str, wanted: Any, schema: Any, value: dict[str, Any]) -> bool:
        match name:
            case "properties":
                return all(self.fits(wanted[key], value[key]) for key in value if key in wanted)
            case "additionalProperties":
                further = [key for key in value if key not in schema.get("properties", {})]
                return all(self.fits(wanted, value[key]) for key in further)
            case "propertyNames":
                return all(self.fits(wanted, key) for key in value)
            case "required":
                return set(wanted) <= value.keys()
            case "minProperties":
                return len(value) >= int(wanted)
        return _is_for_others(name)

    def _of_list(self, name: str, wanted: Any, value: list[Any]) -> bool:
        match name:
            case "items":
                return all(self.fits(wanted, each) for each in value)
            case "minItems":
                return len(value) >= int(wanted)
            case "maxItems":
                return len(value) <= int(wanted)
        return _is_for_others(name)


def _of_scalar(name: str, wanted: Any, value: Any) -> bool:
    if isinstance(value, str):
        match name:
            case "pattern":
                return re.search(wanted, value) is not None
            case "minLength":
                return len(value) >= int(wanted)
            case "maxLength":
                return len(value) <= int(wanted)
    if isinstance(value, int | float) and not isinstance(value, bool):
        match name:
            case "minimum":
                return bool(value >= wanted)
            case "maximum":
                return bool(value <= wanted)
            case "exclusiveMinimum":
                return bool(value > wanted)
            case "exclusiveMaximum":
                return bool(value < wanted)
    return _is_for_others(name)


_OF_MAPPINGS = {"properties", "additionalProperties", "propertyNames", "required", "minProperties"}
_OF_LISTS = {"items", "minItems", "maxItems"}
_OF_TEXT = {"pattern", "minLength", "maxLength"}
_OF_NUMBERS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}


def _is_for_others(name: str) -> bool:
    """A keyword that says nothing about a value of this type."""
    assert name in _OF_MAPPINGS | _OF_LISTS | _OF_TEXT | _OF_NUMBERS, (
        f"this validator does not know {name}"
    )
    return True


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, _TYPES[name]) or (
        name == "integer" and isinstance(value, float) and value.is_integer()
    )


def _equal(wanted: Any, value: Any) -> bool:
    return bool(wanted == value) and isinstance(wanted, bool) is isinstance(value, bool)
