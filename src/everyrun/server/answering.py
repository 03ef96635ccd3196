"""What a handler answers, on its way out: JSON, chosen fields, ETag."""

from typing import Any, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from everyrun.domain.errors import InvalidQuery
from everyrun.server.answers import Answer
from everyrun.server.etags import etag_of, is_known
from everyrun.server.visit import Visit

JSON = "application/json"
PARTIAL_JSON = "application/vnd.everyrun.partial+json"
"""What ``fields`` chose from an answer, which is therefore not all that is described."""
NOT_KEPT = {"Cache-Control": "no-store"}
ASKED_AGAIN = {"Cache-Control": "private, no-cache"}

encode = msgspec.json.Encoder().encode


def answer(visit: Visit, value: Any, status: int, *, polled: bool) -> Response:
    """The response for what a handler returned; its own responses pass as they are."""
    if isinstance(value, Response):
        value.headers.update(visit.headers)
        return value
    if value is None:
        return Response(status_code=204, headers={**NOT_KEPT, **visit.headers})
    chosen = _chosen(value, visit.request)
    media_type = JSON if chosen is value else PARTIAL_JSON
    body = encode(chosen)
    if not polled:
        return Response(body, status, {**NOT_KEPT, **visit.headers}, media_type)
    etag = visit.etag or etag_of(body)
    if is_known(visit.request.headers.get("if-none-match"), etag):
        return not_modified(etag)
    return Response(body, status, {**ASKED_AGAIN, **visit.headers, "ETag": etag}, media_type)


def answer_again(known: Answer) -> Response:
    """What was answered before."""
    headers = {**ASKED_AGAIN, "ETag": known.etag, "Content-Type": known.media_type}
    return Response(known.content, 200, headers)


def not_modified(etag: str) -> Response:
    """The caller has it already."""
    return Response(status_code=304, headers={**ASKED_AGAIN, "ETag": etag})


def field_names(type_: Any) -> tuple[str, ...]:
    """What ``fields`` may name in answers of a type: its fields, or those of each of its items."""
    if not (isinstance(type_, type) and issubclass(type_, msgspec.Struct)):
        return ()
    fields = {field.name: field for field in msgspec.structs.fields(type_)}
    if "items" in fields:
        arguments = get_args(fields["items"].type)
        return field_names(arguments[0]) if arguments else ()
    return tuple(field.encode_name for field in fields.values())


def _chosen(value: Any, request: Request) -> Any:
    """The value, or of it (of each of its items, where it has items) the fields asked for."""
    if request.method != "GET" or b"fields=" not in request.scope["query_string"]:
        return value
    asked = request.query_params.get("fields")
    known = field_names(type(value))
    if not asked or not known:
        return value
    names = asked.split(",")
    for name in names:
        if name not in known:
            raise InvalidQuery(f"fields: there is no {name!r}; there are {', '.join(known)}")
    plain = msgspec.to_builtins(value)
    if isinstance(plain.get("items"), list):
        return {**plain, "items": [_pick(item, names) for item in plain["items"]]}
    return _pick(plain, names)


def _pick(item: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: item[name] for name in names if name in item}
