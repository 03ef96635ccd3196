"""Connecting to addresses that were looked at: what was refused is never connected to.

A name is looked up once and the connection goes to an address that this look-up gave, so that a
name cannot mean one machine when it is judged and another when it is connected to. Redirects come
through here too. ``Host`` and the name in TLS stay what the URL says.
"""

import asyncio
import socket
from collections.abc import Callable

import httpx

from everyrun.nodes.base import NodeFailed

_PORTS = {"http": 80, "https": 443}


class LookedAtTransport(httpx.AsyncBaseTransport):
    """Sends requests with ``inner`` to addresses that ``is_allowed`` says yes to.

    Raises :class:`NodeFailed` where a name has no such address, ``httpx.ConnectError`` where it has
    none at all.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, is_allowed: Callable[[str], bool]) -> None:
        self._inner = inner
        self._is_allowed = is_allowed

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it to the first address that takes the connection."""
        host = request.url.host
        addresses = await _addresses_of(request)
        allowed = [address for address in addresses if self._is_allowed(address)]
        if not allowed:
            shown = host if host in addresses else f"{host} ({', '.join(addresses)})"
            raise NodeFailed(
                f"url: {shown} is a private address; EVERYRUN_PRIVATE_ADDRESSES=1 allows those"
            )
        *others, last = allowed
        for address in others:
            try:
                return await self._inner.handle_async_request(_readdressed(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # nothing was sent yet; the next address may listen
        return await self._inner.handle_async_request(_readdressed(request, last))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()


def _readdressed(request: httpx.Request, address: str) -> httpx.Request:
    """The same request, to an address; the server is asked, and checked, by the URL's name."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )


async def _addresses_of(request: httpx.Request) -> list[str]:
    """All addresses of a request's host, in the system's order."""
    url = request.url
    timeout = request.extensions.get("timeout", {}).get("connect")
    looked_up = asyncio.get_running_loop().getaddrinfo(
        url.raw_host.decode("ascii"),
        url.port or _PORTS.get(url.scheme),
        type=socket.SOCK_STREAM,
    )
    try:
        async with asyncio.timeout(timeout):
            found = await looked_up
    except TimeoutError:
        raise httpx.ConnectTimeout(f"{url.host} was not found in time", request=request) from None
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError(f"{url.host} was not found: {error}", request=request) from error
    return list(dict.fromkeys(str(place[4][0]) for place in found))
