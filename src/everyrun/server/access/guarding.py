"""Around everything: what holds for each request and each answer, whatever answers it."""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from everyrun.domain.errors import EveryrunError
from everyrun.server.access.errors import ForeignOrigin, UnknownHost
from everyrun.server.access.headers import let_read, preflight_headers, secure
from everyrun.server.access.hosts import KnownHosts
from everyrun.server.access.origins import KnownOrigins
from everyrun.server.access.proxies import as_sent, trusted_networks
from everyrun.server.languages import preferred_language
from everyrun.server.problems import problem_response
from everyrun.server.settings import ServerSettings


class Guard:
    """Refuses requests that somebody was led to send, and puts the security headers on answers."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app = app
        self._hosts = KnownHosts(settings.host, settings)
        self._origins = KnownOrigins(settings)
        self._trusted = trusted_networks(settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = as_sent(scope, self._trusted)
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        is_foreign_reader = origin is not None and self._origins.may_call(origin)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure(message, scope["scheme"])
                if origin is not None and is_foreign_reader:
                    let_read(message, origin)
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            language = preferred_language(headers.get("accept-language", "")) or "en"
            answer: ASGIApp = problem_response(refusal, language)
        elif is_foreign_reader and _is_preflight(scope, headers):
            answer = Response(status_code=204, headers=dict(preflight_headers()))
        else:
            answer = self._app
        await answer(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> EveryrunError | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._hosts.knows(hosts[0]):
            return UnknownHost()
        if self._origins.led_here(scope["method"], headers, scope["scheme"]):
            return ForeignOrigin()
        return None


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    return scope["method"] == "OPTIONS" and "access-control-request-method" in headers
