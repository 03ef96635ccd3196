"""Asking the provider: JSON, in bounded time and size, following nobody elsewhere."""

import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
import msgspec

from everyrun.server.access.oidc.errors import ProviderUnavailable

_TIMEOUT_SECONDS = 10.0
_MOST_BYTES = 1 << 20


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust; made once, for it takes 50 ms."""
    return httpx.create_ssl_context()


def get_json(url: str) -> dict[str, Any]:
    """What an address answers. Raises :class:`ProviderUnavailable`."""
    status, body = _ask("GET", url)
    if status != 200:
        raise ProviderUnavailable(f"the OpenID provider answered {status} at {url}")
    return body


def post_form(
    url: str, form: Mapping[str, str], credentials: tuple[str, str] | None
) -> tuple[int, dict[str, Any]]:
    """The status and the answer to a form. Raises :class:`ProviderUnavailable`."""
    return _ask("POST", url, data=dict(form), auth=credentials)


def _ask(method: str, url: str, **more: Any) -> tuple[int, dict[str, Any]]:
    try:
        with (
            httpx.Client(
                timeout=_TIMEOUT_SECONDS, follow_redirects=False, verify=_trusted()
            ) as client,
            client.stream(method, url, headers={"Accept": "application/json"}, **more) as answer,
        ):
            body = b""
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise ProviderUnavailable(f"the OpenID provider answered too much at {url}")
            status = answer.status_code
        found = msgspec.json.decode(body)
    except (httpx.HTTPError, httpx.InvalidURL, msgspec.DecodeError, RecursionError) as error:
        raise ProviderUnavailable(f"the OpenID provider at {url}: {error}") from None
    if not isinstance(found, dict):
        raise ProviderUnavailable(f"the OpenID provider answered no object at {url}")
    return status, found
