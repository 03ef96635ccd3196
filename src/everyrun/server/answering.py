"""What a handler answers, on its way out: JSON, chosen fields, ETag."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from everyrun.domain.errors import InvalidQuery
from everyrun.server.etags import etag_of, is_known
from everyrun.server.visit import Visit

JSON = "application/json"
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
    body = encode(_chosen(value, visit.request))
    if not polled:
        return Response(body, status, {**NOT_KEPT, **visit.headers}, JSON)
    etag = visit.etag or etag_of(body)
    if is_known(visit.request.headers.get("if-none-match"), etag):
        return not_modified(etag)
    return Response(body, status, {**ASKED_AGAIN, **visit.headers, "ETag": etag}, JSON)


def not_modified(etag: str) -> Response:
    """The caller has it already."""
    return Response(status_code=304, headers={**ASKED_AGAIN, "ETag": etag})


def _chosen(value: Any, request: Request) -> Any:
    """The value, or of it (of each of its items, where it has items) the fields asked for."""
    if request.method != "GET" or b"fields=" not in request.scope["query_string"]:
        return value
    asked = request.query_params.get("fields")
    if not asked:
        return value
    names = [name.strip() for name in asked.split(",") if name.strip()]
    plain = msgspec.to_builtins(value, builtin_types=(bytes,), enc_hook=str)
    if isinstance(plain, dict) and isinstance(plain.get("items"), list):
        known = _field_names(value)
        return {**plain, "items": [_pick(item, names, known) for item in plain["items"]]}
    if isinstance(plain, dict):
        return _pick(plain, names, set(plain))
    return plain


def _field_names(page: Any) -> set[str]:
    items: list[Any] = page["items"] if isinstance(page, dict) else page.items
    for item in items:
        return set(item.__struct_fields__ if isinstance(item, msgspec.Struct) else item)
    return set()


def _pick(item: dict[str, Any], names: list[str], known: set[str]) -> dict[str, Any]:
    for name in names:
        if known and name not in known:
            raise InvalidQuery(
                f"fields: there is no {name!r}; there are {', '.join(sorted(known))}"
            )
    return {name: item[name] for name in names if name in item}
