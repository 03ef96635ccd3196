"""The door: every request passes it before anything is read of it."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.server.access.callers import Caller
from everyrun.server.access.cookies import CSRF_HEADER, is_csrf_token, session_secret
from everyrun.server.access.errors import (
    CsrfRefused,
    ForeignOrigin,
    NotAllowed,
    NotLetIn,
    TooManyRequests,
)
from everyrun.server.access.origins import SAFE_METHODS
from everyrun.server.access.recognising import Shown
from everyrun.server.access.settings import is_token_text
from everyrun.server.state import Server
from everyrun.server.visit import Visit

_BEARER = "bearer "


def entering(role: Role | None) -> Callable[[Request], Awaitable[None]]:
    """A dependency that lets in who may do what ``role`` may; None lets everybody in.

    It leaves the :class:`Visit` in ``request.state.visit``. Raises :class:`NotLetIn`,
    :class:`NotAllowed`, :class:`CsrfRefused` and :class:`TooManyRequests`.
    """

    async def enter(request: Request) -> None:
        server: Server = request.app.state.server
        if role is None:
            request.state.visit = Visit(server, request, None)
            return
        caller = await _caller(server, request)
        if not caller.role.allows(role):
            raise NotAllowed(f"this needs the role {role}; {caller.name} has {caller.role}")
        wait = server.rates.take(caller.id)
        if wait:
            raise TooManyRequests(wait)
        request.state.visit = Visit(server, request, caller)

    return enter


async def _caller(server: Server, request: Request) -> Caller:
    """Who asks: by their token where they send one, else by their cookie."""
    if "authorization" in request.headers:
        return await _by_token(server, request)
    secret = session_secret(request)
    if secret is None:
        raise NotLetIn
    caller = await _recognised(server, request, "session", secret)
    if request.method not in SAFE_METHODS:
        _require_own_page(server, request, secret)
    return caller


async def _by_token(server: Server, request: Request) -> Caller:
    sent = request.headers.getlist("authorization")
    token = sent[0][len(_BEARER) :].strip()
    if len(sent) > 1 or sent[0][: len(_BEARER)].lower() != _BEARER or not is_token_text(token):
        raise NotLetIn
    return await _recognised(server, request, "token", token)


async def _recognised(server: Server, request: Request, kind: str, secret: str) -> Caller:
    hashed = secret_hash(secret)
    caller = server.recogniser.remembered(kind, hashed)
    if caller is not None:
        return caller
    address = "" if request.client is None else request.client.host
    if server.strangers.is_empty(address):
        raise TooManyRequests(1.0)
    caller = await server.callers.get(Shown(kind, hashed, address))
    if caller is None:
        server.strangers.take(address)
        raise NotLetIn("this token is not valid (any more)" if kind == "token" else None)
    return caller


def _require_own_page(server: Server, request: Request, secret: str) -> None:
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    if origin is not None and not server.origins.is_own(origin, request.url.scheme, host):
        raise ForeignOrigin
    if not is_csrf_token(request.headers.get(CSRF_HEADER, ""), secret):
        raise CsrfRefused
