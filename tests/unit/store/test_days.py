"""A day in a zone, whatever its clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import SettingsError
from everyrun.store.reading.days import day_window

HOUR = 3_600_000_000
QUARTER = HOUR // 4


def _year(year: int) -> int:
    return to_microseconds(datetime(year, 1, 1, tzinfo=UTC))


ZONES = sorted(available_timezones())
MOMENTS = st.integers(_year(1975), _year(2090)).map(to_datetime)
RECENT = st.integers(_year(2000), _year(2090)).map(to_datetime)


@given(MOMENTS, st.sampled_from(ZONES))
def test_a_day_contains_its_moments_and_no_other_date(moment: datetime, zone: str) -> None:
    now = to_microseconds(moment)
    start, end = day_window(now, zone)
    date = moment.astimezone(ZoneInfo(zone)).date()

    assert start <= now < end
    assert date == to_datetime(start).astimezone(ZoneInfo(zone)).date()
    assert date == to_datetime(end - 1).astimezone(ZoneInfo(zone)).date()
    assert date > to_datetime(start - 1).astimezone(ZoneInfo(zone)).date()
    assert date < to_datetime(end).astimezone(ZoneInfo(zone)).date()


@given(MOMENTS, st.sampled_from(ZONES))
def test_days_join_without_gap(moment: datetime, zone: str) -> None:
    _, end = day_window(to_microseconds(moment), zone)

    assert end == day_window(end, zone)[0]


@given(RECENT, st.sampled_from(ZONES))
def test_a_day_is_whole_quarters_of_an_hour(moment: datetime, zone: str) -> None:
    start, end = day_window(to_microseconds(moment), zone)

    assert (0, 0) == (start % QUARTER, end % QUARTER)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Asia/Seoul", (2026, 11, 20), 24),
        ("America/New_York", (2026, 3, 8), 23),
        ("America/New_York", (2026, 11, 1), 25),
        ("Australia/Lord_Howe", (2026, 10, 4), 23.5),
        ("Africa/Cairo", (2026, 4, 24), 23),
        ("America/Havana", (2026, 11, 1), 25),
    ],
)
def test_a_day_whose_clocks_change_has_its_own_length(
    zone: str, day: tuple[int, int, int], hours: float
) -> None:
    noon = datetime(*day, 12, tzinfo=ZoneInfo(zone))
    start, end = day_window(to_microseconds(noon), zone)

    assert timedelta(hours=hours) == to_datetime(end) - to_datetime(start)


@pytest.mark.parametrize("zone", ["", "Nowhere", "../UTC", "/etc/localtime", "a\0b", "UTC/"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(SettingsError, match="no time zone"):
        day_window(0, zone)
