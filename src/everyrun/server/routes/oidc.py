"""Signing in with an OpenID provider: there, and back."""

from typing import Annotated

from fastapi import Query
from starlette.responses import RedirectResponse, Response

from everyrun.domain.errors import EveryrunError
from everyrun.server.access.cookies import clear_cookie, cookie_name, set_cookie
from everyrun.server.access.oidc.errors import ProviderRefused
from everyrun.server.access.oidc.flow import (
    CALLBACK,
    COOKIE,
    COOKIE_SECONDS,
    CameBack,
    OpenIdProvider,
)
from everyrun.server.access.opened import browser_of, enter, sign_in_page
from everyrun.server.access.return_paths import safe_return_path
from everyrun.server.access.signing_in import count_attempt_by, sign_in_by_provider
from everyrun.server.auditing import audited
from everyrun.server.lanes import Lane
from everyrun.server.problems import NoSuchAddress
from everyrun.server.routing import PUBLIC, Routes
from everyrun.server.state import Server
from everyrun.server.visit import Visit
from everyrun.store.access.sessions import OpenedSession

routes = Routes("/login/oidc", tag="access")


def asking_the_provider(server: Server) -> Lane:
    """Where those wait whom the provider keeps waiting: they hold up nobody else."""
    return server.provider_lane


@routes.get(
    "", role=PUBLIC, answers=str, media_type="text/html", hidden=True, lane=asking_the_provider
)
def begin_with_provider(
    visit: Visit,
    next: Annotated[str | None, Query(max_length=2_000)] = None,  # noqa: A002 - as it is called
) -> Response:
    """Leads the browser to the OpenID provider."""
    path = safe_return_path(next)
    try:
        beginning = _provider(visit).begin(_redirect_uri(visit), path)
    except EveryrunError as error:
        return sign_in_page(visit, path, problem=error)
    answer = RedirectResponse(beginning.location, 303)
    scheme = visit.request.url.scheme
    answer.headers["Set-Cookie"] = set_cookie(scheme, beginning.cookie, COOKIE_SECONDS, COOKIE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@routes.get(
    "/callback",
    role=PUBLIC,
    answers=str,
    media_type="text/html",
    hidden=True,
    lane=asking_the_provider,
)
def come_back_from_provider(
    visit: Visit,
    code: Annotated[str, Query(max_length=4_000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
    iss: Annotated[str | None, Query(max_length=2_000)] = None,
    error: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Where the OpenID provider sends the browser back to."""
    try:
        provider = _provider(visit)
        cookie = visit.request.cookies.get(cookie_name(visit.request.url.scheme, COOKIE), "")
        came = provider.recognise(cookie, state, iss)
        opened = _let_in(visit, provider, came, code, error)
        answer = enter(visit, opened, came.next_path)
    except EveryrunError as problem:
        answer = sign_in_page(visit, "/", problem=problem)
    answer.headers.append("Set-Cookie", clear_cookie(visit.request.url.scheme, COOKIE))
    return answer


def _let_in(
    visit: Visit, provider: OpenIdProvider, came: CameBack, code: str, error: str | None
) -> OpenedSession:
    browser = browser_of(visit.request)
    attempts = count_attempt_by(visit.server, browser)
    with audited(visit, "session.open", {}, answered=303):
        if error is not None or not code:
            raise ProviderRefused(f"the provider answered {error or 'without a code'}")
        claims = provider.claims(came, code, _redirect_uri(visit))
        opened = sign_in_by_provider(visit.server, came, claims, browser, attempts)
        visit.target = opened.name
        return opened.session


def _provider(visit: Visit) -> OpenIdProvider:
    provider = visit.server.openid
    if provider is None:
        raise NoSuchAddress
    return provider


def _redirect_uri(visit: Visit) -> str:
    base = visit.settings.public_url or str(visit.request.base_url)
    return base.rstrip("/") + CALLBACK
