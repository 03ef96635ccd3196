"""Asking: one client a request, and errors that say what was asked of whom."""

import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httpx

from everyrun.nodes.base import BadParameters
from everyrun.nodes.context import Context
from everyrun.nodes.files.places import existing_file, placed
from everyrun.nodes.web.addresses import is_public
from everyrun.nodes.web.answering import take
from everyrun.nodes.web.connecting import LookedAtTransport
from everyrun.nodes.web.hiding import REDACTOR, shown_url
from everyrun.nodes.web.requesting import request_of, url_of

if TYPE_CHECKING:
    from everyrun.nodes.http import Http

MOST_REDIRECTS = 10

_ONE_REQUEST_EACH = httpx.Limits(max_keepalive_connections=0)
"""No connection is used again: another name may have been checked when it was made."""


async def ask(node: "Http", context: Context) -> dict[str, Any]:
    """Send a node's request, take its answer. Raises ``NodeFailed`` and httpx's errors."""
    began = time.monotonic()
    with ExitStack() as files:
        url = url_of(node)
        async with _client(node, url, context) as client:
            request = request_of(client, node, url, context, files)
            with _said_plainly(node, request):
                response = await client.send(
                    request, stream=True, follow_redirects=node.follow_redirects
                )
                try:
                    output = await take(response, node, context)
                finally:
                    await response.aclose()
    return {**output, "seconds": round(time.monotonic() - began, 3)}


def _client(node: "Http", url: httpx.URL, context: Context) -> httpx.AsyncClient:
    verify = node.verify
    if isinstance(verify, str):
        verify = str(existing_file("verify", placed(context, verify)))
    trusted = _trusted(verify)
    transport = None
    if not context.settings.private_addresses:
        inner = httpx.AsyncHTTPTransport(verify=trusted, limits=_ONE_REQUEST_EACH)
        transport = LookedAtTransport(inner, is_public)
    return httpx.AsyncClient(
        verify=trusted,
        transport=transport,
        timeout=node.timeout,
        max_redirects=MOST_REDIRECTS,
        event_hooks={"request": [_keeping_secrets_at(url)]},
        limits=_ONE_REQUEST_EACH,
    )


@lru_cache(maxsize=8)
def _trusted(verify: bool | str) -> ssl.SSLContext:
    """Whom to trust; made once, for it takes 10 ms and more."""
    if isinstance(verify, str):
        try:
            return ssl.create_default_context(cafile=verify)
        except ssl.SSLError as error:
            raise BadParameters(f"verify: {verify} holds no certificates: {error}") from None
    return httpx.create_ssl_context(verify=verify)


def _keeping_secrets_at(origin: httpx.URL) -> Callable[[httpx.Request], Awaitable[None]]:
    """Takes secret headers from requests that a redirect sends to another server."""

    async def keep(request: httpx.Request) -> None:
        there = request.url
        if (there.scheme, there.host, there.port) != (origin.scheme, origin.host, origin.port):
            for name in list(request.headers):
                if REDACTOR.is_sensitive(name):
                    del request.headers[name]

    return keep


@contextmanager
def _said_plainly(node: "Http", request: httpx.Request) -> Iterator[None]:
    """Errors of httpx, of the same class, with a sentence that says what was asked of whom."""
    try:
        yield
    except httpx.RequestError as error:
        reason = str(error) or type(error).__name__
        if isinstance(error, httpx.ConnectTimeout):
            reason = str(error) or f"no connection within {node.timeout:g} s"
        elif isinstance(error, httpx.TimeoutException):
            reason = f"nothing came for {node.timeout:g} s"
        sentence = f"{node.method} {shown_url(request.url)}: {reason}"
        raise type(error)(sentence, request=request) from error
