"""Which pages a browser may ask from: our own, and those that a setting names."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from everyrun.server.access.settings import AccessSettings, listed

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class KnownOrigins:
    """Judges the Origin of requests."""

    def __init__(self, settings: AccessSettings) -> None:
        self._public = _origin_of(settings.public_url)
        allowed = listed(settings.cors_origins)
        self._any = "*" in allowed
        self._allowed = {_origin_of(each) for each in allowed} - {None}

    def is_own(self, origin: str, scheme: str, host: str) -> bool:
        """Whether a page of this origin is this server's, which was called as ``host``.

        A proxy may speak https for a server that sees http, but never the other way.
        """
        parsed = _origin_of(origin)
        if parsed is None:
            return False
        if parsed == self._public:
            return True
        if scheme == "https" and parsed[0] != "https":
            return False
        return parsed == _origin_of(f"{parsed[0]}://{host}")

    def may_call(self, origin: str) -> bool:
        """Whether pages of another origin may call the API (with a token, never a cookie)."""
        parsed = _origin_of(origin)
        return parsed is not None and (self._any or parsed in self._allowed)

    def led_here(self, method: str, headers: Headers, scheme: str) -> bool:
        """Whether a page that may not call here made a browser ask for a change."""
        if method in SAFE_METHODS:
            return False
        origins = headers.getlist("origin")
        if not origins:
            return headers.get("sec-fetch-site", "none") == "cross-site"
        host = headers.get("host", "")
        return len(origins) > 1 or not (
            self.is_own(origins[0], scheme, host) or self.may_call(origins[0])
        )


def _origin_of(text: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        return None
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        return None
    return parts.scheme, parts.hostname.rstrip("."), port or _DEFAULT_PORTS[parts.scheme]
