"""The scheduler's loop, several of them on one ledger, under a clock that is moved by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread

import pytest

from everyrun.domain.identifiers import new_id
from everyrun.scheduler.firing import Fired
from everyrun.scheduler.loop import Loop, Watcher
from everyrun.scheduler.settings import SchedulerSettings
from everyrun.store.database import Database, open_database
from everyrun.store.leaderships import Leader
from everyrun.testing import HandClock
from tests.support.postgresql_server import PostgresqlServer
from tests.support.schedules import a_schedule, outcomes_of
from tests.support.waiting import wait_until

PATIENCE = 60


@pytest.fixture
def clock() -> HandClock:
    """At noon until it is moved."""
    return HandClock()


def _loop(database: Database, clock: HandClock, **watched: object) -> Loop:
    return Loop(
        database,
        new_id(),
        SchedulerSettings(lease_seconds=10, poll_seconds=60),
        clock,
        Watcher(**watched),  # type: ignore[arg-type]
    )


@contextmanager
def _running(loop: Loop) -> Iterator[None]:
    thread = Thread(target=loop.run)
    thread.start()
    try:
        yield
    finally:
        loop.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_the_leader_does_what_is_due_and_the_others_stand_by(
    database: Database, clock: HandClock
) -> None:
    one, other = _loop(database, clock), _loop(database, clock)
    schedule = a_schedule(database, clock)
    clock.forward(seconds=61)

    assert [True, False] == [loop.go_round() for loop in (one, other)]
    assert ["started"] == outcomes_of(database, schedule.id)


def test_the_next_one_leads_when_the_leader_is_not_heard_of(
    database: Database, clock: HandClock
) -> None:
    led: list[Leader] = []
    one, other = _loop(database, clock), _loop(database, clock, on_led=led.append)
    schedule = a_schedule(database, clock, every=5, coalesce=False)
    led_at: list[tuple[bool, bool]] = []
    for _ in range(4):
        led_at.append((one.go_round() if not led_at else False, other.go_round()))
        clock.forward(seconds=5)

    assert [(True, False), (False, False), (False, True), (False, True)] == led_at
    assert [(one.owner, 1), (other.owner, 2)] == [(each.owner, each.epoch) for each in led]
    assert ["started"] * 3 == outcomes_of(database, schedule.id)


def test_a_leader_that_was_away_for_too_long_stands_by(
    database: Database, clock: HandClock
) -> None:
    one, other = _loop(database, clock), _loop(database, clock)
    led = [one.go_round()]
    clock.forward(seconds=11)
    led += [other.go_round(), one.go_round()]

    assert [True, True, False] == led


def test_a_leader_of_this_host_that_is_dead_is_not_waited_for(
    database: Database, clock: HandClock
) -> None:
    one, other = _loop(database, clock), _loop(database, clock)
    one.go_round()
    other.leading._is_surely_dead = lambda owner, _host: owner == one.owner

    assert other.go_round()


def test_one_that_is_stopped_gives_the_lead_up_at_once(
    database: Database, clock: HandClock
) -> None:
    rounds: SimpleQueue[int] = SimpleQueue()
    one, other = _loop(database, clock, on_round=rounds.put), _loop(database, clock)
    with _running(one):
        rounds.get(timeout=PATIENCE)
        assert not other.go_round()

    assert other.go_round()


def test_a_wait_ends_when_it_is_told_of_news(database: Database, clock: HandClock) -> None:
    fired: SimpleQueue[Fired] = SimpleQueue()
    rounds: SimpleQueue[int] = SimpleQueue()
    loop = _loop(database, clock, on_fired=fired.put, on_round=rounds.put)
    with _running(loop):
        rounds.get(timeout=PATIENCE)
        schedule = a_schedule(database, clock)
        clock.forward(minutes=1)
        loop.wake()
        told = fired.get(timeout=PATIENCE)

    assert (schedule.id, [schedule.next_fire_at]) == (
        told.schedule.id,
        [fire.due_at for fire in told.fires],
    )


def test_it_waits_until_something_is_due_and_no_longer_than_it_polls(
    database: Database, clock: HandClock
) -> None:
    loop = _loop(database, clock)
    loop.go_round()
    pauses = [loop.pause()]
    a_schedule(database, clock, every=45)
    pauses.append(loop.pause())
    clock.forward(seconds=44.5)
    pauses.append(loop.pause())

    assert [60, 45, 0.5] == pauses


def test_a_stop_asked_before_the_loop_starts_is_kept(database: Database, clock: HandClock) -> None:
    loop = _loop(database, clock)
    loop.stop()
    loop.run()

    assert not loop.leading.is_ours


@pytest.mark.postgresql
def test_it_goes_on_when_the_ledger_was_away(
    postgresql_server: PostgresqlServer, clock: HandClock
) -> None:
    database = open_database(postgresql_server.url())
    database.upgrade()
    schedule = a_schedule(database, clock)
    settings = SchedulerSettings(lease_seconds=10, poll_seconds=0.05)
    loop = Loop(database, new_id(), settings, clock)
    with _running(loop):
        wait_until(lambda: loop.leading.is_ours, "it leads")
        postgresql_server.crash()
        clock.forward(seconds=60)
        postgresql_server.start()
        wait_until(lambda: ["started"] == outcomes_of(database, schedule.id), "it fired")
    database.close()
