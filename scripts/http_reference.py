"""docs/reference/http-api.md and openapi.json, made from the server's routes."""

import json
from collections import defaultdict
from typing import Any

from everyrun.server.app import create_app
from everyrun.server.openapi import describe
from everyrun.server.state import Server
from everyrun.store.database import open_database

_OPENING = """
# HTTP API

Made from the code by `python -m scripts.write_reference`; a test keeps it up to date. A server
shows the same at `/api/docs`, for programs at `/api/v1/openapi.json`
([openapi.json](openapi.json) here).

Send `Authorization: Bearer TOKEN`. A refusal is a problem document
(`application/problem+json`, RFC 9457) with a stable `code`; what may come back is in the last
column. Lists take `limit` and `cursor` and answer `items` and `next`. Every `GET` that answers JSON
takes `fields=a,b`. What pages poll has an ETag, and answers 304 when it is sent back in
`If-None-Match`.
"""


def _document() -> dict[str, Any]:
    database = open_database("sqlite:////nowhere/everyrun.db")  # described, never connected to
    return describe(create_app(Server(database)))


def openapi_document() -> str:
    """docs/reference/openapi.json"""
    document = {"x-comment": "Made from the code by python -m scripts.write_reference"}
    return json.dumps({**document, **_document()}, indent=1, ensure_ascii=False) + "\n"


def http_api() -> str:
    """docs/reference/http-api.md"""
    groups: dict[str, list[str]] = defaultdict(list)
    for path, operations in _document()["paths"].items():
        for method, operation in operations.items():
            groups[operation["tags"][0]].append(_row(method, path, operation))
    lines = [_OPENING.strip(), ""]
    for tag in sorted(groups):
        lines += [f"## {tag}", "", "| | who | what | problems |", "|---|---|---|---|"]
        lines += [*groups[tag], ""]
    return "\n".join(lines)


def _row(method: str, path: str, operation: dict[str, Any]) -> str:
    codes = [
        response["description"]
        for status, response in operation["responses"].items()
        if status >= "400"
    ]
    role = operation.get("x-role", "anybody")
    told = ", ".join(f"`{code}`" for line in codes for code in line.split(", "))
    return f"| `{method.upper()} {path}` | {role} | {operation['summary']} | {told} |"
