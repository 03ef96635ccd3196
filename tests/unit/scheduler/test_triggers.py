"""When schedules are due: intervals, moments, bounds, and the words for odd times."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.schedule import At, Cron, Interval, ScheduleDefinition, Trigger
from everyrun.scheduler.cron_times import InvalidCron
from everyrun.scheduler.local_times import UnknownZone
from everyrun.scheduler.triggers import (
    InvalidSchedule,
    Oddity,
    Timetable,
    fires_between,
    is_due,
    last_fires,
    next_fires,
)

SECOND = 1_000_000
NEW_YORK = "America/New_York"


def _at(text: str) -> int:
    return to_microseconds(datetime.fromisoformat(text).astimezone(UTC))


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _table(trigger: Trigger, zone: str = "UTC", **more: Any) -> Timetable:
    return Timetable(ScheduleDefinition(trigger=trigger, **more), zone)


def _next(table: Timetable, after: str, count: int = 1) -> list[str]:
    found = next_fires(table, _at(after), count)
    return [to_datetime(at).astimezone(table.zone).isoformat() for at in found]


def test_a_time_of_day_keeps_its_hour_when_the_clocks_change() -> None:
    table = _table(Cron(expression="0 9 * * *"), NEW_YORK)

    assert [
        "2026-03-07T09:00:00-05:00",
        "2026-03-08T09:00:00-04:00",
        "2026-03-09T09:00:00-04:00",
    ] == _next(table, "2026-03-07T00:00:00-05:00", 3)


def test_a_skipped_time_is_due_at_the_first_moment_after_the_gap() -> None:
    table = _table(Cron(expression="30 2 * * *"), NEW_YORK)

    assert ["2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"] == _next(
        table, "2026-03-08T00:00:00-05:00", 2
    )


def test_several_skipped_times_are_due_once_together() -> None:
    table = _table(Cron(expression="0,15,30 2,3 * * *"), NEW_YORK)

    assert ["2026-03-08T03:00:00-04:00", "2026-03-08T03:15:00-04:00"] == _next(
        table, "2026-03-08T00:00:00-05:00", 2
    )


def test_a_repeated_time_is_due_when_it_first_comes() -> None:
    table = _table(Cron(expression="30 1 * * *"), NEW_YORK)

    assert ["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"] == _next(
        table, "2026-11-01T00:00:00-04:00", 2
    )


def test_one_who_asks_in_the_second_hour_is_not_told_of_the_first() -> None:
    table = _table(Cron(expression="30 1 * * *"), NEW_YORK)

    assert ["2026-11-02T01:30:00-05:00"] == _next(table, "2026-11-01T01:10:00-05:00")


def test_every_quarter_of_an_hour_is_due_twice_when_the_hour_comes_twice() -> None:
    table = _table(Cron(expression="*/15 * * * *"), NEW_YORK)
    before, after = _at("2026-11-01T00:00:00-04:00"), _at("2026-11-01T04:00:00-05:00")

    due = fires_between(table, before, after, 1_000)

    assert 5 * 4 == len(due)
    assert {15 * 60 * SECOND} == {later - sooner for sooner, later in pairwise(due)}


def test_a_day_that_a_zone_left_out_is_made_up_for_when_the_next_one_begins() -> None:
    table = _table(Cron(expression="30 9 * * *"), "Pacific/Apia")

    assert [
        "2011-12-29T09:30:00-10:00",
        "2011-12-31T00:00:00+14:00",
        "2011-12-31T09:30:00+14:00",
    ] == _next(table, "2011-12-29T00:00:00-10:00", 3)


@pytest.mark.parametrize(
    ("shorthand", "expected"),
    [
        ("@hourly", "2026-01-01T01:00:00+00:00"),
        ("@daily", "2026-01-02T00:00:00+00:00"),
        ("@weekly", "2026-01-04T00:00:00+00:00"),
        ("@monthly", "2026-02-01T00:00:00+00:00"),
        ("@yearly", "2027-01-01T00:00:00+00:00"),
        ("0 9 * * MON", "2026-01-05T09:00:00+00:00"),
        ("0 0 29 2 *", "2028-02-29T00:00:00+00:00"),
        ("* * 29 2 *", "2028-02-29T00:00:00+00:00"),
        ("0 12 L * *", "2026-01-31T12:00:00+00:00"),
        ("0 9 * * 5#2", "2026-01-09T09:00:00+00:00"),
        ("30 0 9 * * *", "2026-01-01T09:00:30+00:00"),
        ("*/20 * * * * *", "2026-01-01T00:00:20+00:00"),
    ],
)
def test_what_an_expression_may_say(shorthand: str, expected: str) -> None:
    assert [expected] == _next(_table(Cron(expression=shorthand)), "2026-01-01T00:00:00+00:00")


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("0 9 * *", "wrong number of fields"),
        ("61 * * * *", "bad minute"),
        ("0 25 * * *", "bad hour"),
        ("0 0 30 2 *", "bad day-of-month"),
        ("@never", "wrong number of fields"),
    ],
)
def test_what_is_no_expression_says_which_field_is_wrong(expression: str, reason: str) -> None:
    with pytest.raises(InvalidCron, match=reason):
        _table(Cron(expression=expression))


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownZone, match="Asia/Soul"):
        _table(Cron(expression="0 9 * * *"), "Asia/Soul")


def test_an_interval_is_elapsed_time_and_knows_nothing_of_clocks() -> None:
    anchor = datetime.fromisoformat("2026-03-07T09:00:00-05:00")
    table = _table(Interval(every=86_400, anchor=anchor), NEW_YORK)

    assert ["2026-03-08T10:00:00-04:00"] == _next(table, "2026-03-07T09:00:00-05:00")


def test_an_interval_without_an_anchor_lies_on_the_round_moments_shifted_by_its_phase() -> None:
    assert ["2026-01-01T00:05:30+00:00", "2026-01-01T00:10:30+00:00"] == _next(
        _table(Interval(every=300, phase=30)), "2026-01-01T00:00:30+00:00", 2
    )


def test_an_interval_goes_on_before_its_anchor_too() -> None:
    anchor = datetime(2026, 1, 1, tzinfo=UTC)

    assert ["2025-12-31T23:50:00+00:00"] == _next(
        _table(Interval(every=600, anchor=anchor)), "2025-12-31T23:45:00+00:00"
    )


def test_an_interval_below_a_second_is_refused() -> None:
    with pytest.raises(InvalidSchedule, match="at least 1 s"):
        _table(Interval(every=0.5))


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-05-01T09:30:00", "Asia/Seoul", "2026-05-01T09:30:00+09:00"),
        ("2026-05-01T09:30:00+00:00", "Asia/Seoul", "2026-05-01T18:30:00+09:00"),
        ("2026-03-08T02:30:00", NEW_YORK, "2026-03-08T03:00:00-04:00"),
        ("2026-11-01T01:30:00", NEW_YORK, "2026-11-01T01:30:00-04:00"),
    ],
)
def test_one_moment_is_due_once(moment: str, zone: str, expected: str) -> None:
    table = _table(At(moment=datetime.fromisoformat(moment)), zone)

    assert [expected] == _next(table, "2026-01-01T00:00:00+00:00", 5)
    assert [] == next_fires(table, _at(expected), 1)


def test_due_times_lie_from_the_start_on_and_before_the_end() -> None:
    table = _table(
        Cron(expression="0 * * * *"),
        start=datetime(2026, 1, 1, 3, tzinfo=UTC),
        end=datetime(2026, 1, 1, 5, tzinfo=UTC),
    )

    assert ["2026-01-01T03:00:00+00:00", "2026-01-01T04:00:00+00:00"] == _next(
        table, "2025-01-01T00:00:00+00:00", 10
    )


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(InvalidSchedule, match="after its start"):
        _table(
            Cron(expression="0 * * * *"),
            start=datetime(2026, 1, 2, tzinfo=UTC),
            end=datetime(2026, 1, 1, tzinfo=UTC),
        )


def test_a_range_has_its_beginning_and_not_its_end() -> None:
    table = _table(Interval(every=60))

    assert [0, 60 * SECOND] == fires_between(table, 0, 120 * SECOND, 10)
    assert [0] == fires_between(table, 0, 120 * SECOND, 1)


@given(
    seconds=st.integers(1, 500_000),
    span=st.integers(0, 5_000_000),
    limit=st.integers(1, 20),
    offset=st.integers(0, 10**9),
)
def test_the_last_of_a_range_are_the_end_of_all_of_it(
    seconds: int, span: int, limit: int, offset: int
) -> None:
    table = _table(Interval(every=seconds))
    since, until = offset * SECOND, (offset + span) * SECOND
    everything = range(-(-offset // seconds) * seconds, offset + span, seconds)

    assert [at * SECOND for at in everything[-limit:]] == last_fires(table, since, until, limit)


def test_a_moment_is_due_or_is_not() -> None:
    table = _table(Cron(expression="0 9 * * *"))

    assert is_due(table, _at("2026-01-01T09:00:00+00:00"))
    assert not is_due(table, _at("2026-01-01T09:00:01+00:00"))


def test_odd_times_are_told() -> None:
    table = _table(Cron(expression="30 1,2 * * *"), NEW_YORK)
    in_march = table.describe(_at("2026-03-08T03:00:00-04:00"))
    in_november = table.describe(_at("2026-11-01T01:30:00-04:00"))
    ordinary = table.describe(_at("2026-06-01T01:30:00-04:00"))

    assert (Oddity.SKIPPED, _local("2026-03-08T02:30")) == (in_march.oddity, in_march.meant)
    assert _local("2026-03-08T03:00") == in_march.local
    assert (Oddity.REPEATED, _local("2026-11-01T01:30")) == (
        in_november.oddity,
        in_november.meant,
    )
    assert (None, None) == (ordinary.oddity, ordinary.meant)


def test_a_time_that_is_due_anyway_after_a_gap_is_not_odd() -> None:
    table = _table(Cron(expression="0 3 * * *"), NEW_YORK)

    assert table.describe(_at("2026-03-08T03:00:00-04:00")).oddity is None


def test_a_real_moment_is_never_odd() -> None:
    table = _table(Cron(expression="*/30 * * * *"), NEW_YORK)

    assert table.describe(_at("2026-03-08T03:00:00-04:00")).oddity is None
    assert table.describe(_at("2026-11-01T01:30:00-04:00")).oddity is None


def test_one_moment_in_a_gap_is_odd() -> None:
    table = _table(At(moment=_local("2026-03-08T02:30")), NEW_YORK)
    told = table.describe(_at("2026-03-08T03:00:00-04:00"))

    assert (Oddity.SKIPPED, _local("2026-03-08T02:30")) == (told.oddity, told.meant)


def test_a_time_that_never_comes_again_is_not_waited_for() -> None:
    table = _table(Cron(expression="0 0 * * *"), end=datetime(2026, 1, 1, tzinfo=UTC))

    assert [] == next_fires(table, _at("2026-01-01T00:00:00+00:00") - SECOND, 3)
