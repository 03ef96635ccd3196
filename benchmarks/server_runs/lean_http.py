"""HTTP from a client that costs next to nothing, so that the server has the processors.

It knows answers with a Content-Length or without a body, on connections that stay open.
"""

import asyncio
import socket
from typing import NamedTuple, cast
from urllib.parse import urlsplit

_END = b"\r\n\r\n"


class Answer(NamedTuple):
    """What came back."""

    status: int
    etag: bytes | None
    body: bytes


def request(path: str, host: str, token: str, etag: bytes | None = None) -> bytes:
    """The bytes of a GET."""
    known = b"" if etag is None else b"If-None-Match: " + etag + b"\r\n"
    head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
    return head.encode() + known + b"\r\n"


class _Reading:
    """Takes one answer after the other out of what arrives."""

    def __init__(self) -> None:
        self._data = b""

    def feed(self, data: bytes) -> Answer | None:
        """An answer, once it is whole."""
        self._data += data
        end = self._data.find(_END)
        if end < 0:
            return None
        head = self._data[:end].lower()
        status = int(head[9:12])
        length = 0 if status in {204, 304} else int(_header(head, b"content-length") or 0)
        begin = end + len(_END)
        if len(self._data) < begin + length:
            return None
        answer = Answer(status, _header(head, b"etag"), self._data[begin : begin + length])
        self._data = self._data[begin + length :]
        return answer


def _header(head: bytes, name: bytes) -> bytes | None:
    at = head.find(b"\r\n" + name + b":")
    if at < 0:
        return None
    begin = at + len(name) + 3
    end = head.find(b"\r\n", begin)
    return head[begin : end if end >= 0 else None].strip()


class OneAfterTheOther:
    """A connection on which a program asks and waits."""

    def __init__(self, url: str, token: str = "") -> None:
        place = urlsplit(url)
        self._host = place.netloc
        self._token = token
        self._socket = socket.create_connection((place.hostname, place.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reading = _Reading()

    def get(self, path: str, etag: bytes | None = None) -> Answer:
        """Ask, and wait for the answer."""
        self._socket.sendall(request(path, self._host, self._token, etag))
        while True:
            data = self._socket.recv(1 << 18)
            if not data:
                raise ConnectionError("the server hung up")
            answer = self._reading.feed(data)
            if answer is not None:
                return answer

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class Polling(asyncio.Protocol):
    """A connection on which a viewer polls; one answer at a time."""

    def __init__(self) -> None:
        self._reading = _Reading()
        self._awaited: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by its class

    def data_received(self, data: bytes) -> None:
        answer = self._reading.feed(data)
        if answer is not None and self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_exception(exc or ConnectionError("the server hung up"))

    async def ask(self, sent: bytes) -> Answer:
        """Send a request, and wait for the answer."""
        assert self._transport is not None
        self._awaited = asyncio.get_running_loop().create_future()
        self._transport.write(sent)
        return await self._awaited

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()
