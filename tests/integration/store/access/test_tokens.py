"""Tokens: shown once, kept as hashes, gone when revoked."""

import re
from datetime import timedelta

import pytest

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import AmbiguousId, InvalidCursor, InvalidQuery, NotOnRecord
from everyrun.domain.person_names import BadName
from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.domain.views.access import NewToken
from everyrun.store.access import sessions, tokens, users
from everyrun.store.access.callers import TokenCaller, caller_of_session, caller_of_token
from everyrun.store.access.sessions import Browser
from everyrun.store.access.tokens import (
    TokenUse,
    find_token,
    keep_token,
    list_tokens,
    make_token,
    note_uses,
    revoke_others_named,
    revoke_token,
)
from everyrun.store.database import Database
from tests.support.facts import NOON, SECOND
from tests.support.racing import race

MINUTE = 60 * SECOND


def _make(
    database: Database, name: str = "ci", role: Role = Role.VIEWER, **more: object
) -> NewToken:
    return database.transact(lambda c: make_token(c, name, role, NOON, **more))  # type: ignore[arg-type]


def _caller(database: Database, token: str, now: int = NOON) -> TokenCaller | None:
    with database.reading() as connection:
        return caller_of_token(connection, secret_hash(token), now)


def test_a_token_is_long_random_and_kept_only_as_a_hash(database: Database) -> None:
    one, other = _make(database), _make(database)

    assert re.fullmatch(r"er_[0-9A-Za-z]{43}", one.token)
    assert one.token != other.token
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM tokens").all()
    assert one.token not in repr(rows)
    assert secret_hash(one.token) in repr(rows)


def test_a_token_stands_for_its_name_and_role(database: Database) -> None:
    made = _make(database, role=Role.INGEST)

    found = _caller(database, made.token)

    assert found is not None
    assert (made.id, "ci", Role.INGEST, None) == (found.id, found.name, found.role, found.user_id)
    assert _caller(database, made.token + "x") is None
    assert _caller(database, "\udc80") is None


def test_a_token_expires_to_the_microsecond(database: Database) -> None:
    made = _make(database, expires_at=NOON + SECOND)

    assert to_datetime(NOON) + timedelta(seconds=1) == made.expires_at
    assert _caller(database, made.token, NOON + SECOND - 1) is not None
    assert _caller(database, made.token, NOON + SECOND) is None


def test_a_revoked_token_and_its_sessions_are_out(database: Database) -> None:
    made = _make(database)
    session = database.transact(
        lambda c: sessions.open_session(c, NOON, NOON + MINUTE, Browser(), token_id=made.id)
    )

    assert database.transact(lambda c: revoke_token(c, made.id, NOON))
    assert not database.transact(lambda c: revoke_token(c, made.id, NOON))
    assert _caller(database, made.token) is None
    with database.reading() as connection:
        assert caller_of_session(connection, secret_hash(session.secret), NOON, MINUTE) is None


def test_a_token_may_no_more_than_its_user(database: Database) -> None:
    user = database.transact(lambda c: users.create_user(c, "kim", Role.OPERATOR, NOON))
    made = _make(database, role=Role.OPERATOR, user_id=user.id)
    events = _make(database, role=Role.INGEST, user_id=user.id)

    database.transact(lambda c: users.set_role(c, user.id, Role.VIEWER))

    lessened = _caller(database, made.token)
    assert lessened is not None
    assert (Role.VIEWER, "kim") == (lessened.role, lessened.user_name)
    assert _caller(database, events.token) is None


def test_a_disabled_users_tokens_are_out_until_they_are_back(database: Database) -> None:
    user = database.transact(lambda c: users.create_user(c, "kim", Role.VIEWER, NOON))
    made = _make(database, user_id=user.id)

    database.transact(lambda c: users.disable_user(c, user.id, NOON))
    while_disabled = _caller(database, made.token)
    database.transact(lambda c: users.enable_user(c, user.id))

    assert while_disabled is None
    assert _caller(database, made.token) is not None


