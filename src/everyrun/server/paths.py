"""Paths as they were sent: a ``%2F`` in a name is part of the name, and parts no segments."""

from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

SLASH = "\ue02f"
"""Stands for a slash inside a segment while a request is routed (a private-use character)."""


class KeepSlashes:
    """Routes by segments as they were sent, so that names may contain slashes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http":
            raw: bytes = scope.get("raw_path") or b""
            if b"%2f" in raw.lower():
                sent = raw.decode("latin-1").replace("%2f", "%2F")
                kept = SLASH.join(unquote(part) for part in sent.split("%2F"))
                scope = {**scope, "path": kept}
        await self._app(scope, receive, send)


def with_slashes(segment: str) -> str:
    """A path parameter with its slashes back."""
    return segment.replace(SLASH, "/")
