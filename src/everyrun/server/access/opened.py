"""What a browser is answered when it comes in or goes."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from everyrun.domain.errors import EveryrunError
from everyrun.domain.plain_secrets import secret_hash
from everyrun.server.access.callers import Caller
from everyrun.server.access.cookies import clear_cookie, set_cookie
from everyrun.server.access.errors import NotLetIn
from everyrun.server.pages.signing_in import SIGN_IN_POLICY, draw_sign_in
from everyrun.server.problems import title_of
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


def enter(visit: Visit, opened: OpenedSession, path: str) -> Response:
    """Let the browser in, and lead it on."""
    answer = RedirectResponse(path, 303)
    answer.headers.append("Set-Cookie", session_cookie(visit, opened))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def sign_in_page(
    visit: Visit, path: str, *, problem: EveryrunError | None = None, link: str | None = None
) -> Response:
    """The page to sign in on, with what went wrong before."""
    issuer = visit.settings.oidc_issuer
    html = draw_sign_in(
        visit.language,
        path,
        problem="" if problem is None else title_of(problem, visit.language),
        provider=urlsplit(issuer).hostname if issuer else None,
        link=link,
    )
    headers = {"Content-Security-Policy": SIGN_IN_POLICY, "Cache-Control": "no-store"}
    return HTMLResponse(html, 200 if problem is None else problem.status_code, headers)
