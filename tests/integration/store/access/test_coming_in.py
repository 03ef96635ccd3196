"""Whether there is anybody who may come in, and forgetting who was."""

from everyrun.domain.roles import Role
from everyrun.store.access.anybody import may_anybody_come_in
from everyrun.store.access.forgetting import KEPT, forget_visitors
from everyrun.store.access.login_failures import Patience, attempt_by, count_attempt
from everyrun.store.access.sessions import Browser, open_session
from everyrun.store.access.tokens import make_token, revoke_token
from everyrun.store.access.users import create_user, disable_user
from everyrun.store.database import Database
from tests.support.facts import NOON, SECOND


def _anybody(database: Database, now: int = NOON) -> bool:
    with database.reading() as connection:
        return may_anybody_come_in(connection, now)


def test_a_token_alone_lets_somebody_in_until_it_is_over(database: Database) -> None:
    before = _anybody(database)
    made = database.transact(
        lambda c: make_token(c, "ci", Role.ADMIN, NOON, expires_at=NOON + SECOND)
    )

    assert (False, True, False) == (
        before,
        _anybody(database),
        _anybody(database, NOON + SECOND),
    )
    database.transact(lambda c: revoke_token(c, made.id, NOON))
    assert not _anybody(database)


def test_a_user_lets_somebody_in_until_they_are_disabled(database: Database) -> None:
    user = database.transact(lambda c: create_user(c, "kim", Role.VIEWER, NOON))
    database.transact(lambda c: make_token(c, "ci", Role.VIEWER, NOON, user_id=user.id))

    assert _anybody(database)
    database.transact(lambda c: disable_user(c, user.id, NOON))
    assert not _anybody(database)


def test_who_was_in_and_who_tried_is_forgotten_a_day_later(database: Database) -> None:
    attempt = attempt_by("name", "kim", Patience(5, SECOND, SECOND))
    user = database.transact(lambda c: create_user(c, "kim", Role.VIEWER, NOON))
    database.transact(lambda c: open_session(c, NOON, NOON, Browser(), user_id=user.id))
    database.transact(lambda c: count_attempt(c, [attempt], NOON))

    assert 0 == database.transact(lambda c: forget_visitors(c, NOON + KEPT))
    assert 2 == database.transact(lambda c: forget_visitors(c, NOON + KEPT + 1))
