"""The dashboard's figures over HTTP (R1.1-R1.8)."""

from datetime import UTC, datetime

import httpx
import pytest

from everyrun.domain.roles import Role
from everyrun.domain.status import Status
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database
from everyrun.testing import HandClock
from tests.integration.reading.runs import Run, tell_runs
from tests.support.served import Served, serve

DASHBOARD = "/api/v1/dashboard"


@pytest.fixture
def viewer(served: Served) -> httpx.Client:
    return served.client(Role.VIEWER)


def _figures(client: httpx.Client, **asked: str) -> list[int]:
    found = client.get(DASHBOARD, params=asked).json()
    names = (
        "total_workflows",
        "inactive_workflows",
        "today_executions",
        "today_failed_workflows",
        "all_executions",
        "all_failed_workflows",
    )
    return [found[name] for name in names]


def test_r1_2_the_figures_are_those_of_the_day(served: Served, viewer: httpx.Client) -> None:
    now = served.clock.now()
    tell_runs(
        served.database,
        [
            Run("a", at=now).finished(Status.FAILED),
            Run("a", at=now).finished(Status.FAILED),
            Run("b", at=now),
            Run("c", at=now - 400 * 24 * 3_600_000_000).finished(Status.FAILED),
        ],
    )

    assert [3, 0, 3, 1, 4, 2] == _figures(viewer, tz="UTC")


def test_r1_4_r1_6_kept_figures_are_never_wrong_after_a_write(
    served: Served, viewer: httpx.Client
) -> None:
    found = []
    for name in ("a", "b", "c"):
        tell_runs(served.database, [Run(name, at=served.clock.now())])
        found += [_figures(viewer, tz="UTC")[2] for _ in range(2)]

    assert [1, 1, 2, 2, 3, 3] == found


def test_r1_5_figures_can_be_counted_anew(viewer: httpx.Client) -> None:
    found = [viewer.get(DASHBOARD, params={"use_cache": each}).json() for each in ("1", "1", "0")]

    assert [False, True, False] == [each["from_cache"] for each in found]


def test_an_idle_poll_is_answered_by_304(viewer: httpx.Client) -> None:
    etag = viewer.get(DASHBOARD).headers["etag"]

    assert 304 == viewer.get(DASHBOARD, headers={"If-None-Match": etag}).status_code


def test_an_unknown_zone_is_refused(viewer: httpx.Client) -> None:
    assert 400 == viewer.get(DASHBOARD, params={"tz": "Mars/Olympus"}).status_code


@pytest.mark.parametrize(
    ("setting", "asked", "expected"),
    [("Asia/Seoul", None, 1), ("Asia/Seoul", "UTC", 0), ("UTC", None, 0), ("UTC", "Asia/Seoul", 1)],
)
def test_r1_3_r1_7_today_is_the_day_of_the_asked_zone_or_the_servers(
    database: Database, setting: str, asked: str | None, expected: int
) -> None:
    """A run of the Korean night, asked about in the morning, after midnight of UTC."""
    night = HandClock(datetime(2026, 11, 20, 20, 0, tzinfo=UTC))
    tell_runs(database, [Run("a", at=night.now()).finished()])
    night.forward(hours=5)
    settings = ServerSettings(timezone=setting)
    with serve(database, settings, night) as served:
        params = {} if asked is None else {"tz": asked}

        assert expected == _figures(served.client(Role.VIEWER), **params)[2]
