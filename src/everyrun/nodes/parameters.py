"""A node type's parameters: their schema, and what a definition gives brought into them."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from inspect import cleandoc
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from everyrun.domain.spans import parse_span
from everyrun.domain.suggesting import which_there_are
from everyrun.nodes.base import BadParameters, NodeType
from everyrun.nodes.misfits import misfit, type_in_words

Problem = tuple[str, str]
"""A parameter, and a sentence that says what is wrong with it."""


def schema_of(kind: type[NodeType]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a node type's parameters, each with its description.

    Where ``format`` is ``span``, seconds or a text such as ``1h30m`` will do.
    """
    (reference,), definitions = msgspec.json.schema_components(
        [kind], ref_template="#/$defs/{name}"
    )
    schema: dict[str, Any] = definitions.pop(reference["$ref"].removeprefix("#/$defs/"))
    schema["description"] = cleandoc(kind.__doc__ or "")
    if definitions:
        schema["$defs"] = definitions
    for each in msgspec.structs.fields(kind):
        if each.default_factory not in (msgspec.NODEFAULT, list, dict):
            part = schema["properties"][each.encode_name]
            part["default"] = msgspec.to_builtins(each.default_factory(), str_keys=True)
    for part in _parts_of(schema):
        if part.get("format") == "span":
            part["type"] = ["number", "string"]
        if isinstance(part.get("description"), str):
            part["description"] = cleandoc(part["description"])
    return schema


def build(kind: type[NodeType], parameters: Mapping[str, Any], place: str = "") -> NodeType:
    """A node type with these parameters, rendered already.

    Nothing is converted but spans: "3" is no number. Raises :class:`BadParameters`, which names
    every parameter that cannot work, after ``place`` where given (``node fetch``).
    """
    try:
        made = _converted(kind, parameters)
    except ValueError as error:
        problems = problems_in(kind, parameters) or [("", str(error))]
        raise _bad(problems, place) from error
    if problems := kind.problems_of(parameters):
        raise _bad(problems, place)
    return made


def problems_in(
    kind: type[NodeType],
    parameters: Mapping[str, Any],
    is_template: Callable[[Any], bool] = lambda _value: False,
) -> list[Problem]:
    """What is wrong with parameters as they were written: every problem as (parameter, sentence).

    That one is missing or unknown; of values without a template also a wrong type, and what
    ``kind.problems_of`` says. Where all is well so far and nothing is a template, also what the
    type's ``__post_init__`` refuses: ``"path: it is empty"`` is of the parameter ``path``.
    """
    fields = _fields_of(kind)
    found = {
        name: _missing(name, fields.types[name])
        for name in fields.required
        if name not in parameters
    }
    for name, value in parameters.items():
        if name not in fields.types:
            found[name] = f"there is no parameter {name!r}; {which_there_are(name, fields.types)}"
        elif not is_template(value) and (sentence := _misfit(fields, name, value)):
            found[name] = sentence
    further = kind.problems_of(parameters)
    problems = [*found.items(), *(problem for problem in further if problem[0] not in found)]
    if not problems and not any(map(is_template, parameters.values())):
        problems += _problems_together(kind, parameters)
    return problems


def _converted(kind: type[NodeType], parameters: Mapping[str, Any]) -> NodeType:
    given = dict(parameters)
    for name in _fields_of(kind).spans & given.keys():
        given[name] = given[name] if given[name] is None else parse_span(given[name])
    return msgspec.convert(given, kind)


def _problems_together(kind: type[NodeType], parameters: Mapping[str, Any]) -> list[Problem]:
    try:
        _converted(kind, parameters)
    except ValueError as error:
        name = str(error).partition(":")[0]
        return [(name if name in parameters else next(iter(parameters), ""), str(error))]
    return []


class _Fields(msgspec.Struct, frozen=True):
    """What is known of a node type's parameters, by the names that people write."""

    types: Mapping[str, Any]
    required: tuple[str, ...]
    spans: frozenset[str]


@cache
def _fields_of(kind: type[NodeType]) -> _Fields:
    fields = msgspec.structs.fields(kind)
    return _Fields(
        types={field.encode_name: field.type for field in fields},
        required=tuple(field.encode_name for field in fields if field.required),
        spans=frozenset(field.encode_name for field in fields if _is_span(field.type)),
    )


def _is_span(annotation: Any) -> bool:
    """Whether a value of this type is a span, or a span or None."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        marks = [meta.extra or {} for meta in metadata if isinstance(meta, msgspec.Meta)]
        return any(mark.get("span") for mark in marks) or _is_span(inner)
    return get_origin(annotation) in (Union, UnionType) and any(map(_is_span, get_args(annotation)))


def _missing(name: str, annotation: Any) -> str:
    kind = type_in_words(annotation)
    return f"parameter {name!r} is missing" + (f"; it is {kind}" if kind else "")


def _misfit(fields: _Fields, name: str, value: Any) -> str | None:
    """Why a value is none of its parameter's, if so."""
    if name in fields.spans and value is not None:
        try:
            value = parse_span(value)
        except ValueError as error:
            return f"parameter {name!r}: {error}"
    return misfit(name, fields.types[name], value)


def _bad(problems: list[Problem], place: str) -> BadParameters:
    sentences = "; ".join(sentence for _, sentence in problems)
    return BadParameters(f"{place}: {sentences}" if place else sentences)


def _parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a schema."""
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from _parts_of(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _parts_of(value)
