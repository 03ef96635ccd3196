"""Who comes again and again is asked for together, and who was sent away comes in no more."""

from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.domain.views.access import NewToken
from everyrun.server.access.noting import Notes
from everyrun.server.access.recognising import (
    REMEMBERED_MICROSECONDS,
    RENEWED_MICROSECONDS,
    Recogniser,
)
from everyrun.server.access.settings import AccessSettings
from everyrun.store.access.tokens import make_token, revoke_token
from everyrun.store.database import Database

NOON = 1_000_000_000_000_000
SOON = NOON + REMEMBERED_MICROSECONDS - RENEWED_MICROSECONDS
LATER = NOON + REMEMBERED_MICROSECONDS


class SetClock:
    """Stands where it is set."""

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> int:
        """The moment that it is set to."""
        return self.at


class Door:
    """A recogniser whose clock is set."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SetClock(NOON)
        self.recogniser = Recogniser(database, self.clock, AccessSettings(), Notes(database))

    def knows(self, *made: NewToken) -> list[bool]:
        """Whether each is let in without a question to the ledger."""
        return [
            self.recogniser.remembered("token", secret_hash(each.token)) is not None
            for each in made
        ]

    def asks(self, made: NewToken) -> bool:
        """Whether one is let in by what the ledger says now."""
        return self.recogniser.recognise("token", secret_hash(made.token), "10.0.0.1") is not None

    def make(self, *names: str) -> list[NewToken]:
        """Tokens that are good."""
        return self.database.transact(
            lambda connection: [make_token(connection, name, Role.VIEWER, NOON) for name in names]
        )

    def revoke(self, made: NewToken) -> None:
        """Revoke one as another server does, which tells nobody here."""
        self.database.transact(lambda connection: revoke_token(connection, made.id, NOON))


def test_who_came_meanwhile_is_renewed_with_others(database: Database) -> None:
    door = Door(database)
    again, never_again, first = door.make("again", "never again", "first")
    for each in (again, never_again, first):
        assert door.asks(each)
    door.knows(again)

    door.clock.at = SOON
    assert door.asks(first)
    door.clock.at = LATER

    assert [True, False, True] == door.knows(again, never_again, first)


def test_nobody_is_renewed_long_before_being_forgotten(database: Database) -> None:
    door = Door(database)
    again, other = door.make("again", "other")
    assert door.asks(again)
    door.knows(again)

    door.clock.at = SOON - 1
    assert door.asks(other)
    door.clock.at = LATER

    assert [False, True] == door.knows(again, other)


def test_who_came_once_is_not_renewed_for_ever(database: Database) -> None:
    door = Door(database)
    once, other = door.make("once", "other")
    assert door.asks(once)
    door.knows(once)

    for at in (SOON, 2 * SOON, 3 * SOON):
        door.clock.at = at
        assert door.asks(other)

    assert [False, True] == door.knows(once, other)


def test_who_was_revoked_elsewhere_is_let_in_no_more_once_that_is_seen(database: Database) -> None:
    door = Door(database)
    revoked, other = door.make("revoked", "other")
    assert door.asks(revoked)
    assert [True] == door.knows(revoked)
    door.revoke(revoked)
    assert [True] == door.knows(revoked), "a revocation elsewhere is seen a moment later"

    door.clock.at = SOON
    assert door.asks(other)

    assert [False] == door.knows(revoked)


def test_after_a_revocation_here_everybody_is_asked_for_anew(database: Database) -> None:
    door = Door(database)
    (made,) = door.make("made")
    assert door.asks(made)
    door.recogniser.forget()

    assert [False] == door.knows(made)
    assert door.asks(made)
