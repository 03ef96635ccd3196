"""One request to a server and its answer: sent, tried again where that is harmless, decoded."""

import random
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import quote

import msgspec

from everyrun.client.errors import NotAServer, ServerUnreachable, TokenRefused, error_from

if TYPE_CHECKING:
    import httpx

Answer = TypeVar("Answer")
Parameters = Mapping[str, Any]

API = "/api/v1"
TRIES = 4
FIRST_PAUSE = 0.2
"""Seconds before the second try; each further one waits twice as long, give or take."""
LONGEST_PAUSE = 5.0
"""Seconds. A server that asks for more is not waited for."""
ANSWERS_KEPT = 64
LARGEST_KEPT = 1 << 20
"""Bytes of an answer that is kept to be compared by its ETag."""
_USER_INFO = re.compile(r"//[^/?#]*@")
_BUSY = frozenset({429, 502, 503, 504})
_NOT_MODIFIED = 304
_UNAUTHORIZED = 401
_ERROR = 400


class _Kept(NamedTuple):
    etag: str
    content: bytes


class Transport:
    """The way to one server. Threads may share it."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        language: str | None = None,
        timeout: float = 30.0,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.shown_url = _USER_INFO.sub("//", self.url, count=1)
        """The address without a user's name and password."""
        self._token = token
        self._language = language
        self._timeout = timeout
        self._pause = pause or Event().wait
        self._client: httpx.Client | None = None
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def close(self) -> None:
        """Close the connections; asking afterwards opens them anew."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def wait(self, seconds: float) -> None:
        """Let some time pass, as polling asks for."""
        self._pause(seconds)

    def get(self, path: str, type: type[Answer], **parameters: Any) -> Answer:  # noqa: A002
        """What is at ``path``; tried again while the server is away or busy.

        What has not changed since the last time is not sent again (RFC 9110, 13.1.2).
        """
        content = self.fetch(path, **parameters)
        return self._decoded(content, type)

    def fetch(self, path: str, **parameters: Any) -> bytes:
        """The bytes that are at ``path``."""
        query = _query(parameters)
        key = f"{path}?{query}"
        kept = self._kept.get(key)
        headers = {} if kept is None else {"If-None-Match": kept.etag}
        response = self._patiently("GET", path, query, headers)
        if response.status_code == _NOT_MODIFIED and kept is not None:
            return kept.content
        content = self._checked(response)
        self._keep(key, response.headers.get("ETag"), content)
        return content

    def send(
        self,
        method: str,
        path: str,
        type: type[Answer],  # noqa: A002
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        **parameters: Any,
    ) -> Answer:
        """Ask for a change, once; ``body`` is sent as JSON, bytes as they are."""
        content = self._changed(method, path, body, headers, parameters)
        return self._decoded(content, type)

    def tell(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        **parameters: Any,
    ) -> None:
        """:meth:`send` where nothing is answered."""
        self._changed(method, path, body, headers, parameters)

    def _changed(
        self,
        method: str,
        path: str,
        body: Any,
        headers: Mapping[str, str] | None,
        parameters: Parameters,
    ) -> bytes:
        sent = {**(headers or {})}
        content = body if isinstance(body, bytes) or body is None else msgspec.json.encode(body)
        if content is not None:
            sent.setdefault("Content-Type", "application/json")
        return self._checked(self._once(method, path, _query(parameters), sent, content))

    def _patiently(
        self, method: str, path: str, query: str, headers: Mapping[str, str]
    ) -> "httpx.Response":
        for attempt in range(TRIES - 1):
            pause = FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
            try:
                response = self._once(method, path, query, headers)
            except ServerUnreachable:
                self._pause(pause)
                continue
            asked = _asked_pause(response)
            if response.status_code not in _BUSY or (asked or 0.0) > LONGEST_PAUSE:
                return response
            self._pause(pause if asked is None else asked)
        return self._once(method, path, query, headers)

    def _once(
        self,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        content: bytes | None = None,
    ) -> "httpx.Response":
        import httpx

        address = f"{self.url}{path}?{query}" if query else f"{self.url}{path}"
        try:
            return self._opened().request(method, address, headers=headers, content=content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = str(error) or type(error).__name__
            raise ServerUnreachable(f"{self.shown_url} cannot be reached: {reason}") from error

    def _opened(self) -> "httpx.Client":
        with self._lock:
            if self._client is None:
                import httpx  # only where a server is asked: it takes a while to import

                from everyrun.domain.version import VERSION

                headers = {"User-Agent": f"everyrun/{VERSION}", "Accept": "application/json"}
                if self._token:
                    headers["Authorization"] = f"Bearer {self._token}"
                if self._language:
                    headers["Accept-Language"] = self._language
                # Whom to trust takes 50 ms to load, and without TLS there is nothing to verify.
                is_plain = self.url.lower().startswith("http://")
                self._client = httpx.Client(
                    headers=headers, timeout=self._timeout, verify=not is_plain
                )
            return self._client

    def _checked(self, response: "httpx.Response") -> bytes:
        status = response.status_code
        if response.is_success:
            return response.content
        if status == _UNAUTHORIZED:
            raise TokenRefused(
                f"{self.shown_url} does not accept the token (EVERYRUN_TOKEN)"
                if self._token
                else f"{self.shown_url} asks for a token: set EVERYRUN_TOKEN"
            )
        if status < _ERROR:
            where = response.headers.get("Location", "elsewhere")
            raise NotAServer(f"{self.shown_url} sends on to {where}: give that address")
        error = error_from(
            status,
            response.reason_phrase,
            response.headers.get("Content-Type", ""),
            response.content,
        )
        error.retry_after = _asked_pause(response)
        raise error

    def _decoded(self, content: bytes, type: type[Answer]) -> Answer:  # noqa: A002
        try:
            return msgspec.json.decode(content, type=type)
        except msgspec.MsgspecError as error:
            raise NotAServer(
                f"{self.shown_url} does not answer as Everyrun does: {error}"
            ) from None

    def _keep(self, key: str, etag: str | None, content: bytes) -> None:
        with self._lock:
            self._kept.pop(key, None)
            if etag is None or len(content) > LARGEST_KEPT:
                return
            self._kept[key] = _Kept(etag, content)
            if len(self._kept) > ANSWERS_KEPT:
                self._kept.popitem(last=False)


def part(text: str) -> str:
    """A name or an id as one part of a path, slashes and all."""
    return quote(text, safe="")


def _query(parameters: Parameters) -> str:
    pairs = []
    for name, value in parameters.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [f"{name.rstrip('_')}={part(_text(each))}" for each in values if each is not None]
    return "&".join(pairs)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


def _asked_pause(response: "httpx.Response") -> float | None:
    asked = response.headers.get("Retry-After", "").strip()
    return float(asked) if asked.isdecimal() else None
