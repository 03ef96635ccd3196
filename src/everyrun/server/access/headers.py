"""What browsers are told about every answer: load nothing foreign, guess nothing, frame nothing."""

from collections.abc import Iterator

from starlette.datastructures import MutableHeaders
from starlette.types import Message

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Styles may stand in the page: the components of the page set them on their elements."""
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_HSTS = "max-age=31536000"
_EXPOSED = "ETag, Location, Retry-After"
_ASKED_METHODS = "GET, POST, PUT, PATCH, DELETE"
_ASKED_HEADERS = (
    "Accept-Language, Authorization, Content-Encoding, Content-Type, Idempotency-Key, "
    "If-Match, If-None-Match"
)


def secure(message: Message, scheme: str) -> None:
    """Add the security headers to the beginning of an answer, where it has none of its own."""
    headers = MutableHeaders(scope=message)
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    is_page = headers.get("content-type", "").startswith("text/html")
    headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else API_POLICY)
    if scheme == "https":
        headers.setdefault("Strict-Transport-Security", _HSTS)


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
