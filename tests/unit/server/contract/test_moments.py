"""Times as the seeds' clients write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.clock import to_microseconds
from everyrun.server.contract.moments import moment
from everyrun.workflows.reporting import ImpossibleReport

SEOUL = "Asia/Seoul"
FIRST, LAST = datetime(1971, 1, 1), datetime(9990, 1, 1)  # noqa: DTZ001 - zones are drawn apart


@given(
    at=st.datetimes(FIRST, LAST, timezones=st.timezones()),
    spaced=st.booleans(),
)
def test_a_time_with_a_zone_is_itself(at: datetime, spaced: bool) -> None:
    written = at.isoformat(" " if spaced else "T")
    read = datetime.fromisoformat(written)

    assert to_microseconds(read) == moment(written, SEOUL, "started_at")


@given(at=st.datetimes(FIRST, LAST))
def test_a_time_without_one_is_the_servers(at: datetime) -> None:
    meant = at.replace(tzinfo=ZoneInfo(SEOUL))

    assert to_microseconds(meant) == moment(at.isoformat(), SEOUL, "started_at")


def test_z_is_utc_and_none_is_none() -> None:
    noon = datetime(2026, 11, 28, 12, tzinfo=UTC)

    assert to_microseconds(noon) == moment("2026-11-28T12:00:00Z", SEOUL, "finished_at")
    assert moment(None, SEOUL, "finished_at") is None


@pytest.mark.parametrize(
    "text", ["", "now", "1969-12-31T23:59:59Z", "0001-01-01", "9999-12-31T23:59:59", "\ud800", "1"]
)
def test_what_is_no_time_is_refused_by_its_fields_name(text: str) -> None:
    with pytest.raises(ImpossibleReport, match="finished_at"):
        moment(text, SEOUL, "finished_at")
