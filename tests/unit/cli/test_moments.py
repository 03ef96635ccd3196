"""Moments and zones as people write them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from everyrun.cli.errors import BadInput
from everyrun.cli.moments import (
    chosen_zone,
    local_zone_name,
    named_zone,
    parse_moment,
    parse_span,
)

NOW = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=90), "90d"),
        (timedelta(hours=2), "2h"),
        (timedelta(minutes=90), "1h30m"),
        (timedelta(minutes=90), "1H 30M"),
        (timedelta(minutes=90), "1.5h"),
        (timedelta(weeks=2), "2w"),
        (timedelta(0), "0s"),
    ],
)
def test_a_span_is_read(span: timedelta, text: str) -> None:
    assert span == parse_span(text)


@pytest.mark.parametrize("text", ["", "90", "d", "2 years", "-2h", "1h-30m", "99999999999999d"])
def test_what_is_no_span_is_refused_with_its_words(text: str) -> None:
    with pytest.raises(BadInput, match="no span of time"):
        parse_span(text)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 20, 14, 30, tzinfo=UTC), "2h"),
        (NOW, "now"),
        (datetime(2026, 10, 31, 15, 0, tzinfo=UTC), "2026-11-01"),
        (datetime(2026, 11, 1, 0, 30, tzinfo=UTC), "2026-11-01T09:30"),
        (datetime(2026, 11, 1, 9, 30, tzinfo=UTC), "2026-11-01T09:30Z"),
        (datetime(2026, 11, 1, 9, 30, tzinfo=UTC), "2026-11-01 10:30+01:00"),
        (datetime(2026, 11, 20, 15, 0, tzinfo=UTC), "today"),
        (datetime(2026, 11, 19, 15, 0, tzinfo=UTC), "Yesterday"),
    ],
)
def test_a_moment_without_a_zone_is_read_in_the_readers(moment: datetime, text: str) -> None:
    assert moment == parse_moment(text, NOW, SEOUL)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "9999999d", "9999-12-31T23:00-12:00"])
def test_what_is_no_moment_is_refused_with_its_words(text: str) -> None:
    with pytest.raises(BadInput, match="no moment"):
        parse_moment(text, NOW, UTC)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match="Mars/Olympus is no time zone"):
        named_zone("Mars/Olympus")


def test_two_zones_at_once_are_refused() -> None:
    with pytest.raises(BadInput, match="--utc"):
        chosen_zone(utc=True, local=True)


def test_the_environments_zone_wins_over_the_machines(tmp_path: Path) -> None:
    assert "Asia/Seoul" == local_zone_name({"TZ": ":Asia/Seoul"}, tmp_path / "localtime")


def test_the_machines_zone_is_where_its_link_points(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")

    assert "Europe/Berlin" == local_zone_name({}, link)


def test_a_machine_without_a_usable_zone_is_read_as_utc(tmp_path: Path) -> None:
    assert "UTC" == local_zone_name({"TZ": "no zone"}, tmp_path / "missing")
