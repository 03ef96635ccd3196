"""Putting together what is asked: a node's parameters as one HTTP request."""

import mimetypes
from base64 import b64encode
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import httpx
import msgspec
from msgspec import UNSET

from everyrun.domain.payloads import register_secret
from everyrun.domain.version import VERSION
from everyrun.nodes.base import BadParameters
from everyrun.nodes.context import Context
from everyrun.nodes.files.places import existing_file, placed
from everyrun.nodes.web.hiding import REDACTOR

if TYPE_CHECKING:
    from everyrun.nodes.http import Http, Simple

SHORTEST_SECRET = 8
"""Characters: what is shorter is hidden where it stands, but not looked for everywhere."""


def url_of(node: "Http") -> httpx.URL:
    """Where to. Raises :class:`BadParameters`."""
    try:
        return httpx.URL(node.url).copy_merge_params(_fields(node.query))
    except httpx.InvalidURL as error:
        raise BadParameters(f"url: {error}") from None


def request_of(
    client: httpx.AsyncClient, node: "Http", url: httpx.URL, context: Context, files: ExitStack
) -> httpx.Request:
    """The request; the files that it sends are closed with ``files``."""
    headers = {"User-Agent": f"everyrun/{VERSION}"}
    body: dict[str, Any] = {}
    if node.json is not UNSET:
        headers["Content-Type"] = "application/json"
        body["content"] = msgspec.json.encode(node.json)
    elif node.body is not None:
        headers["Content-Type"] = "text/plain; charset=utf-8"
        body["content"] = node.body.encode()
    if node.form is not None:
        body["data"] = _fields(node.form)
    if node.files:
        body["files"] = _files(node, context, files)
    sent = httpx.Headers(headers, encoding="utf-8")
    for name, value in node.headers.items():
        if value is not None:
            sent[name] = str(value)
    if node.auth is not None:
        sent["Authorization"] = _authorization(node)
    _remember_secrets(sent)
    request = client.build_request(node.method, url, headers=sent, **body)
    for name, value in node.headers.items():
        if value is None:
            request.headers.pop(name, None)
    return request


def _fields(given: "Mapping[str, Simple | list[Simple]]") -> dict[str, list[str]]:
    """Fields of a form or query as text, as JSON has them; null is none."""
    return {
        name: [_as_text(each) for each in _listed(value)]
        for name, value in given.items()
        if value is not None
    }


def _listed(value: Any) -> list[Any]:
    return [each for each in value if each is not None] if isinstance(value, list) else [value]


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _files(node: "Http", context: Context, files: ExitStack) -> dict[str, Any]:
    uploads = {}
    for field, upload in node.files.items():
        told = (upload, None, None) if isinstance(upload, str) else msgspec.structs.astuple(upload)
        path = existing_file("files", placed(context, told[0]))
        kind = told[2] or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        uploads[field] = (told[1] or path.name, _opened(path, files), kind)
    return uploads


def _opened(path: Path, files: ExitStack) -> IO[bytes]:
    return files.enter_context(path.open("rb"))


def _authorization(node: "Http") -> str:
    if node.auth is None:
        raise AssertionError("asked for by one who is told")
    if node.auth.bearer is not None:
        return f"Bearer {node.auth.bearer}"
    password = node.auth.password or ""
    if len(password) >= SHORTEST_SECRET:
        register_secret(password)
    pair = f"{node.auth.username}:{password}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def _remember_secrets(headers: httpx.Headers) -> None:
    """Hide what stands in headers like ``Authorization`` wherever it turns up: servers quote it."""
    for name, value in headers.items():
        if REDACTOR.is_sensitive(name):
            for secret in {value, value.rpartition(" ")[2]}:
                if len(secret) >= SHORTEST_SECRET:
                    register_secret(secret)