def test_a_token_is_found_by_name_or_by_how_its_id_begins(database: Database) -> None:
    made = _make(database, name="nightly")

    with database.reading() as connection:
        assert made.id == find_token(connection, "nightly").id
        assert made.id == find_token(connection, made.id).id
        assert made.token[:7] + "…" == find_token(connection, made.id).hint
        with pytest.raises(NotOnRecord):
            find_token(connection, "weekly")


def test_of_two_tokens_of_one_name_neither_is_chosen(database: Database) -> None:
    first, _ = _make(database), _make(database)
    with database.reading() as connection, pytest.raises(AmbiguousId):
        find_token(connection, "ci")

    database.transact(lambda c: revoke_token(c, first.id, NOON))

    with database.reading() as connection:
        assert first.id != find_token(connection, "ci").id
        assert find_token(connection, first.id).revoked_at == to_datetime(NOON)


def test_tokens_are_listed_page_by_page_without_the_revoked(database: Database) -> None:
    made = [_make(database, name=f"t{number}").id for number in range(5)]
    database.transact(lambda c: revoke_token(c, made[2], NOON))
    listed, cursor = list[str](), None

    with database.reading() as connection:
        for _ in range(2):
            page = list_tokens(connection, limit=2, after=cursor)
            listed += [each.id for each in page.items]
            cursor = page.next
        everything = list_tokens(connection, revoked=True)

    assert [made[4], made[3], made[1], made[0]] == listed
    assert cursor is None
    assert made[::-1] == [each.id for each in everything.items]


def test_tokens_of_one_user_are_listed_alone(database: Database) -> None:
    user = database.transact(lambda c: users.create_user(c, "kim", Role.VIEWER, NOON))
    _make(database)
    own = _make(database, user_id=user.id)

    with database.reading() as connection:
        assert [(own.id, "kim")] == [
            (each.id, each.user) for each in list_tokens(connection, user_id=user.id).items
        ]


def test_a_wrong_cursor_or_limit_is_refused(database: Database) -> None:
    with database.reading() as connection:
        with pytest.raises(InvalidCursor):
            list_tokens(connection, after="nonsense")
        with pytest.raises(InvalidQuery):
            list_tokens(connection, limit=0)


def test_use_is_noted_at_most_once_a_minute(database: Database) -> None:
    made = _make(database)
    noted = []

    for after in (0, 59 * SECOND, MINUTE):
        use = TokenUse(made.id, NOON + after, "10.0.0.7")
        database.transact(lambda c, use=use: note_uses(c, [use]))  # type: ignore[misc]
        with database.reading() as connection:
            noted.append(find_token(connection, made.id).last_used_at)

    assert [to_datetime(NOON), to_datetime(NOON), to_datetime(NOON + MINUTE)] == noted


def test_a_token_of_somebodys_own_choosing_is_kept_once(database: Database) -> None:
    def keep() -> tokens.KeptToken:
        return database.transact(
            lambda c: keep_token(c, "a-secret-of-my-own-choosing", "env", Role.ADMIN, NOON)
        )

    kept = race(keep, keep, keep)

    assert 1 == len({each.id for each in kept if isinstance(each, tokens.KeptToken)})
    assert [False, False, True] == sorted(
        each.is_new for each in kept if isinstance(each, tokens.KeptToken)
    )


def test_a_newer_token_takes_the_place_of_those_of_its_name(database: Database) -> None:
    user = database.transact(lambda c: users.create_user(c, "kim", Role.VIEWER, NOON))
    old, newer = _make(database, name="env"), _make(database, name="env")
    theirs = _make(database, name="env", user_id=user.id)

    revoked = database.transact(lambda c: revoke_others_named(c, "env", newer.id, NOON))

    assert [old.id] == revoked
    assert [False, True, True] == [
        _caller(database, each.token) is not None for each in (old, newer, theirs)
    ]


@pytest.mark.parametrize("name", ["", "  ", "a" * 201, "two\nlines", "zero\u200bwidth", "\x00"])
def test_a_name_that_cannot_be_read_is_refused(database: Database, name: str) -> None:
    with pytest.raises(BadName):
        _make(database, name=name)
