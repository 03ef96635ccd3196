"""A key stands for one piece of work, which is done once, and for a day."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import Connection, func, select

from everyrun.store.database import Database
from everyrun.store.idempotency import (
    KEPT,
    Keyed,
    KeyReused,
    answered_before,
    hash_of,
    keep_answer,
    keys,
)
from tests.support.facts import NOON

DAY = int(KEPT.total_seconds() * 1_000_000)


def _keyed(key: str = "k", actor: str = "token:1", *parts: object) -> Keyed:
    return Keyed(actor, key, hash_of(*parts))


def _work(connection: Connection, keyed: Keyed, answer: str, now: int = NOON) -> str:
    """Work for a key unless somebody has; what is answered."""
    before = answered_before(connection, keyed, now)
    if before is not None:
        return str(before["said"])
    keep_answer(connection, keyed, 202, {"said": answer})
    return answer


def _count(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(keys)).scalar_one()


def test_a_repeat_is_answered_as_the_first_was(database: Database) -> None:
    said = [database.transact(partial(_work, keyed=_keyed(), answer=each)) for each in "abc"]

    assert ["a", "a", "a"] == said


def test_keys_of_other_callers_are_other_keys(database: Database) -> None:
    first = database.transact(partial(_work, keyed=_keyed(actor="token:1"), answer="a"))
    other = database.transact(partial(_work, keyed=_keyed(actor="token:2"), answer="b"))

    assert ["a", "b"] == [first, other]


def test_a_key_with_another_request_is_refused(database: Database) -> None:
    database.transact(partial(_work, keyed=_keyed("k", "token:1", "run", {"a": 1}), answer="a"))

    with pytest.raises(KeyReused):
        database.transact(partial(_work, keyed=_keyed("k", "token:1", "run"), answer="b"))


def test_of_two_at_once_one_works(database: Database) -> None:
    with ThreadPoolExecutor(6) as pool:
        said = set(
            pool.map(
                lambda answer: database.transact(partial(_work, keyed=_keyed(), answer=answer)),
                "abcdef",
            )
        )

    assert 1 == len(said)
    assert 1 == _count(database)


def test_work_that_fails_leaves_its_key_free(database: Database) -> None:
    def fails(connection: Connection) -> None:
        answered_before(connection, _keyed(), NOON)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.transact(fails)

    assert "a" == database.transact(partial(_work, keyed=_keyed(), answer="a"))


def test_keys_are_forgotten_after_a_day(database: Database) -> None:
    for number in range(3):
        keyed = _keyed(f"k{number}")
        database.transact(partial(_work, keyed=keyed, answer="a", now=NOON + number))

    later = NOON + DAY + 2
    said = database.transact(partial(_work, keyed=_keyed("k0"), answer="b", now=later))

    assert "b" == said
    assert 2 == _count(database)


def test_a_hash_does_not_depend_on_the_order_of_keys() -> None:
    assert hash_of({"a": 1, "b": 2}) == hash_of({"b": 2, "a": 1})
    assert hash_of("a", "b") != hash_of("ab")
