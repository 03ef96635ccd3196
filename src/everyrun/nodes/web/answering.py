"""Answers: which were expected, and what their bodies say."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from everyrun.nodes.base import NodeFailed
from everyrun.nodes.context import Context
from everyrun.nodes.files.places import place_to_write, placed
from everyrun.nodes.files.replacing import replacing
from everyrun.nodes.web.hiding import shown_headers, shown_url

if TYPE_CHECKING:
    from everyrun.nodes.http import Http

MOST_BYTES = 16 << 20
"""Of a body that is an output."""

_CHUNK = 1 << 16
_REPORT = 1 << 20
_TEXTS = ("application/xml", "application/javascript", "application/x-www-form-urlencoded")


async def take(response: httpx.Response, node: "Http", context: Context) -> dict[str, Any]:
    """An answer as a node's output, all but how long it took.

    Raises :class:`NodeFailed` for one that was not expected, that is too large, or is no JSON
    where that was said. httpx's errors where it breaks off.
    """
    output = {
        "status": response.status_code,
        "headers": shown_headers(response.headers),
        "url": shown_url(response.url),
    }
    expected = is_expected(response.status_code, node.expect)
    if expected and node.save_to is not None:
        path = place_to_write("save_to", placed(context, node.save_to), folders=False)
        return {**output, **await _save(response, path, node, context)}
    most = node.max_bytes or MOST_BYTES
    content = bytearray()
    async for chunk in response.aiter_bytes(_CHUNK):
        content += chunk
        if len(content) > most:
            raise NodeFailed(_too_large(response, most), output)
    if not expected:
        reason = f"{response.status_code} {response.reason_phrase}".strip()
        sentence = f"{node.method} {output['url']} answered {reason}"
        raise NodeFailed(sentence, {**output, "body": _loosely(response, bytes(content))})
    try:
        return {**output, "body": _body(response, bytes(content), node.response)}
    except ValueError as error:
        text = _text(response, bytes(content))
        raise NodeFailed(f"response: it is no JSON: {error}", {**output, "body": text}) from None


def is_expected(status: int, expected: int | str | list[int | str]) -> bool:
    """Whether a status is one of these: ``200``, ``"2xx"``, or a list of such."""
    listed = expected if isinstance(expected, list) else [expected]
    return any(str(each) in (str(status), f"{status // 100}xx") for each in listed)


async def _save(
    response: httpx.Response, path: Path, node: "Http", context: Context
) -> dict[str, Any]:
    taken, reported = 0, 0
    total = _announced(response)
    async with _replacing(path) as beside:
        with beside.open("wb") as file:
            async for chunk in response.aiter_bytes(_CHUNK):
                taken += len(chunk)
                if node.max_bytes is not None and taken > node.max_bytes:
                    raise NodeFailed(_too_large(response, node.max_bytes))
                await asyncio.to_thread(file.write, chunk)
                if taken - reported >= _REPORT:
                    reported = taken
                    context.progress(taken, total)
    return {"path": str(path), "bytes": taken}


@asynccontextmanager
async def _replacing(path: Path) -> AsyncIterator[Path]:
    """:func:`replacing` without holding up the event loop while the disk writes."""
    replacement = replacing(path)
    beside = await asyncio.to_thread(replacement.__enter__)
    try:
        yield beside
    except BaseException as error:
        replacement.__exit__(type(error), error, error.__traceback__)
        raise
    await asyncio.to_thread(replacement.__exit__, None, None, None)


def _announced(response: httpx.Response) -> int | None:
    """The body's size, where it is said and comes as it is."""
    size = response.headers.get("content-length", "")
    return int(size) if size.isdecimal() and "content-encoding" not in response.headers else None


def _too_large(response: httpx.Response, most: int) -> str:
    announced = _announced(response)
    size = f"{announced:,} bytes" if announced else "more"
    return f"max_bytes: the body is larger than {most:,} bytes: {size}"


def _body(response: httpx.Response, content: bytes, wanted: str) -> Any:
    """What a body says, as ``wanted`` or as the server says. Raises ``ValueError`` for no JSON."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if wanted == "auto":
        wanted = _kind_of(kind, content)
    if wanted == "json":
        return json.loads(content) if content else None
    if wanted == "text":
        return _text(response, content)
    return content


def _kind_of(media_type: str, content: bytes) -> str:
    if media_type == "application/json" or media_type.endswith("+json"):
        return "json"
    if media_type.startswith("text/") or media_type in _TEXTS:
        return "text"
    if media_type:
        return "bytes"
    try:
        content.decode()
    except UnicodeDecodeError:
        return "bytes"
    return "text"


def _loosely(response: httpx.Response, content: bytes) -> Any:
    """What an error says, whatever it claims to be."""
    try:
        return _body(response, content, "auto")
    except ValueError:
        return _text(response, content)


def _text(response: httpx.Response, content: bytes) -> str:
    try:
        return content.decode(response.charset_encoding or "utf-8", "replace")
    except LookupError:  # an encoding that nobody knows
        return content.decode("utf-8", "replace")
