"""Due times become executions, each once, or a recorded reason why not."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from everyrun.domain.clock import to_datetime
from everyrun.domain.schedule import CatchUp
from everyrun.scheduler.firing import Fired, fire_all, fire_next
from everyrun.scheduler.scheduling import pause, resume, switch_workflow
from everyrun.store import schedules
from everyrun.store.checking import check_counters, check_integrity
from everyrun.store.database import Database
from everyrun.store.history import ExecutionHistory, read_execution
from everyrun.store.leases import lease_of
from everyrun.store.schedules import ScheduleRecord, read_schedule
from everyrun.store.versions import delete_workflow, set_active
from everyrun.testing import HandClock
from tests.support.emptying import empty
from tests.support.schedules import MINUTE, SECOND, a_schedule, fires_of, outcomes_of


@pytest.fixture
def clock() -> HandClock:
    """At noon until it is moved."""
    return HandClock()


def _executions(database: Database, schedule: ScheduleRecord) -> list[ExecutionHistory]:
    with database.reading() as connection:
        return [
            read_execution(connection, fire.execution_id)
            for fire in fires_of(database, schedule.id)
            if fire.execution_id is not None
        ]


def _again(database: Database, schedule: ScheduleRecord) -> ScheduleRecord:
    with database.reading() as connection:
        return read_schedule(connection, schedule.id)


def test_a_due_time_becomes_an_execution_that_waits_for_an_engine(
    database: Database, clock: HandClock
) -> None:
    told: list[Fired] = []
    schedule = a_schedule(database, clock, tags=["night"])
    before = fire_all(database, clock.now(), on_fired=told.append)
    clock.forward(seconds=61)
    decided = fire_all(database, clock.now(), on_fired=told.append)
    (execution,) = _executions(database, schedule)
    now = _again(database, schedule)

    assert (0, 1) == (before, decided)
    assert ("pending", "schedule", ["night"]) == (
        execution.status,
        execution.trigger,
        execution.tags,
    )
    assert {
        "schedule_id": schedule.id,
        "schedule": "every 1m",
        "due_at": "2026-01-15T12:01:00+00:00",
    } == execution.metadata
    assert schedule.next_fire_at is not None
    assert (schedule.next_fire_at, schedule.next_fire_at + MINUTE) == (
        now.last_fire_at,
        now.next_fire_at,
    )
    assert [execution.id] == [fire.execution_id for each in told for fire in each.fires]
    with database.reading() as connection:
        lease = lease_of(connection, execution.id)
        assert lease is not None and lease.owner is None
        assert [] == check_counters(connection)
        assert [] == check_integrity(connection)


def test_what_is_done_is_not_done_again(database: Database, clock: HandClock) -> None:
    schedule = a_schedule(database, clock)
    clock.forward(seconds=60)

    assert [1, 0, 0] == [fire_all(database, clock.now()) for _ in range(3)]
    assert ["started"] == outcomes_of(database, schedule.id)


def test_a_leader_that_was_thought_gone_does_nothing_twice(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock, every=1, coalesce=False)
    clock.forward(seconds=30)

    with ThreadPoolExecutor(4) as pool:
        decided = list(pool.map(lambda _: fire_all(database, clock.now()), range(4)))

    assert 30 == sum(decided)
    assert ["started"] * 30 == outcomes_of(database, schedule.id)
    assert 30 == len({execution.id for execution in _executions(database, schedule)})


def test_a_row_that_went_back_in_time_does_nothing_twice(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock)
    clock.forward(seconds=60)
    fire_all(database, clock.now())
    database.transact(
        lambda c: c.execute(
            update(schedules.schedules).values(next_fire_at=to_datetime(schedule.next_fire_at or 0))
        )
    )

    assert 0 == fire_all(database, clock.now())
    assert ["started"] == outcomes_of(database, schedule.id)


def test_a_missed_run_is_a_recorded_fact(database: Database, clock: HandClock) -> None:
    schedule = a_schedule(database, clock, every=600, timezone="Asia/Seoul")
    clock.forward(minutes=15)
    fire_all(database, clock.now())
    (fire,) = fires_of(database, schedule.id)
    (execution,) = _executions(database, schedule)

    assert "missed" == fire.outcome
    assert (
        "due at 2026-01-15T21:10:00+09:00, no scheduler came to it before 2026-01-15T21:15:00+09:00"
    ) == fire.reason
    assert ("skipped", fire.reason) == (execution.status, execution.error_message)
    assert "2026-01-15T21:10:00+09:00" == execution.metadata["due_at"]
    with database.reading() as connection:
        assert lease_of(connection, execution.id) is None
        assert [] == check_counters(connection)


def test_of_several_due_in_time_the_latest_is_run_for_all(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock, every=10)
    clock.forward(seconds=35)
    fire_all(database, clock.now())

    assert ["coalesced", "coalesced", "started"] == outcomes_of(database, schedule.id)
    assert 1 == len(_executions(database, schedule))


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [
        (CatchUp.NONE, ["missed", "missed", "missed"]),
        (CatchUp.LATEST, ["coalesced", "coalesced", "started"]),
        (CatchUp.ALL, ["started", "started", "started"]),
    ],
)
def test_what_is_done_about_late_ones_is_the_schedules_choice(
    database: Database, clock: HandClock, catch_up: CatchUp, expected: list[str]
) -> None:
    schedule = a_schedule(database, clock, every=600, catch_up=catch_up)
    clock.forward(minutes=35)
    fire_all(database, clock.now())

    assert expected == outcomes_of(database, schedule.id)


def test_what_is_skipped_because_the_last_one_still_runs_says_so(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock, policy="{overlap: skip}")
    for _ in range(2):
        clock.forward(seconds=60)
        fire_all(database, clock.now())
    first, second = _executions(database, schedule)

    assert ["started", "skipped"] == outcomes_of(database, schedule.id)
    assert ("pending", "skipped") == (first.status, second.status)
    assert first.id in str(fires_of(database, schedule.id)[1].reason)


def test_inputs_may_be_made_from_the_due_time(database: Database, clock: HandClock) -> None:
    schedule = a_schedule(
        database,
        clock,
        cron="0 22 * * *",
        timezone="Asia/Seoul",
        input={"day": "{{ due.date }} {{ due.time }} {{ schedule }}"},
        name="late",
    )
    clock.forward(hours=1)
    fire_all(database, clock.now())
    (execution,) = _executions(database, schedule)

    assert {"day": "2026-01-15 22:00:00 late"} == execution.input


def test_an_input_that_is_not_taken_any_more_is_a_recorded_fact(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock, input={"day": "today"})
    _a_graph_without_inputs(database)
    clock.forward(seconds=60)
    fire_all(database, clock.now())
    (execution,) = _executions(database, schedule)

    assert ["skipped"] == outcomes_of(database, schedule.id)
    assert "day: no such input" in str(execution.error_message)


def _a_graph_without_inputs(database: Database) -> None:
    from tests.support.graphs import saved

    saved(database, "workflow: nightly\nnodes: {only: {type: set, with: {values: {a: 1}}}}\n")


def test_a_paused_schedule_is_never_due_and_misses_nothing(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock)
    paused = pause(database, schedule.id, "until the disk is back", clock=clock)
    clock.forward(minutes=10)
    decided = fire_all(database, clock.now())
    resumed = resume(database, schedule.id, clock=clock)

    assert (False, "until the disk is back", None) == (
        paused.active,
        paused.paused_reason,
        paused.next_fire_at,
    )
    assert 0 == decided
    assert (True, None, clock.now() + MINUTE) == (
        resumed.active,
        resumed.paused_reason,
        resumed.next_fire_at,
    )


def test_a_workflow_that_is_switched_off_is_not_started_and_misses_nothing(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock)
    database.transact(lambda c: set_active(c, "nightly", False, clock.now()))
    clock.forward(minutes=10)
    fire_all(database, clock.now())
    database.transact(lambda c: set_active(c, "nightly", True, clock.now()))
    clock.forward(minutes=1)
    fire_all(database, clock.now())

    assert ["started"] == outcomes_of(database, schedule.id)


def test_a_workflow_that_is_switched_on_again_has_missed_nothing_even_without_a_scheduler(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock)
    switch_workflow(database, "nightly", active=False, clock=clock)
    clock.forward(minutes=10)
    switch_workflow(database, "nightly", active=True, clock=clock)
    clock.forward(minutes=1)
    switch_workflow(database, "nightly", active=True, clock=clock)
    fire_all(database, clock.now())

    assert ["started"] == outcomes_of(database, schedule.id)


def test_a_deleted_workflow_is_not_started(database: Database, clock: HandClock) -> None:
    schedule = a_schedule(database, clock)
    database.transact(lambda c: delete_workflow(c, "nightly", clock.now()))
    clock.forward(minutes=1)

    assert 0 == fire_all(database, clock.now())
    assert [] == outcomes_of(database, schedule.id)


def test_a_schedule_that_cannot_be_read_is_paused_and_stops_nobody(
    database: Database, clock: HandClock
) -> None:
    broken = a_schedule(database, clock, name="broken")
    good = a_schedule(database, clock, name="good")
    database.transact(
        lambda c: c.execute(
            update(schedules.schedules)
            .where(schedules.schedules.c.id == broken.id)
            .values(definition={"trigger": {"type": "moon"}})
        )
    )
    clock.forward(minutes=1)
    fire_all(database, clock.now())
    now = _again(database, broken)

    assert ["started"] == outcomes_of(database, good.id)
    assert not now.active
    assert "cannot be read" in str(now.paused_reason)


def test_the_last_due_time_is_the_last(database: Database, clock: HandClock) -> None:
    end = to_datetime(clock.now()) + timedelta(seconds=90)
    schedule = a_schedule(database, clock, end=end)
    clock.forward(minutes=5)
    fire_all(database, clock.now())

    assert _again(database, schedule).next_fire_at is None


def test_a_long_outage_of_a_quick_schedule_is_told_in_bounds(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock, every=1)
    clock.forward(hours=1)
    fire_all(database, clock.now())
    fires = fires_of(database, schedule.id)

    assert 1_000 == len(fires)
    assert "started" == fires[-1].outcome
    with database.reading() as connection:
        (first,) = schedules.decided_fires(
            connection, schedule.id, [(schedule.next_fire_at or 0)]
        ).values()
        assert [] == check_counters(connection)
    assert "missed" == first.outcome
    assert "it stands for all" in str(first.reason)


def test_executions_are_not_forgotten_with_their_schedule(
    database: Database, clock: HandClock
) -> None:
    schedule = a_schedule(database, clock)
    clock.forward(seconds=60)
    fire_all(database, clock.now())
    (execution,) = _executions(database, schedule)

    assert database.transact(lambda c: schedules.delete_schedule(c, schedule.id, clock.now()))
    with database.reading() as connection:
        assert "pending" == read_execution(connection, execution.id).status
    assert [] == fires_of(database, schedule.id)


class _Crash(Exception):
    """Ends a transaction as the death of a process would."""


def _die_over_it(connection: Connection, now: int) -> None:
    fire_next(connection, now)
    raise _Crash


_steps = st.one_of(
    st.tuples(st.just("time passes"), st.integers(1, 40)),
    st.tuples(st.just("a scheduler looks"), st.just(0)),
    st.tuples(st.just("a scheduler dies"), st.just(0)),
)


@given(steps=st.lists(_steps, max_size=12), every=st.integers(1, 20))
def test_whoever_dies_when_each_due_time_is_started_once(
    database: Database, steps: list[tuple[str, int]], every: int
) -> None:
    empty(database)
    clock = HandClock()
    schedule = a_schedule(database, clock, every=every, coalesce=False, misfire_grace=1e6)
    for what, seconds in [*steps, ("a scheduler looks", 0)]:
        clock.forward(seconds=seconds)
        if what == "a scheduler looks":
            fire_all(database, clock.now())
        elif what == "a scheduler dies":
            with suppress(_Crash):
                database.transact(partial(_die_over_it, now=clock.now()))
    fires = fires_of(database, schedule.id)
    first = schedule.next_fire_at or 0

    assert list(range(first, clock.now() + 1, every * SECOND)) == [fire.due_at for fire in fires]
    assert {"started"} >= {fire.outcome for fire in fires}
    executions = {execution.id for execution in _executions(database, schedule)}
    assert len(fires) == len(executions)
