"""What browsers are told about every answer: load nothing foreign, guess nothing, frame nothing."""

from collections.abc import Iterator

from starlette.datastructures import MutableHeaders
from starlette.types import Message

API_POLICY = b"default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    b"manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Styles may stand in the page: the components of the page set them on their elements."""
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_HSTS = b"max-age=31536000"
_EXPOSED = "ETag, Location, Retry-After"
_ASKED_METHODS = "GET, POST, PUT, PATCH, DELETE"
_ASKED_HEADERS = (
    "Accept-Language, Authorization, Content-Encoding, Content-Type, Idempotency-Key, "
    "If-Match, If-None-Match"
)


def secure(message: Message, scheme: str) -> None:
    """Add the security headers to the beginning of an answer; its own policy is left to it."""
    headers: list[tuple[bytes, bytes]] = [*message["headers"], *_ALWAYS]
    sent = dict(message["headers"])
    if b"content-security-policy" not in sent:
        is_page = sent.get(b"content-type", b"").startswith(b"text/html")
        headers.append((b"content-security-policy", PAGE_POLICY if is_page else API_POLICY))
    if scheme == "https":
        headers.append((b"strict-transport-security", _HSTS))
    message["headers"] = headers


def let_read(message: Message, origin: str) -> None:
    """Let a page of another origin read an answer."""
    headers = MutableHeaders(scope=message)
    headers["Access-Control-Allow-Origin"] = origin
    headers["Access-Control-Expose-Headers"] = _EXPOSED
    headers.add_vary_header("Origin")


def preflight_headers() -> Iterator[tuple[str, str]]:
    """What such a page may send. Cookies are never asked for."""
    yield "Access-Control-Allow-Methods", _ASKED_METHODS
    yield "Access-Control-Allow-Headers", _ASKED_HEADERS
    yield "Access-Control-Max-Age", "600"
