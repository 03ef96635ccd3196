"""Sessions and login links: opened once, over in time, ended by whoever may."""

import pytest

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import new_id
from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.store.access.callers import SessionCaller, caller_of_session
from everyrun.store.access.errors import LoginLinkSpent
from everyrun.store.access.sessions import (
    Browser,
    OpenedSession,
    SessionUse,
    end_session,
    forget_sessions,
    list_sessions,
    make_login_link,
    note_seen,
    open_login_link,
    open_session,
    spend_once,
)
from everyrun.store.access.tokens import make_token
from everyrun.store.access.users import create_user, set_role
from everyrun.store.database import Database, open_database
from tests.support.facts import NOON, SECOND
from tests.support.racing import race

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
HERE = Browser("10.0.0.7", "Firefox")


def _user(database: Database, name: str = "kim", role: Role = Role.OPERATOR) -> str:
    return database.transact(lambda c: create_user(c, name, role, NOON)).id


def _token(database: Database, user_id: str | None = None) -> str:
    made = database.transact(lambda c: make_token(c, "ci", Role.VIEWER, NOON, user_id=user_id))
    return made.id


def _open(database: Database, **whose: str) -> OpenedSession:
    return database.transact(lambda c: open_session(c, NOON, NOON + HOUR, HERE, **whose))


def _caller(
    database: Database, secret: str, now: int = NOON, idle: int = HOUR
) -> SessionCaller | None:
    with database.reading() as connection:
        return caller_of_session(connection, secret_hash(secret), now, idle)


def test_a_session_stands_for_its_user(database: Database) -> None:
    user_id = _user(database)
    opened = _open(database, user_id=user_id)

    found = _caller(database, opened.secret)

    assert SessionCaller(
        opened.id, "kim", Role.OPERATOR, user_id, None, NOON + HOUR, NOON
    ) == found  # fmt: skip
    assert _caller(database, opened.id) is None


def test_a_session_that_came_in_with_a_token_may_what_the_token_may(database: Database) -> None:
    user_id = _user(database)
    own, nobodys = _token(database, user_id), _token(database)

    of_own = _caller(database, _open(database, token_id=own).secret)
    of_nobodys = _caller(database, _open(database, token_id=nobodys).secret)

    assert of_own is not None and of_nobodys is not None
    assert ("kim", Role.VIEWER, user_id) == (of_own.name, of_own.role, of_own.user_id)
    assert ("ci", Role.VIEWER, None) == (of_nobodys.name, of_nobodys.role, of_nobodys.user_id)


def test_a_session_follows_its_users_role(database: Database) -> None:
    user_id = _user(database)
    opened = _open(database, user_id=user_id)

    database.transact(lambda c: set_role(c, user_id, Role.VIEWER))

    found = _caller(database, opened.secret)
    assert found is not None and Role.VIEWER is found.role


def test_a_session_is_over_at_its_time_and_when_nobody_uses_it(database: Database) -> None:
    opened = _open(database, user_id=_user(database))

    assert _caller(database, opened.secret, NOON + HOUR - 1) is not None
    assert _caller(database, opened.secret, NOON + HOUR) is None
    assert _caller(database, opened.secret, NOON + MINUTE - 1, idle=MINUTE) is not None
    assert _caller(database, opened.secret, NOON + MINUTE, idle=MINUTE) is None


def test_use_keeps_a_session_awake_and_is_noted_once_a_minute(database: Database) -> None:
    opened = _open(database, user_id=_user(database))
    seen = []

    for after in (MINUTE - 1, MINUTE, 2 * MINUTE):
        use = SessionUse(opened.id, NOON + after, "10.0.0.8")
        database.transact(lambda c, use=use: note_seen(c, [use]))  # type: ignore[misc]
        found = _caller(database, opened.secret, NOON + after)
        seen.append(found.last_seen_at if found else None)

    assert [NOON, NOON + MINUTE, NOON + 2 * MINUTE] == seen


