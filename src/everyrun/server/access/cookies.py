"""The session cookie, and the proof that a page of ours asks (docs/decisions/0013)."""

import hashlib
import hmac
import re

from starlette.requests import Request

CSRF_HEADER = "x-csrf-token"
_NAME = "everyrun_session"
_SECRET = re.compile(r"[0-9A-Za-z]{43}", re.ASCII)


def cookie_name(scheme: str, name: str = _NAME) -> str:
    """``__Host-`` on https: browsers take such a cookie only from this very host, and securely."""
    return f"__Host-{name}" if scheme == "https" else name


def session_secret(request: Request) -> str | None:
    """The secret that the session cookie carries; None without one that could be ours."""
    secret = request.cookies.get(cookie_name(request.url.scheme), "")
    return secret if _SECRET.fullmatch(secret) else None


def set_cookie(scheme: str, value: str, seconds: float, name: str = _NAME) -> str:
    """The value of a ``Set-Cookie`` header that keeps ``value``."""
    secure = "; Secure" if scheme == "https" else ""
    return (
        f"{cookie_name(scheme, name)}={value}; Path=/; Max-Age={int(seconds)}; "
        f"HttpOnly; SameSite=Lax{secure}"
    )


def clear_cookie(scheme: str, name: str = _NAME) -> str:
    """The value of a ``Set-Cookie`` header that takes the cookie away."""
    return set_cookie(scheme, "", 0, name)


def csrf_token(secret: str) -> str:
    """What a page of ours sends with each change: it cannot be made without the session."""
    return hmac.new(secret.encode(), b"everyrun csrf", hashlib.sha256).hexdigest()


def is_csrf_token(sent: str, secret: str) -> bool:
    """Whether the header proves that the page knows the session's token."""
    return hmac.compare_digest(sent.encode("utf-8", "replace"), csrf_token(secret).encode())
