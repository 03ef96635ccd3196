"""Browsers that are in: a cookie, and the header that proves that a page of ours asks."""

import httpx

from everyrun.domain.roles import Role
from everyrun.server.access.cookies import CSRF_HEADER, csrf_token
from everyrun.store.access.sessions import Browser, OpenedSession, open_session
from everyrun.store.access.users import create_user
from tests.support.served import Served

PASSWORD = "correct horse battery staple"
COOKIE = "everyrun_session"
_DAY = 86_400_000_000


def add_user(
    served: Served, name: str = "kim", role: Role = Role.VIEWER, password: str | None = PASSWORD
) -> str:
    """A user; answers the id."""
    now = served.clock.now()
    hashed = None if password is None else served.server.passwords.hash(password)
    return served.database.transact(
        lambda connection: create_user(connection, name, role, now, password_hash=hashed)
    ).id


def open_for(served: Served, **whose: str) -> OpenedSession:
    """A session of a user or a token (``user_id=…``, ``token_id=…``)."""
    now = served.clock.now()
    return served.database.transact(
        lambda connection: open_session(connection, now, now + _DAY, Browser(), **whose)
    )


def cookie(opened: OpenedSession) -> dict[str, str]:
    """The header with a session's cookie."""
    return {"Cookie": f"{COOKIE}={opened.secret}"}


def own_page(opened: OpenedSession) -> dict[str, str]:
    """The headers that a page of ours sends in a session."""
    return {**cookie(opened), CSRF_HEADER: csrf_token(opened.secret)}


def sending(served: Served, headers: dict[str, str]) -> httpx.Client:
    """A client that sends these headers with every request."""
    client = served.client()
    client.headers.update(headers)
    return client


def browser(served: Served, user_id: str) -> httpx.Client:
    """A client that is in as this user, by cookie."""
    return sending(served, own_page(open_for(served, user_id=user_id)))
