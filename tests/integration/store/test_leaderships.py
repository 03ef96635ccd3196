"""A role that one process at a time has."""

from concurrent.futures import ThreadPoolExecutor

from everyrun.domain.identifiers import new_id
from everyrun.store.database import Database
from everyrun.store.leaderships import Leader, lead, leader_of, resign
from tests.support.facts import NOON, SECOND

UNTIL = NOON + 10 * SECOND
ONE, OTHER = new_id(), new_id()


def _lead(database: Database, owner: str, now: int = NOON, dead: str | None = None) -> Leader:
    return database.transact(
        lambda c: lead(c, "scheduler", owner, "host-a", now, now + 10 * SECOND, dead_owner=dead)
    )


def test_the_first_who_asks_leads(database: Database) -> None:
    assert Leader(ONE, "host-a", 1, UNTIL) == _lead(database, ONE)
    assert Leader(ONE, "host-a", 1, UNTIL) == _lead(database, OTHER)


def test_who_leads_may_keep_it_for_longer_even_when_it_has_run_out(database: Database) -> None:
    _lead(database, ONE)

    assert Leader(ONE, "host-a", 1, UNTIL + 5 * SECOND) == _lead(database, ONE, NOON + 5 * SECOND)
    assert 1 == _lead(database, ONE, NOON + 60 * SECOND).epoch


def test_a_lead_that_has_run_out_goes_to_the_next_who_asks(database: Database) -> None:
    _lead(database, ONE)

    assert ONE == _lead(database, OTHER, UNTIL - 1).owner
    assert (OTHER, 2) == _lead(database, OTHER, UNTIL)[::2]
    assert OTHER == _lead(database, ONE, UNTIL).owner


def test_the_lead_of_one_who_is_dead_is_free(database: Database) -> None:
    _lead(database, ONE)

    assert OTHER == _lead(database, OTHER, dead=ONE).owner


def test_a_lead_that_was_given_up_is_free_at_once(database: Database) -> None:
    _lead(database, ONE)

    assert not database.transact(lambda c: resign(c, "scheduler", OTHER, NOON))
    assert database.transact(lambda c: resign(c, "scheduler", ONE, NOON))
    assert OTHER == _lead(database, OTHER).owner


def test_nobody_leads_at_first(database: Database) -> None:
    with database.reading() as connection:
        assert leader_of(connection, "scheduler") is None


def test_of_many_who_ask_at_once_one_leads(database: Database) -> None:
    owners = [new_id() for _ in range(8)]

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(lambda owner: _lead(database, owner).owner, owners))

    assert 1 == len(answers)
