"""How quantities are said."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from everyrun.cli import wording

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("–", None),
        ("0.0 ms", 0.0),
        ("0.4 ms", 0.0004),
        ("9.9 ms", 0.00991),
        ("340 ms", 0.34),
        ("999 ms", 0.9994),
        ("1.0 s", 0.9996),
        ("1.2 s", 1.2),
        ("59.9 s", 59.94),
        ("1 m 00 s", 59.96),
        ("3 m 04 s", 184.2),
        ("59 m 59 s", 3599.4),
        ("1 h 00 m", 3599.6),
        ("2 h 05 m", 7_512.0),
        ("1 d 00 h", 86_400.0),
        ("2 d 05 h", 190_800.0),
        ("-1.2 s", -1.2),
    ],
)
def test_a_duration_is_said_in_the_unit_that_suits_it(said: str, seconds: float | None) -> None:
    assert said == wording.duration(seconds)


@pytest.mark.parametrize(
    ("said", "before"),
    [
        ("just now", timedelta(milliseconds=300)),
        ("12 s ago", timedelta(seconds=12)),
        ("3 m ago", timedelta(minutes=3, seconds=59)),
        ("5 h ago", timedelta(hours=5)),
        ("6 d ago", timedelta(days=6, hours=23)),
        ("2026-11-13", timedelta(days=7)),
        ("in 5 m", timedelta(minutes=-5)),
    ],
)
def test_a_moment_is_said_relative_to_now_until_a_week_has_passed(
    said: str, before: timedelta
) -> None:
    assert said == wording.ago(NOW - before, NOW, UTC)


def test_an_old_moment_has_the_date_of_the_readers_zone() -> None:
    late = datetime(2026, 10, 1, 18, 0, tzinfo=UTC)

    assert "2026-10-02" == wording.ago(late, NOW, SEOUL)


def test_an_absolute_moment_names_its_zone() -> None:
    assert "2026-11-20 18:30:00 KST" == wording.absolute(NOW, SEOUL)


def test_a_zone_without_a_name_is_said_by_its_offset() -> None:
    nepal = timezone(timedelta(hours=5, minutes=45))

    assert "2026-11-20 15:15:00 +05:45" == wording.absolute(NOW, nepal)


def test_a_zone_west_of_utc_keeps_its_minutes() -> None:
    newfoundland = timezone(-timedelta(hours=3, minutes=30))

    assert "-03:30" == wording.zone_label(NOW.astimezone(newfoundland))


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("0 B", 0),
        ("1023 B", 1023),
        ("1.0 KiB", 1024),
        ("1.5 MiB", 1_572_864),
        ("2048.0 TiB", 2**51),
    ],
)
def test_a_size_is_said_in_binary_units(said: str, count: int) -> None:
    assert said == wording.size(count)


@pytest.mark.parametrize(
    ("said", "part"), [("–", None), ("0.0%", 0.0), ("<0.1%", 0.0004), ("12.5%", 0.125)]
)
def test_a_small_share_is_never_rounded_to_nothing(said: str, part: float | None) -> None:
    assert said == wording.share(part)
