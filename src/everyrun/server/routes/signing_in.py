"""Coming in with a browser, going, and who one is."""

from typing import Annotated

import msgspec
from fastapi import Query
from starlette.responses import Response

from everyrun.domain.errors import EveryrunError, InvalidQuery
from everyrun.domain.roles import Role
from everyrun.server.access.callers import Caller
from everyrun.server.access.cookies import csrf_token, session_secret
from everyrun.server.access.errors import (
    NotAllowed,
    OwnPasswordOnly,
    TooManyAttempts,
    WeakPassword,
    WrongCredentials,
)
from everyrun.server.access.opened import (
    browser_of,
    caller_of,
    enter,
    no_cookie,
    session_cookie,
    sign_in_page,
)
from everyrun.server.access.return_paths import safe_return_path
from everyrun.server.access.signing_in import (
    checked,
    count_attempt_by,
    sign_in_by_link,
    sign_in_by_password,
    sign_in_by_token,
    succeeded,
)
from everyrun.server.auditing import audited
from everyrun.server.lanes import Lane
from everyrun.server.routing import PUBLIC, Routes
from everyrun.server.state import Server
from everyrun.server.visit import Visit
from everyrun.store.access.sessions import end_session
from everyrun.store.access.users import read_user, set_password_hash
from everyrun.store.connections import Connection

api = Routes("/api/v1", tag="access")
pages = Routes("", tag="access")

_LED_HERE = frozenset({"cross-site", "same-site"})


def signing_in(server: Server) -> Lane:
    """Where those wait who want to come in: they hold up nobody who is in."""
    return server.door


class LoginRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Either a user's name and password, or a token."""

    name: str | None = None
    password: str | None = None
    token: str | None = None


class Me(msgspec.Struct, kw_only=True):
    """Who asks. ``csrf_token`` is what a page sends as X-CSRF-Token with each change."""

    kind: str
    id: str
    name: str
    role: Role
    user_id: str | None
    session_id: str | None
    csrf_token: str | None


class PasswordChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One's own password, as it is and as it shall be."""

    current_password: str
    new_password: str


@api.post(
    "/login",
    role=PUBLIC,
    body=LoginRequest,
    answers=Me,
    audit=None,  # not those who must wait: they would fill the log
    lane=signing_in,
    raises=(InvalidQuery, WrongCredentials, NotAllowed, TooManyAttempts),
)
def login(visit: Visit, body: LoginRequest) -> Me:
    """Sign in a browser: it gets a cookie.

    With a user's `name` and `password`, or with a `token` that may read. Programs need none of
    this: they send their token with each request.
    """
    server, browser = visit.server, browser_of(visit.request)
    by_token = body.token is not None and body.name is None and body.password is None
    by_name = body.token is None and body.name is not None and body.password is not None
    if not (by_token or by_name):
        raise InvalidQuery("give either name and password, or token")
    attempts = count_attempt_by(server, browser, body.name)
    with audited(visit, "session.open", {"body": body}):
        visit.target = body.name
        if body.token is not None:
            opened = sign_in_by_token(server, body.token, browser, attempts)
        else:
            name, password = body.name or "", body.password or ""
            opened = sign_in_by_password(server, name, password, browser, attempts)
        caller = caller_of(visit, opened)
        visit.target = caller.name
    visit.headers["Set-Cookie"] = session_cookie(visit, opened)
    return _me(caller, opened.secret)


@api.post("/logout", role=Role.VIEWER, answers=None, status=204, audit="session.close")
def logout(visit: Visit) -> None:
    """End the session that this is asked with; a token stays as it is."""
    session_id = visit.caller.session_id
    if session_id is not None:
        now = visit.now
        visit.database.transact(lambda connection: end_session(connection, session_id, now))
        visit.server.recogniser.forget()
        visit.headers["Set-Cookie"] = no_cookie(visit)


@api.get("/me", role=Role.VIEWER, answers=Me)
def me(visit: Visit) -> Me:
    """Who asks, and what they may do."""
    secret = session_secret(visit.request) if visit.caller.session_id else None
    return _me(visit.caller, secret)


@api.post(
    "/me/password",
    role=Role.VIEWER,
    body=PasswordChange,
    answers=None,
    status=204,
    audit="user.password",
    lane=signing_in,
    raises=(OwnPasswordOnly, WrongCredentials, WeakPassword, TooManyAttempts),
)
def change_own_password(visit: Visit, body: PasswordChange) -> None:
    """Change one's own password. All of one's other sessions end."""
    caller, server = visit.caller, visit.server
    if caller.kind != "user":
        raise OwnPasswordOnly
    with visit.reading() as connection:
        user = read_user(connection, caller.id)
    if not user.has_password:
        raise OwnPasswordOnly
    visit.target = user.name
    attempts = count_attempt_by(server, browser_of(visit.request), user.name)
    checked(server, user.name, body.current_password)
    fresh = server.passwords.hash(body.new_password, user.name)
    now = visit.now

    def change(connection: Connection) -> None:
        succeeded(connection, attempts)
        set_password_hash(connection, user.id, fresh, now, kept_session=caller.session_id)

    visit.database.transact(change)
    server.recogniser.forget()


@pages.get("/login", role=PUBLIC, answers=str, media_type="text/html", hidden=True, lane=signing_in)
def login_page(
    visit: Visit,
    link: Annotated[str | None, Query(max_length=200)] = None,
    next: Annotated[str | None, Query(max_length=2_000)] = None,  # noqa: A002 - as it is called
) -> Response:
    """The sign-in page; with a login link, the way in."""
    path = safe_return_path(next)
    if link is None:
        return sign_in_page(visit, path)
    if visit.request.headers.get("sec-fetch-site") in _LED_HERE:
        return sign_in_page(visit, path, link=link)
    try:
        browser = browser_of(visit.request)
        attempts = count_attempt_by(visit.server, browser)
        with audited(visit, "session.open", {}, answered=303):
            opened = sign_in_by_link(visit.server, link, browser, attempts)
            visit.target = caller_of(visit, opened).name
    except EveryrunError as error:
        return sign_in_page(visit, path, problem=error)
    return enter(visit, opened, path)


def _me(caller: Caller, secret: str | None) -> Me:
    return Me(
        kind=caller.kind,
        id=caller.id,
        name=caller.name,
        role=caller.role,
        user_id=caller.user_id,
        session_id=caller.session_id,
        csrf_token=None if secret is None else csrf_token(secret),
    )
