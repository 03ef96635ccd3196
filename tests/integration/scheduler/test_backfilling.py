"""Due times of a range, run after the fact."""

import pytest

from everyrun.domain.status import Status
from everyrun.scheduler.backfilling import (
    Backfill,
    NothingToBackfill,
    Range,
    TooMuchToBackfill,
    backfill,
    preview,
)
from everyrun.scheduler.firing import fire_all
from everyrun.store.backfills import list_backfills
from everyrun.store.batches import members_of
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.history import read_execution
from everyrun.testing import HandClock
from tests.support.schedules import HOUR, MINUTE, a_schedule, fires_of, outcomes_of

DAY = 24 * HOUR


@pytest.fixture
def clock() -> HandClock:
    """At noon until it is moved."""
    return HandClock()


def test_a_range_becomes_a_batch_of_executions_with_their_due_times(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(
        database,
        clock,
        cron="0 9 * * *",
        timezone="Asia/Seoul",
        name="nine",
        input={"day": "{{ due.date }}"},
    )
    now = clock.now()
    batch = backfill(database, schedule, Range(now - 3 * DAY, now), by="ana", clock=clock)
    with database.reading() as connection:
        members = members_of(connection, batch.id)
        executions = [read_execution(connection, each.execution_id) for each in members]
        (kept,) = list_backfills(connection, schedule.id)
        assert [] == check_counters(connection)

    assert ("nightly: nine", Status.PENDING, 3, "ana") == (
        batch.name,
        batch.status,
        batch.total,
        batch.started_by,
    )
    assert [{"day": f"2026-01-{day}"} for day in (13, 14, 15)] == [
        each.input for each in executions
    ]
    assert "2026-01-13T09:00:00+09:00" == executions[0].metadata["due_at"]
    assert {"schedule"} == {each.trigger for each in executions}
    assert ["backfilled"] * 3 == outcomes_of(database, schedule.id)
    assert [each.id for each in executions] == [
        fire.execution_id for fire in fires_of(database, schedule.id)
    ]
    assert (batch.id, "ana", now - 3 * DAY) == (kept.batch_id, kept.asked_by, kept.since)


def test_what_was_run_is_left_out_and_what_was_missed_is_made_up_for(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock, every=600)
    clock.forward(minutes=25)
    fire_all(database, clock.now())
    clock.forward(minutes=5)
    fire_all(database, clock.now())
    before = outcomes_of(database, schedule.id)
    everything = Range(0, clock.now() + 1)
    noon = (schedule.next_fire_at or 0) - 10 * MINUTE
    wanted = everything._replace(since=noon + 1)
    found = preview(database, schedule, wanted, clock=clock)
    backfill(database, schedule, wanted, clock=clock)

    assert ["missed", "missed", "started"] == before
    assert Backfill([noon + 10 * MINUTE, noon + 20 * MINUTE], []) == found
    assert ["backfilled", "backfilled", "started"] == outcomes_of(database, schedule.id)
    with pytest.raises(NothingToBackfill):
        backfill(database, schedule, wanted, clock=clock)


def test_what_was_run_is_run_again_when_that_is_wanted(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock, every=600)
    now = clock.now()
    wanted = Range(now - HOUR, now)
    first = backfill(database, schedule, wanted, clock=clock)
    again = backfill(database, schedule, wanted._replace(again=True), clock=clock)

    assert (6, 6) == (first.total, again.total)
    assert 6 == len(preview(database, schedule, wanted, clock=clock).done)


def test_the_future_is_the_schedulers(database: Database, clock: HandClock) -> None:
    schedule = a_schedule(database, clock, every=600)
    clock.forward(seconds=1)
    now = clock.now()

    assert 6 == len(preview(database, schedule, Range(now - HOUR, now + DAY), clock=clock).due)


def test_a_due_time_that_was_backfilled_first_is_not_started_again(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock, every=600)
    clock.forward(minutes=10, seconds=1)
    backfill(database, schedule, Range(clock.now() - 5 * MINUTE, clock.now()), clock=clock)
    fire_all(database, clock.now())

    assert ["backfilled"] == outcomes_of(database, schedule.id)


def test_a_range_without_bounds_in_reason_is_refused(database: Database, clock: HandClock) -> None:
    schedule = a_schedule(database, clock, every=1)
    with pytest.raises(TooMuchToBackfill):
        backfill(database, schedule, Range(clock.now() - DAY, clock.now()), clock=clock)
