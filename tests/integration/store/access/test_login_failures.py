"""Login throttling: what is counted, and how long one waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.store.access.login_failures import (
    Attempt,
    Patience,
    attempt_by,
    count_attempt,
    forget_attempts,
    forget_login_failures,
    take_back,
)
from everyrun.store.database import Database, open_database
from tests.support.facts import NOON, SECOND
from tests.support.racing import race

HOUR = 3_600 * SECOND
SHORT = Patience(free=3, longest=8 * SECOND, forgotten_after=HOUR)
BY_NAME = attempt_by("name", "kim", SHORT)
BY_ADDRESS = attempt_by("address", "10.0.0.7", Patience(100, 8 * SECOND, HOUR))


def _try(database: Database, at: int, *attempts: Attempt) -> int:
    return database.transact(lambda c: count_attempt(c, attempts or (BY_NAME,), at))


def test_the_wait_doubles_after_the_free_failures(database: Database) -> None:
    now, waits = NOON, []

    for _ in range(9):
        wait = _try(database, now)
        while wait:
            waits.append(wait // SECOND)
            now += wait
            wait = _try(database, now)

    assert [1, 2, 4, 8, 8, 8] == waits[:6]


def test_an_attempt_that_must_wait_is_not_counted(database: Database) -> None:
    for _ in range(3):
        assert 0 == _try(database, NOON)

    assert {SECOND} == {_try(database, NOON) for _ in range(5)}
    assert 0 == _try(database, NOON + SECOND)
    assert 2 * SECOND == _try(database, NOON + SECOND)


def test_names_and_addresses_are_counted_apart(database: Database) -> None:
    other = attempt_by("name", "lee", SHORT)
    for _ in range(3):
        _try(database, NOON, BY_NAME, BY_ADDRESS)

    assert SECOND == _try(database, NOON, BY_NAME, BY_ADDRESS)
    assert 0 == _try(database, NOON, other, BY_ADDRESS)


def test_whoever_comes_in_begins_anew(database: Database) -> None:
    for _ in range(3):
        _try(database, NOON)

    database.transact(lambda c: forget_attempts(c, BY_NAME))

    assert [0, 0, 0, SECOND] == [_try(database, NOON) for _ in range(4)]


def test_a_success_takes_back_one_attempt_and_not_those_before(database: Database) -> None:
    for _ in range(2):
        _try(database, NOON)

    for _ in range(5):
        assert 0 == _try(database, NOON)
        database.transact(lambda c: take_back(c, BY_NAME))

    assert [0, SECOND] == [_try(database, NOON) for _ in range(2)]


def test_old_failures_are_forgotten(database: Database) -> None:
    for _ in range(3):
        _try(database, NOON)

    assert [0, 0, 0, SECOND] == [_try(database, NOON + HOUR + 1) for _ in range(4)]
    assert 0 == database.transact(lambda c: forget_login_failures(c, NOON + HOUR + 1))
    assert 1 == database.transact(lambda c: forget_login_failures(c, NOON + HOUR + 2))


def test_many_at_once_on_several_servers_do_not_slip_past(database_url: str) -> None:
    servers = [open_database(database_url) for _ in range(2)]
    works = [lambda server=server: _try(server, NOON, BY_ADDRESS, BY_NAME) for server in servers]

    ended = race(*(works * 4))

    assert [0, 0, 0] + [SECOND] * 5 == sorted(ended, key=str)
    for server in servers:
        server.close()


def test_no_name_and_no_address_is_kept_in_plain_text(database: Database) -> None:
    _try(database, NOON, BY_NAME, BY_ADDRESS)

    with database.reading() as connection:
        rows = repr(connection.exec_driver_sql("SELECT * FROM login_failures").all())
    assert "kim" not in rows
    assert "10.0.0.7" not in rows


@given(st.integers(0, 10_000), st.integers(0, 100))
def test_waits_never_shrink_and_never_pass_the_longest(count: int, free: int) -> None:
    patience = Patience(free, 900 * SECOND, HOUR)

    assert patience.wait_after(count) <= patience.wait_after(count + 1) <= 900 * SECOND


@pytest.mark.parametrize("count", [0, 1, 2])
def test_free_failures_cost_nothing(count: int) -> None:
    assert 0 == SHORT.wait_after(count)
