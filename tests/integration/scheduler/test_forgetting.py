"""The scheduler forgets old changes by itself."""

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import new_id
from everyrun.scheduler.forgetting import FORGET_EVERY, Forgetting
from everyrun.scheduler.loop import Loop
from everyrun.store.database import Database
from everyrun.store.reading.changes import read_changes
from everyrun.testing import HandClock
from tests.integration.reading.runs import Run, tell_runs
from tests.support.facts import NOON

WEEK = 7 * 24 * 3_600


def test_a_leader_forgets_what_is_a_week_old(database: Database) -> None:
    clock = HandClock(to_datetime(NOON))
    loop = Loop(database, new_id(), clock=clock)
    with database.reading() as connection:
        beginning = read_changes(connection, None).next
    tell_runs(database, [Run()])
    loop.go_round()
    with database.reading() as connection:
        at_first = read_changes(connection, beginning)
    clock.forward(seconds=WEEK + 1)
    loop.go_round()
    with database.reading() as connection:
        later = read_changes(connection, beginning)

    assert (2, False) == (len(at_first.items), at_first.reset)
    assert ([], True) == (later.items, later.reset)


def test_it_looks_once_in_a_while(database: Database) -> None:
    forgetting, late = Forgetting(), NOON + (WEEK + 1) * 1_000_000
    forgetting.forget(database, late)
    tell_runs(database, [Run()])

    assert 0 == forgetting.forget(database, late + FORGET_EVERY - 1)
    assert 2 == forgetting.forget(database, late + FORGET_EVERY)
