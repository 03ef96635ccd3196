"""Users: one a name, and always an administrator who can sign in."""

import unicodedata

import pytest

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import EveryrunError, NotOnRecord
from everyrun.domain.identifiers import new_id
from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.domain.views.access import UserView
from everyrun.store.access.callers import caller_of_session
from everyrun.store.access.errors import LastAdmin, NameTaken
from everyrun.store.access.sessions import Browser, open_session
from everyrun.store.access.users import (
    create_user,
    delete_user,
    disable_user,
    enable_user,
    find_user,
    known_password,
    list_users,
    note_login,
    read_user,
    replace_password_hash,
    set_password_hash,
    set_role,
    user_of_subject,
)
from everyrun.store.database import Database
from tests.support.facts import NOON, SECOND
from tests.support.racing import race

HOUR = 3_600 * SECOND


def _create(
    database: Database, name: str, role: Role = Role.VIEWER, password_hash: str | None = "hash"
) -> UserView:
    return database.transact(
        lambda c: create_user(c, name, role, NOON, password_hash=password_hash)
    )


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Kim", "kIM"),
        (" kim ", "kim"),
        ("김철수", unicodedata.normalize("NFD", "김철수")),
        ("Straße", "STRASSE"),
        ("É", "e\u0301"),
    ],
)
def test_names_that_nobody_could_tell_apart_are_one(
    database: Database, name: str, other: str
) -> None:
    made = _create(database, name)

    with pytest.raises(NameTaken):
        _create(database, other)
    with database.reading() as connection:
        assert made.id == find_user(connection, other).id
    assert unicodedata.normalize("NFC", name).strip() == made.name


def test_of_those_who_take_a_name_at_once_one_gets_it(database: Database) -> None:
    ended = race(*(lambda name=name: _create(database, name) for name in ("kim", "Kim", "KIM")))

    assert 1 == sum(isinstance(each, UserView) for each in ended)
    assert 2 == sum(isinstance(each, NameTaken) for each in ended)


def test_a_user_is_found_by_id_and_what_is_not_there_is_not(database: Database) -> None:
    made = _create(database, "kim")

    with database.reading() as connection:
        assert made == find_user(connection, made.id.upper())
        for text in ("lee", new_id()):
            with pytest.raises(NotOnRecord):
                find_user(connection, text)
        with pytest.raises(NotOnRecord):
            read_user(connection, new_id())


def test_users_are_listed_page_by_page(database: Database) -> None:
    made = [_create(database, f"u{number}").id for number in range(3)]

    with database.reading() as connection:
        first = list_users(connection, limit=2)
        rest = list_users(connection, limit=2, after=first.next)

    assert made[::-1] == [each.id for each in first.items + rest.items]
    assert rest.next is None


@pytest.mark.parametrize("remove", ["disable", "demote", "delete"])
def test_the_last_admin_stays(database: Database, remove: str) -> None:
    admin = _create(database, "root", Role.ADMIN)
    _create(database, "passwordless", Role.ADMIN, password_hash=None)
    _create(database, "viewer")

    def work() -> object:
        return database.transact(
            {
                "disable": lambda c: disable_user(c, admin.id, NOON),
                "demote": lambda c: set_role(c, admin.id, Role.OPERATOR),
                "delete": lambda c: delete_user(c, admin.id),
            }[remove]
        )

    with pytest.raises(LastAdmin):
        work()
    _create(database, "second", Role.ADMIN)
    work()


def test_two_admins_cannot_disable_each_other_at_once(database: Database) -> None:
    one, other = (_create(database, name, Role.ADMIN) for name in ("one", "other"))

    ended = race(
        lambda: database.transact(lambda c: disable_user(c, other.id, NOON)),
        lambda: database.transact(lambda c: set_role(c, one.id, Role.VIEWER)),
    )

    assert 1 == sum(isinstance(each, LastAdmin) for each in ended)
    assert 1 == sum(isinstance(each, UserView) for each in ended)


def test_a_disabled_user_has_no_session_and_no_password(database: Database) -> None:
    user = _create(database, "kim")
    session = database.transact(
        lambda c: open_session(c, NOON, NOON + HOUR, Browser(), user_id=user.id)
    )

    disabled = database.transact(lambda c: disable_user(c, user.id, NOON))

    assert to_datetime(NOON) == disabled.disabled_at
    with database.reading() as connection:
        assert known_password(connection, "kim") is None
        assert caller_of_session(connection, secret_hash(session.secret), NOON, HOUR) is None
    database.transact(lambda c: enable_user(c, user.id))
    with database.reading() as connection:
        assert known_password(connection, "KIM") is not None
        assert caller_of_session(connection, secret_hash(session.secret), NOON, HOUR) is None


def test_another_password_ends_all_sessions_but_one(database: Database) -> None:
    user = _create(database, "kim")
    kept, other = (
        database.transact(lambda c: open_session(c, NOON, NOON + HOUR, Browser(), user_id=user.id))
        for _ in range(2)
    )

    database.transact(lambda c: set_password_hash(c, user.id, "new", NOON, kept_session=kept.id))

    with database.reading() as connection:
        found = [
            caller_of_session(connection, secret_hash(each.secret), NOON, HOUR)
            for each in (kept, other)
        ]
        known = known_password(connection, "kim")
    assert [True, False] == [each is not None for each in found]
    assert known is not None
    assert ("new", "kim") == (known.password_hash, known.name)


def test_a_rehash_does_not_undo_a_change_of_password(database: Database) -> None:
    user = _create(database, "kim", password_hash="new")

    database.transact(lambda c: replace_password_hash(c, user.id, "old", "old, rehashed"))
    unchanged = _hash_of(database, "kim")
    database.transact(lambda c: replace_password_hash(c, user.id, "new", "new, rehashed"))

    assert ("new", "new, rehashed") == (unchanged, _hash_of(database, "kim"))


def _hash_of(database: Database, name: str) -> str | None:
    with database.reading() as connection:
        known = known_password(connection, name)
    return None if known is None else known.password_hash


def test_a_provider_vouches_for_one_user_a_subject(database: Database) -> None:
    made = database.transact(
        lambda c: create_user(c, "kim", Role.VIEWER, NOON, issuer="https://id", subject="1")
    )

    with database.reading() as connection:
        assert made == user_of_subject(connection, "https://id", "1")
        assert user_of_subject(connection, "https://id", "2") is None
        assert user_of_subject(connection, "https://other", "1") is None
    assert (False, "https://id") == (made.has_password, made.issuer)


def test_what_is_not_there_cannot_be_changed(database: Database) -> None:
    nobody = new_id()
    for work in (
        lambda c: set_role(c, nobody, Role.VIEWER),
        lambda c: disable_user(c, nobody, NOON),
        lambda c: delete_user(c, nobody),
        lambda c: set_password_hash(c, nobody, "hash", NOON),
    ):
        with pytest.raises(EveryrunError):
            database.transact(work)


def test_a_login_is_noted(database: Database) -> None:
    user = _create(database, "kim")

    database.transact(lambda c: note_login(c, user.id, NOON + 1))

    with database.reading() as connection:
        assert to_datetime(NOON + 1) == read_user(connection, user.id).last_login_at
