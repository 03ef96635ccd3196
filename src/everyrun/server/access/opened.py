"""What a browser is answered when it comes in or goes."""

from starlette.requests import Request

from everyrun.domain.plain_secrets import secret_hash
from everyrun.server.access.callers import Caller
from everyrun.server.access.cookies import clear_cookie, set_cookie
from everyrun.server.access.errors import NotLetIn
from everyrun.server.visit import Visit
from everyrun.store.access.sessions import Browser, OpenedSession

_SECOND = 1_000_000


def browser_of(request: Request) -> Browser:
    """Where a request comes from."""
    address = None if request.client is None else request.client.host
    return Browser(address, request.headers.get("user-agent"))


def session_cookie(visit: Visit, opened: OpenedSession) -> str:
    """The ``Set-Cookie`` that lets the browser in from now on."""
    seconds = (opened.expires_at - visit.now) / _SECOND
    return set_cookie(visit.request.url.scheme, opened.secret, seconds)


def no_cookie(visit: Visit) -> str:
    """The ``Set-Cookie`` that takes the session away from the browser."""
    return clear_cookie(visit.request.url.scheme)


def caller_of(visit: Visit, opened: OpenedSession) -> Caller:
    """Whom the browser is in for. Raises :class:`NotLetIn` when that has changed already."""
    hashed = secret_hash(opened.secret)
    caller = visit.server.recogniser.recognise("session", hashed, visit.address)
    if caller is None:
        raise NotLetIn
    return caller
