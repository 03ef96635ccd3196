"""Moments as people write them, and how clocks that change move them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.nodes.moments import moment_of, zone_of

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = to_microseconds(datetime(2026, 1, 15, 12, 0, tzinfo=UTC))


def _said(text: str, zone: ZoneInfo | None = None, after: int = NOON) -> str:
    return to_datetime(moment_of(text, zone, after)).isoformat()


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-01-15T06:30:00+09:00", None, "2026-01-14T21:30:00+00:00"),
        ("2026-01-15T06:30:00Z", SEOUL, "2026-01-15T06:30:00+00:00"),
        ("2026-01-15 06:30", SEOUL, "2026-01-14T21:30:00+00:00"),
        ("2026-01-15", SEOUL, "2026-01-14T15:00:00+00:00"),
        (" 2020-01-01T00:00Z ", None, "2020-01-01T00:00:00+00:00"),
        ("12:00", ZoneInfo("UTC"), "2026-01-15T12:00:00+00:00"),
        ("11:59:59", ZoneInfo("UTC"), "2026-01-16T11:59:59+00:00"),
        ("6:30", SEOUL, "2026-01-15T21:30:00+00:00"),
        ("21:00", SEOUL, "2026-01-15T12:00:00+00:00"),
    ],
)
def test_a_moment_is_found(text: str, zone: ZoneInfo | None, expected: str) -> None:
    assert expected == _said(text, zone)


def test_a_skipped_time_is_as_much_later_as_the_clocks_jump() -> None:
    before = to_microseconds(datetime(2026, 3, 29, 0, 0, tzinfo=UTC))

    assert "2026-03-29T01:30:00+00:00" == _said("02:30", BERLIN, before)
    assert "2026-03-29T01:30:00+00:00" == _said("2026-03-29T02:30", BERLIN)


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    before = to_microseconds(datetime(2026, 10, 24, 23, 0, tzinfo=UTC))

    assert "2026-10-25T00:30:00+00:00" == _said("02:30", BERLIN, before)


def test_a_day_that_was_left_out_is_passed_over() -> None:
    before = to_microseconds(datetime(2011, 12, 30, 9, 0, tzinfo=UTC))  # 29th, 23:00 in Samoa

    assert "2011-12-30T18:00:00+00:00" == _said("08:00", ZoneInfo("Pacific/Apia"), before)


@given(
    after=st.integers(0, NOON * 2),
    minutes=st.integers(0, 24 * 60 - 1),
    zone=st.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/New_York", "Pacific/Apia"]),
)
def test_a_time_of_day_comes_within_two_days(after: int, minutes: int, zone: str) -> None:
    found = moment_of(f"{minutes // 60}:{minutes % 60:02}", ZoneInfo(zone), after)

    assert 0 <= found - after <= timedelta(days=2) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("06:30", "is a time of day; say of which zone"),
        ("2026-01-15T06:30", "has no zone: write"),
        ("24:00", "is no moment"),
        ("tomorrow", "is no moment: write 2026-01-15T06:30:00"),
        ("", "is no moment"),
    ],
)
def test_what_is_no_moment_is_an_error(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        moment_of(text, None, NOON)


@pytest.mark.parametrize("name", ["Asia/Soul", "", "Asia", "../etc/passwd"])
def test_a_zone_that_does_not_exist_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="there is no time zone"):
        zone_of(name)
