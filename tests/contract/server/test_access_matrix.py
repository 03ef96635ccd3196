"""Every route, tried by everybody: made from the table of routes, so that none is left out."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from everyrun.domain.identifiers import new_id
from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.server.access.cookies import CSRF_HEADER, csrf_token
from everyrun.server.app import create_app
from everyrun.server.openapi import declared_routes
from everyrun.server.routing import Public
from everyrun.server.settings import ServerSettings
from everyrun.server.state import Server
from everyrun.server.table import RouteTable
from everyrun.store.access.sessions import end_session
from everyrun.store.access.tokens import make_token, revoke_token
from everyrun.store.access.users import create_user, disable_user
from everyrun.store.database import Database
from everyrun.testing.hand_clock import HandClock
from tests.support.browsers import cookie, open_for, own_page
from tests.support.served import Served, serve

UNDECLARED = {"/api/v1/openapi.json"}
"""What the framework answers itself: the description, which holds nothing of anybody's."""
SAFE = {"GET", "HEAD"}

Headers = dict[str, str]


class Way(NamedTuple):
    """A route as it is called, and who may."""

    method: str
    path: str
    needed: Role | None

    @property
    def is_safe(self) -> bool:
        return self.method in SAFE


@pytest.fixture
def guarded(database: Database) -> Iterator[Served]:
    """A server that nobody can call too often."""
    with serve(database, ServerSettings(rate_limit=0), HandClock()) as running:
        yield running


def _ways(app: FastAPI) -> list[Way]:
    return [
        Way(method, path, None if isinstance(declared.access, Public) else declared.access)
        for method, path, declared in declared_routes(app)
    ]


def _undeclared(routes: Iterable[Any]) -> Iterator[str]:
    """The paths of what is served without anybody having said to whom."""
    for route in routes:
        router = route if isinstance(route, RouteTable) else getattr(route, "original_router", None)
        if router is not None:
            yield from _undeclared(router.routes)
        elif not hasattr(route, "declared"):
            yield getattr(route, "path", repr(route))


def _call(client: httpx.Client, way: Way, headers: Headers) -> tuple[int, str]:
    address = re.sub(r"\{[^}]*\}", lambda _: new_id(), way.path)
    answer = client.request(way.method, address, headers=headers)
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return answer.status_code, answer.json()["code"] if is_problem else ""


def _breaches(
    served: Served, headers_for: Callable[[], Headers], expected: Callable[[Way], str | None]
) -> list[str]:
    """Where what came is not what was expected: a problem's code, or None for being let in."""
    client, found = served.client(), list[str]()
    for way in _ways(served.app):
        wanted = expected(way)
        status, code = _call(client, way, headers_for())
        is_let_in = status not in {401, 403} and status < 500
        if not (is_let_in if wanted is None else code == wanted):
            found.append(f"{way.method} {way.path}: {status} {code}, expected {wanted}")
    return found


def _only_public(way: Way) -> str | None:
    return None if way.needed is None else "NOT_LET_IN"


def _as(role: Role) -> Callable[[Way], str | None]:
    def expected(way: Way) -> str | None:
        return None if way.needed is None or role.allows(way.needed) else "NOT_ALLOWED"

    return expected


def _bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


def test_every_route_declares_who_may_call_it(database: Database) -> None:
    app = create_app(Server(database))
    forgotten = APIRouter()
    forgotten.add_api_route("/forgotten", lambda: None)

    assert UNDECLARED == set(_undeclared(app.routes))
    app.include_router(forgotten)
    assert UNDECLARED | {"/forgotten"} == set(_undeclared(app.routes))


def test_no_route_that_reads_lets_in_who_only_adds_events(database: Database) -> None:
    app = create_app(Server(database))

    assert [] == [way for way in _ways(app) if way.is_safe and way.needed is Role.INGEST]


@pytest.mark.parametrize("role", list(Role))
def test_a_token_may_what_its_role_may(guarded: Served, role: Role) -> None:
    headers = _bearer(guarded.token(role))

    assert [] == _breaches(guarded, lambda: headers, _as(role))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.ADMIN])
def test_a_browser_may_what_its_user_may(guarded: Served, role: Role) -> None:
    user_id = guarded.database.transact(
        lambda c: create_user(c, "kim", role, guarded.clock.now())
    ).id

    def fresh() -> Headers:
        return own_page(open_for(guarded, user_id=user_id))

    assert [] == _breaches(guarded, fresh, _as(role))


def test_a_browser_changes_nothing_without_proof_that_our_page_asks(guarded: Served) -> None:
    mine, theirs = (
        guarded.database.transact(
            lambda c, name=name: create_user(c, name, Role.ADMIN, guarded.clock.now())  # type: ignore[misc]
        ).id
        for name in ("kim", "lee")
    )
    session, other = open_for(guarded, user_id=mine), open_for(guarded, user_id=theirs)
    proofs: list[Headers] = [
        {},
        {CSRF_HEADER: ""},
        {CSRF_HEADER: csrf_token(other.secret)},
        {CSRF_HEADER: session.secret},
        {CSRF_HEADER: csrf_token(session.secret)[:-1]},
    ]

    def expected(way: Way) -> str | None:
        return None if way.needed is None or way.is_safe else "CSRF_REFUSED"

    for proof in proofs:
        assert [] == _breaches(guarded, lambda p=proof: {**cookie(session), **p}, expected)  # type: ignore[misc]


def test_who_cannot_be_recognised_is_let_in_nowhere(guarded: Served) -> None:
    now = guarded.clock.now()
    user_id = guarded.database.transact(lambda c: create_user(c, "kim", Role.ADMIN, now)).id
    with_user = guarded.database.transact(
        lambda c: make_token(c, "theirs", Role.ADMIN, now, user_id=user_id)
    ).token
    revoked = guarded.database.transact(lambda c: make_token(c, "old", Role.ADMIN, now))
    guarded.database.transact(lambda c: revoke_token(c, revoked.id, now))
    expired = guarded.token(Role.ADMIN, lives=timedelta(0))
    ended, of_disabled = (open_for(guarded, user_id=user_id) for _ in range(2))
    guarded.database.transact(lambda c: end_session(c, ended.id, now))
    guarded.database.transact(lambda c: disable_user(c, user_id, now))
    good = guarded.token(Role.ADMIN)
    strangers: dict[str, Headers] = {
        "nobody": {},
        "an unknown token": _bearer("er_" + "x" * 43),
        "a token's hash": _bearer(secret_hash(good)),
        "an expired token": _bearer(expired),
        "a revoked token": _bearer(revoked.token),
        "a disabled user's token": _bearer(with_user),
        "an empty token": {"Authorization": "Bearer"},
        "another scheme": {"Authorization": f"Basic {good}"},
        "a token as a cookie": {"Cookie": f"everyrun_session={good}"},
        "an ended session": own_page(ended),
        "a disabled user's session": own_page(of_disabled),
        "a session's secret as a token": _bearer(of_disabled.secret),
    }

    found = {
        who: _breaches(guarded, lambda h=headers: h, _only_public)  # type: ignore[misc]
        for who, headers in strangers.items()
    }

    assert {who: [] for who in strangers} == found


def test_a_bad_token_is_not_made_good_by_a_cookie(guarded: Served) -> None:
    user_id = guarded.database.transact(
        lambda c: create_user(c, "kim", Role.ADMIN, guarded.clock.now())
    ).id
    headers = {**own_page(open_for(guarded, user_id=user_id)), **_bearer("nonsense")}

    assert [] == _breaches(guarded, lambda: headers, _only_public)
