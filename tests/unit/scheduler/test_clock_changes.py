"""Cron expressions at every change of the clocks of ten zones, against a second implementation."""

from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.scheduler.cron_times import CronTimes
from tests.support import cron_by_hand
from tests.support.cron_by_hand import Minute, utc

ZONES = (
    "America/New_York",
    "Europe/Dublin",  # summer is standard time, winter is negative daylight saving
    "Australia/Lord_Howe",  # half an hour
    "Antarctica/Troll",  # two hours
    "Africa/Casablanca",  # suspended in Ramadan
    "America/St_Johns",  # one minute past midnight until 2011, and two hours in 1988
    "Asia/Seoul",  # 1987 and 1988
    "Pacific/Apia",  # no 30 December 2011
    "Africa/Cairo",  # at midnight
    "America/Havana",  # at midnight, where one day in two begins at 01:00
)
SINCE, UNTIL = utc(1970), utc(2038)
EXPRESSIONS = (
    "30 2 * * *",
    "0 0 * * *",
    "0,30 0-4 * * *",
    "15,45 1,23 * * *",
    "*/15 * * * *",
    "0 * * * *",
    "*/20 0-3 * * *",
    "5 */3 * * *",
)


@cache
def _changes(zone: str) -> list[datetime]:
    return cron_by_hand.changes(ZoneInfo(zone), SINCE, UNTIL)


@cache
def _watched(zone: str, change: datetime) -> list[Minute]:
    about = (change - timedelta(hours=3), change + timedelta(hours=26))
    return cron_by_hand.minutes(ZoneInfo(zone), *about)


def _ours(expression: str, zone: str, after: datetime, until: datetime) -> list[datetime]:
    times = CronTimes(expression, ZoneInfo(zone)).after(to_microseconds(after))
    found = []
    for moment in times:
        if moment >= to_microseconds(until):
            break
        found.append(to_datetime(moment))
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_due_times_agree_at_every_change_of_the_clocks(zone: str) -> None:
    assert _changes(zone), zone
    for change in _changes(zone):
        watched = _watched.__wrapped__(zone, change)
        begin, end = watched[0].at, watched[-1].at + timedelta(minutes=1)
        for expression in EXPRESSIONS:
            expected = cron_by_hand.due(expression, watched)
            found = _ours(expression, zone, begin - timedelta(microseconds=1), end)

            assert expected == found, (expression, change)


_steps = st.integers(1, 12)


def _field(least: int, most: int) -> st.SearchStrategy[str]:
    value = st.integers(least, most)
    ends = st.lists(value, min_size=2, max_size=2, unique=True).map(sorted)
    span = ends.map(lambda both: f"{both[0]}-{both[1]}")
    part = st.one_of(value.map(str), span, st.builds("{}/{}".format, span, _steps))
    listed = st.lists(part, min_size=1, max_size=3).map(",".join)
    return st.one_of(st.just("*"), st.builds("*/{}".format, _steps), listed)


expressions = st.tuples(
    _field(0, 59),
    _field(0, 23),
    _field(1, 28),
    st.just("*"),
    _field(0, 6),
).map(" ".join)


@given(
    expression=expressions,
    zone=st.sampled_from(ZONES),
    which=st.integers(0, 10_000),
    minutes_on=st.integers(0, 12 * 60),
    seconds_on=st.integers(0, 59),
)
def test_due_times_agree_wherever_one_begins_to_look(
    expression: str, zone: str, which: int, minutes_on: int, seconds_on: int
) -> None:
    change = _changes(zone)[which % len(_changes(zone))]
    watched = _watched(zone, change)
    after = watched[minutes_on].at + timedelta(seconds=seconds_on)
    expected = [moment for moment in cron_by_hand.due(expression, watched) if moment > after]

    found = _ours(expression, zone, after, watched[-1].at + timedelta(minutes=1))

    assert expected == found


@given(
    expression=expressions,
    zone=st.sampled_from(ZONES),
    after=st.integers(to_microseconds(SINCE), to_microseconds(UNTIL)).map(to_datetime),
)
def test_due_times_agree_on_any_day(expression: str, zone: str, after: datetime) -> None:
    first = CronTimes(expression, ZoneInfo(zone)).after(to_microseconds(after))
    found = [to_datetime(moment) for moment in islice(first, 3)]

    for moment, following in zip([after, *found], found, strict=False):
        begin = following.replace(second=0) - timedelta(minutes=30)
        between = cron_by_hand.minutes(ZoneInfo(zone), max(begin, moment), following)
        assert moment < following
        assert [] == [due for due in cron_by_hand.due(expression, between) if due > moment]
        itself = cron_by_hand.minutes(ZoneInfo(zone), following, following + timedelta(minutes=1))
        assert [following] == cron_by_hand.due(expression, itself)