def test_a_login_link_opens_once_and_gets_another_secret(database: Database) -> None:
    token_id = _token(database)
    link = database.transact(lambda c: make_login_link(c, NOON, NOON + MINUTE, token_id=token_id))
    assert _caller(database, link.secret) is None

    opened = database.transact(lambda c: open_login_link(c, link.secret, NOON, NOON + HOUR, HERE))

    assert link.secret != opened.secret
    assert (link.id, token_id, NOON + HOUR) == (opened.id, opened.token_id, opened.expires_at)
    assert _caller(database, opened.secret, NOON + HOUR - 1) is not None
    assert _caller(database, link.secret) is None
    with pytest.raises(LoginLinkSpent):
        database.transact(lambda c: open_login_link(c, link.secret, NOON, NOON + HOUR, HERE))


def test_a_login_link_is_over_at_its_time(database: Database) -> None:
    token_id = _token(database)
    link = database.transact(lambda c: make_login_link(c, NOON, NOON + MINUTE, token_id=token_id))

    for secret, at in ((link.secret, NOON + MINUTE), ("no such link", NOON)):
        with pytest.raises(LoginLinkSpent):
            database.transact(
                lambda c, s=secret, at=at: open_login_link(c, s, at, at + HOUR, HERE)  # type: ignore[misc]
            )


def test_of_two_servers_that_open_a_link_at_once_one_lets_in(database_url: str) -> None:
    servers = [open_database(database_url) for _ in range(3)]
    token_id = _token(servers[0])
    link = servers[0].transact(lambda c: make_login_link(c, NOON, NOON + MINUTE, token_id=token_id))

    ended = race(
        *(
            lambda server=server: server.transact(
                lambda c: open_login_link(c, link.secret, NOON, NOON + HOUR, HERE)
            )
            for server in servers
        )
    )

    assert 1 == sum(isinstance(each, OpenedSession) for each in ended)
    assert 2 == sum(isinstance(each, LoginLinkSpent) for each in ended)
    for server in servers:
        server.close()


def test_who_is_in_is_listed(database: Database) -> None:
    kim, lee = _user(database), _user(database, "lee")
    own = _open(database, token_id=_token(database, kim))
    theirs = _open(database, user_id=lee)
    database.transact(lambda c: make_login_link(c, NOON, NOON + HOUR, user_id=kim))

    with database.reading() as connection:
        everybody = list_sessions(connection, NOON, HOUR)
        of_kim = list_sessions(connection, NOON, HOUR, user_id=kim)
        later = list_sessions(connection, NOON + HOUR, HOUR)

    assert [theirs.id, own.id] == [each.id for each in everybody]
    assert [("kim", Role.VIEWER, "10.0.0.7", "Firefox", to_datetime(NOON))] == [
        (each.name, each.role, each.address, each.user_agent, each.opened_at) for each in of_kim
    ]
    assert [] == later


def test_a_user_ends_only_own_sessions(database: Database) -> None:
    kim, lee = _user(database), _user(database, "lee")
    direct, by_token = _open(database, user_id=kim), _open(database, token_id=_token(database, kim))

    def end(session_id: str, user_id: str | None) -> bool:
        return database.transact(lambda c: end_session(c, session_id, NOON, user_id=user_id))

    assert not end(direct.id, lee)
    assert not end(by_token.id, lee)
    assert end(direct.id, kim)
    assert end(by_token.id, kim)
    assert not end(by_token.id, None)
    assert not end(new_id(), None)
    assert _caller(database, direct.secret) is None


def test_a_one_time_secret_is_spent_once(database: Database) -> None:
    user_id = _user(database)

    def spend() -> bool:
        return database.transact(lambda c: spend_once(c, "state", NOON, NOON + HOUR, user_id))

    assert [False, False, True] == sorted(race(spend, spend, spend), key=str)
    assert _caller(database, "state") is None


def test_sessions_that_are_long_over_are_forgotten(database: Database) -> None:
    opened = _open(database, user_id=_user(database))

    assert 0 == database.transact(lambda c: forget_sessions(c, NOON + HOUR))
    assert 1 == database.transact(lambda c: forget_sessions(c, NOON + HOUR + 1))
    assert _caller(database, opened.secret) is None
