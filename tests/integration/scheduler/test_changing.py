"""A schedule that is changed goes on from then; what was decided before stays as it was."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.schedule import At, Cron, Interval, ScheduleDefinition, from_plain
from everyrun.scheduler import scheduling
from everyrun.scheduler.firing import fire_all
from everyrun.scheduler.scheduling import Change
from everyrun.scheduler.triggers import InvalidSchedule
from everyrun.store.database import Database
from everyrun.store.schedules import FireRecord, ScheduleExists, ScheduleRecord
from everyrun.testing import HandClock
from everyrun.workflows.inputs import InvalidInput
from tests.support.emptying import empty
from tests.support.schedules import HOUR, MINUTE, SECOND, a_schedule, fires_of

TRIGGERS = st.sampled_from(
    [
        Interval(every=60),
        Interval(every=45),
        Interval(every=60, phase=0.5),
        Cron(expression="* * * * *"),
        Cron(expression="*/7 * * * *"),
    ]
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 400)),
        st.tuples(st.just("fire"), st.integers(0, 90)),
        st.tuples(st.just("change"), TRIGGERS),
        st.tuples(st.just("pause"), st.none()),
        st.tuples(st.just("resume"), st.none()),
    ),
    max_size=12,
)


@pytest.fixture
def clock() -> HandClock:
    """At noon until it is moved."""
    return HandClock()


def change(
    database: Database, schedule: ScheduleRecord, clock: HandClock, **wanted: Any
) -> ScheduleRecord:
    """Change a schedule now."""
    return scheduling.change(database, schedule.id, Change(**wanted), clock=clock)


def test_it_is_due_by_the_new_rule_from_now_on(database: Database, clock: HandClock) -> None:
    schedule = a_schedule(database, clock, coalesce=False)
    clock.forward(minutes=2)
    fire_all(database, clock.now())
    clock.forward(minutes=5, seconds=10)
    before = fires_of(database, schedule.id)
    hourly = ScheduleDefinition(trigger=Cron(expression="0 * * * *"))
    changed = change(database, schedule, clock, definition=hourly, timezone="Asia/Kolkata")
    fire_all(database, clock.now())

    assert before == fires_of(database, schedule.id)
    assert (clock.now() // HOUR * HOUR) + 30 * MINUTE == changed.next_fire_at
    assert ("Asia/Kolkata", hourly) == (changed.timezone, from_plain(changed.definition))
    assert (schedule.id, schedule.name) == (changed.id, changed.name)


def test_an_interval_counts_from_the_change_unless_it_says_from_when(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock)
    clock.forward(seconds=20)
    counted = change(
        database, schedule, clock, definition=ScheduleDefinition(trigger=Interval(every=90))
    )
    anchor = to_datetime(clock.now() - 30 * SECOND)
    anchored = Interval(every=90, anchor=anchor)
    kept = change(database, schedule, clock, definition=ScheduleDefinition(trigger=anchored))

    assert clock.now() + 90 * SECOND == counted.next_fire_at
    assert clock.now() + 60 * SECOND == kept.next_fire_at


def test_a_new_name_alone_leaves_what_is_due(database: Database, clock: HandClock) -> None:
    schedule = a_schedule(database, clock)
    clock.forward(minutes=3)
    renamed = change(database, schedule, clock, name="other")

    assert ("other", schedule.next_fire_at) == (renamed.name, renamed.next_fire_at)
    assert schedule.next_fire_at is not None
    assert schedule.next_fire_at < clock.now()


def test_one_that_is_paused_stays_so(database: Database, clock: HandClock) -> None:
    schedule = a_schedule(database, clock)
    scheduling.pause(database, schedule.id, "holidays", clock=clock)
    changed = change(database, schedule, clock, timezone="Asia/Seoul")
    resumed = scheduling.resume(database, schedule.id, clock=clock)

    assert (False, "holidays", None) == (
        changed.active,
        changed.paused_reason,
        changed.next_fire_at,
    )
    assert resumed.next_fire_at is not None


def test_what_cannot_work_changes_nothing(database: Database, clock: HandClock) -> None:
    schedule = a_schedule(database, clock, name="one")
    a_schedule(database, clock, name="two")
    past = At(moment=to_datetime(clock.now() - HOUR))
    wrong_input = ScheduleDefinition(trigger=Interval(every=60), input={"dya": 1})
    with pytest.raises(InvalidSchedule):
        change(database, schedule, clock, definition=ScheduleDefinition(trigger=past))
    with pytest.raises(InvalidInput):
        change(database, schedule, clock, definition=wrong_input)
    with pytest.raises(ScheduleExists):
        change(database, schedule, clock, name="two")
    scheduling.delete(database, schedule.id)
    with pytest.raises(NotOnRecord):
        change(database, schedule, clock, name="three")


@given(steps=STEPS)
def test_nothing_is_decided_twice_or_otherwise(
    database: Database, steps: list[tuple[str, Any]]
) -> None:
    empty(database)
    clock = HandClock()
    schedule = a_schedule(database, clock, coalesce=False)
    known: list[FireRecord] = []
    for step, value in steps:
        match step:
            case "wait":
                clock.forward(seconds=value)
            case "fire":  # by a scheduler whose clock goes ahead
                fire_all(database, clock.now() + value * SECOND)
            case "change":
                wanted = ScheduleDefinition(trigger=value, coalesce=False)
                change(database, schedule, clock, definition=wanted)
            case "pause":
                scheduling.pause(database, schedule.id, "tests", clock=clock)
            case "resume":
                scheduling.resume(database, schedule.id, clock=clock)
        fires = fires_of(database, schedule.id)

        assert known == fires[: len(known)]
        assert sorted({fire.due_at for fire in fires}) == [fire.due_at for fire in fires]
        known = fires
