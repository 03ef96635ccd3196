"""The API described (OpenAPI 3.1): parameters by FastAPI, bodies and answers by msgspec."""

from collections.abc import Iterator
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from everyrun.domain.errors import EveryrunError, InvalidQuery
from everyrun.domain.version import VERSION
from everyrun.server.access.errors import NotAllowed, NotLetIn, TooManyRequests
from everyrun.server.answering import PARTIAL_JSON, field_names
from everyrun.server.bodies.refusals import (
    BodyTooLarge,
    InvalidBody,
    InvalidCompression,
    InvalidJson,
    UnsupportedEncoding,
    UnsupportedMediaType,
)
from everyrun.server.lanes import Busy
from everyrun.server.links import links_of
from everyrun.server.problems import PROBLEM_JSON, InvalidParameters, Problem
from everyrun.server.routing import Declared, Public

_REFERENCE = "#/components/schemas/{name}"
_FASTAPIS = frozenset({"HTTPValidationError", "ValidationError"})
_SECURITY_SCHEMES = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "everyrun_session"},
}


def declared_routes(app: FastAPI) -> Iterator[tuple[str, str, Declared]]:
    """Every route of ours: (method, path, what it declares)."""
    from everyrun.server.routes import all_routes

    for route in all_routes():
        declared: Declared = route.declared  # type: ignore[attr-defined]
        for method in route.methods:  # type: ignore[attr-defined]
            yield method, route.path_format, declared  # type: ignore[attr-defined]


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document; made once a process."""
    if app.openapi_schema is None:
        app.openapi_schema = _describe(app)
    return app.openapi_schema


def _describe(app: FastAPI) -> dict[str, Any]:
    from everyrun.server.routes import all_routes

    document = get_openapi(title="Everyrun", version=VERSION, routes=all_routes())
    shown = [entry for entry in declared_routes(app) if not entry[2].hidden]
    types = [Problem]
    for _method, _path, declared in shown:
        types += [type_ for type_ in (declared.answers, declared.body) if _has_schema(type_)]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    schema_of = {id(type_): schema for type_, schema in zip(types, schemas, strict=True)}
    problem = schema_of[id(Problem)]
    for method, path, declared in shown:
        operation = document["paths"][path][method.lower()]
        operation["responses"] = _responses(declared, schema_of, problem)
        _name_fields(operation, declared.answers)
        links = dict(links_of(operation["operationId"]))
        if links:
            operation["responses"][str(declared.status)]["links"] = links
        if declared.body is not None:
            schema = schema_of.get(id(declared.body), {})
            content = {media: {"schema": schema} for media in declared.takes}
            operation["requestBody"] = {"required": _is_needed(declared), "content": content}
        if isinstance(declared.access, Public):
            operation["security"] = []
        else:
            operation["x-role"] = declared.access.value
    parts = document.setdefault("components", {})
    of_parameters = parts.get("schemas", {})
    parts["schemas"] = {**_without_fastapis(of_parameters), **components}
    parts["securitySchemes"] = _SECURITY_SCHEMES
    document["security"] = [{name: []} for name in _SECURITY_SCHEMES]
    return document


def _name_fields(operation: dict[str, Any], answers: Any) -> None:
    """Say which names ``fields`` takes."""
    names = "|".join(field_names(answers))
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "fields" and names:
            pattern = f"^(({names})(,({names}))*)?$"
            parameter["schema"] = {"type": "string", "maxLength": 1_000, "pattern": pattern}
            chosen = {PARTIAL_JSON: {"schema": {"type": "object"}}}
            operation["responses"]["200"]["content"].update(chosen)


def _without_fastapis(schemas: dict[str, Any]) -> dict[str, Any]:
    """What parameters refer to; the framework's own refusals are never answered."""
    return {name: each for name, each in schemas.items() if name not in _FASTAPIS}


def _has_schema(type_: Any) -> bool:
    return type_ is not None and type_ is not bytes


def _responses(
    declared: Declared, schema_of: dict[int, Any], problem: dict[str, Any]
) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    if declared.answers is None:
        responses["204"] = {"description": "Done; there is nothing more to say."}
    else:
        schema = schema_of.get(id(declared.answers), {"type": "string"})
        content = {declared.media_type: {"schema": schema}}
        responses[str(declared.status)] = {"description": "As asked.", "content": content}
    if declared.polled:
        responses["304"] = {"description": "Unchanged since the answer with this ETag."}
    codes: dict[int, set[str]] = {}
    for error in (*declared.raises, *_common(declared)):
        codes.setdefault(error.status_code, set()).add(error.code)
    for status, names in sorted(codes.items()):
        responses[str(status)] = {
            "description": ", ".join(sorted(names)),
            "content": {PROBLEM_JSON: {"schema": problem}},
        }
    return responses


def _common(declared: Declared) -> Iterator[type[EveryrunError]]:
    yield InvalidParameters
    yield InvalidQuery
    if not isinstance(declared.access, Public):
        yield NotLetIn
        yield NotAllowed
        yield TooManyRequests
    if declared.body is not None:
        yield from (
            InvalidBody,
            InvalidCompression,
            InvalidJson,
            BodyTooLarge,
            UnsupportedEncoding,
            UnsupportedMediaType,
        )
    if declared.lane is not None:
        yield Busy


def _is_needed(declared: Declared) -> bool:
    """Whether something must be sent: a body without a field that is needed may be left out."""
    if declared.body is bytes or declared.reader is not None:
        return True
    try:
        msgspec.json.decode(b"{}", type=declared.body)
    except msgspec.ValidationError:
        return True
    return False
