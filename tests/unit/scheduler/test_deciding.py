"""What becomes of due times that nobody came to in time."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.clock import to_microseconds
from everyrun.domain.schedule import CatchUp, Cron, Interval, ScheduleDefinition
from everyrun.scheduler.deciding import (
    MOST_RUN_AT_ONCE,
    MOST_TOLD_APART,
    Decided,
    Decision,
    Verdict,
    decide,
)
from everyrun.scheduler.triggers import Timetable

SECOND = 1_000_000
MINUTE = 60 * SECOND
RUN, MISSED, COALESCED = Verdict.RUN, Verdict.MISSED, Verdict.COALESCED


def _decided(now: int, *, every: int = 60, since: int = 0, **more: Any) -> Decided:
    definition = ScheduleDefinition(trigger=Interval(every=every), **more)
    return decide(Timetable(definition, "UTC"), definition, since, now)


def _verdicts(decided: Decided) -> list[Verdict]:
    return [decision.verdict for decision in decided.decisions]


def test_what_is_due_is_run_and_the_next_time_waited_for() -> None:
    assert Decided([Decision(0, RUN)], MINUTE) == _decided(5 * SECOND)


def test_nothing_is_due_before_its_time() -> None:
    assert Decided([], 2 * MINUTE) == _decided(MINUTE + 5, since=2 * MINUTE)


def test_grace_is_not_over_until_it_is() -> None:
    assert [RUN] == _verdicts(_decided(30 * SECOND, every=3600, misfire_grace=30))
    assert [MISSED] == _verdicts(_decided(30 * SECOND + 1, every=3600, misfire_grace=30))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [MISSED, MISSED, COALESCED, RUN]),
        ({"coalesce": False}, [MISSED, MISSED, RUN, RUN]),
        ({"catch_up": CatchUp.LATEST}, [COALESCED, COALESCED, COALESCED, RUN]),
        ({"catch_up": CatchUp.LATEST, "coalesce": False}, [COALESCED, COALESCED, RUN, RUN]),
        ({"catch_up": CatchUp.ALL}, [RUN, RUN, RUN, RUN]),
        ({"misfire_grace": 1e9}, [COALESCED, COALESCED, COALESCED, RUN]),
        ({"misfire_grace": 1e9, "coalesce": False}, [RUN, RUN, RUN, RUN]),
    ],
)
def test_of_several_due_times_some_in_time(
    options: dict[str, Any], expected: list[Verdict]
) -> None:
    decided = _decided(3 * MINUTE + SECOND, **{"misfire_grace": 90, **options})

    assert expected == _verdicts(decided)
    assert [0, MINUTE, 2 * MINUTE, 3 * MINUTE] == [each.due for each in decided.decisions]
    assert 4 * MINUTE == decided.next_due


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [
        (CatchUp.NONE, [MISSED, MISSED]),
        (CatchUp.LATEST, [COALESCED, RUN]),
        (CatchUp.ALL, [RUN, RUN]),
    ],
)
def test_of_several_due_times_none_in_time(catch_up: CatchUp, expected: list[Verdict]) -> None:
    decided = _decided(MINUTE + 50 * SECOND, misfire_grace=30, catch_up=catch_up)

    assert expected == _verdicts(decided)
    assert 2 * MINUTE == decided.next_due


def test_reasons_are_told_in_the_schedules_own_zone() -> None:
    definition = ScheduleDefinition(trigger=Cron(expression="0 9 * * *"))
    due = to_microseconds(datetime(2026, 1, 15, 0, 0, tzinfo=UTC))
    decided = decide(Timetable(definition, "Asia/Seoul"), definition, due, due + 5 * MINUTE)

    assert (
        "due at 2026-01-15T09:00:00+09:00, no scheduler came to it before 2026-01-15T09:05:00+09:00"
    ) == decided.decisions[0].reason


def test_what_is_coalesced_says_which_run_stands_for_it() -> None:
    decided = _decided(MINUTE + SECOND, misfire_grace=90)

    assert "the run due at 1970-01-01T00:01:00+00:00 stands for it" == decided.decisions[0].reason


def test_very_many_missed_times_share_a_row_that_counts_them() -> None:
    count = MOST_TOLD_APART + 500
    decided = _decided(count * SECOND, every=1, misfire_grace=0)
    first, *others, last = decided.decisions

    assert MOST_TOLD_APART + 2 == len(decided.decisions)
    assert (0, MISSED) == (first.due, first.verdict)
    assert "it stands for all 500 due before 1970-01-01T00:08:20+00:00" in str(first.reason)
    assert 500 * SECOND == others[0].due
    assert (count * SECOND, RUN) == (last.due, last.verdict)


def test_very_many_runs_are_begun_bit_by_bit() -> None:
    now, due, rounds = 1_000 * SECOND, [], 0
    since: int | None = 0
    while since is not None and since <= now:
        decided = _decided(now, every=1, since=since, catch_up=CatchUp.ALL)
        due += [decision.due for decision in decided.decisions]
        since, rounds = decided.next_due, rounds + 1

    assert [at * SECOND for at in range(1_001)] == due
    assert -(-1_001 // MOST_RUN_AT_ONCE) == rounds


@given(
    every=st.integers(1, 400),
    since_turn=st.integers(0, 50),
    later=st.integers(0, 5_000),
    grace=st.integers(0, 3_000),
    coalesce=st.booleans(),
    catch_up=st.sampled_from(CatchUp),
)
def test_every_due_time_is_decided_once_and_by_the_rules(
    every: int, since_turn: int, later: int, grace: int, coalesce: bool, catch_up: CatchUp
) -> None:
    since = since_turn * every * SECOND
    now = since + later * SECOND
    due = list(range(since, now + 1, every * SECOND))
    found: list[Decision] = []
    at: int | None = since
    while at is not None and at <= now:
        decided = _decided(
            now, every=every, since=at, misfire_grace=grace, coalesce=coalesce, catch_up=catch_up
        )
        found += decided.decisions
        at = decided.next_due

    expected = [_expected(each, due[-1], now, grace * SECOND, coalesce, catch_up) for each in due]
    told_apart = expected if len(due) <= MOST_TOLD_APART else expected[-MOST_TOLD_APART:]
    assert told_apart == [each.verdict for each in found][-len(told_apart) :]
    assert sorted({each.due for each in found}) == [each.due for each in found]
    assert due[0] == found[0].due
    assert at == due[-1] + every * SECOND


def _expected(
    due: int, latest: int, now: int, grace: int, coalesce: bool, catch_up: CatchUp
) -> Verdict:
    is_late = now - due > grace
    if catch_up is CatchUp.ALL:
        return RUN
    if is_late and catch_up is CatchUp.NONE:
        return MISSED
    if is_late or coalesce:
        return RUN if due == latest else COALESCED
    return RUN
