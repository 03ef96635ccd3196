"""Seed 001: the dashboard's values, right across days, zones, changes and failures."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from everyrun.domain.roles import Role
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database
from everyrun.testing.hand_clock import HandClock
from tests.support.seed_clients import ScriptClient
from tests.support.served import Served, serve

SEOUL = ZoneInfo("Asia/Seoul")
AFTERNOON = datetime(2026, 11, 28, 15, 30, tzinfo=SEOUL)


@pytest.fixture
def clock() -> HandClock:
    return HandClock(AFTERNOON.astimezone(UTC))


@pytest.fixture
def served(database: Database, clock: HandClock) -> Iterator[Served]:
    """A server in Seoul, on an afternoon."""
    with serve(database, ServerSettings(timezone="Asia/Seoul"), clock) as running:
        yield running


def test_r1_1_the_values_come_in_the_seeds_envelope(scripts: ScriptClient) -> None:
    answer = scripts.get("/api/dashboard/stats", use_cache=True)

    assert (True, "대시보드 통계 조회 완료") == (answer["success"], answer["message"])
    assert {
        "total_scripts": 0,
        "today_executions": 0,
        "today_failed_scripts": 0,
        "inactive_scripts": 0,
    }.items() <= answer["data"].items()


def test_r1_2_scripts_runs_failing_scripts_and_inactive_ones_are_counted(
    scripts: ScriptClient,
) -> None:
    one, other = scripts.create("one"), scripts.create("other")
    scripts.create("off", active=False)
    for status in ("success", "error", "error", "cancelled"):
        scripts.record(one, status)
    scripts.record(other, "error")

    assert _values(scripts) == (3, 5, 2, 1)


def _values(scripts: ScriptClient, **params: object) -> tuple[int, int, int, int]:
    data = scripts.dashboard(**params)
    return (
        data["total_scripts"],
        data["today_executions"],
        data["today_failed_scripts"],
        data["inactive_scripts"],
    )


def test_r0_8_the_values_of_all_days_follow_records_and_summaries_at_once(
    scripts: ScriptClient, clock: HandClock
) -> None:
    script_id = scripts.create()
    scripts.record(script_id, "error")
    clock.forward(hours=48)
    scripts.record(script_id)
    scripts.post("/api/dashboard/execution-summary", {"total_executions": 1, "failed_count": 0})

    data = scripts.dashboard()
    assert (2, 1) == (data["all_executions"], data["all_failed_scripts"])
    assert (1, 0) == (data["today_executions"], data["today_failed_scripts"])


def test_r1_2_node_logs_are_no_runs(scripts: ScriptClient) -> None:
    script_id = scripts.create()
    for node in ("a", "b", "c"):
        scripts.log("completed", script_id=script_id, node_id=node, started_at=None)
    scripts.record(script_id)

    assert 1 == scripts.dashboard()["today_executions"]


def test_r1_3_today_is_where_the_server_is_or_where_it_is_asked_for(
    scripts: ScriptClient, clock: HandClock
) -> None:
    script_id = scripts.create()
    scripts.record(script_id)
    clock.forward(hours=6)  # 21:30 in Seoul, 12:30 in London, the next day in Kiritimati
    scripts.record(script_id, "error")

    assert (1, 2, 1, 0) == _values(scripts)
    assert (1, 2, 1, 0) == _values(scripts, tz="Europe/London")
    assert (1, 1, 1, 0) == _values(scripts, tz="Pacific/Kiritimati")
    refused = scripts.http.get("/api/dashboard/stats", params={"tz": "Mars/Olympus"})
    assert (400, "INVALID_QUERY") == (refused.status_code, refused.json()["code"])


def test_r1_4_a_value_is_never_older_than_what_changed(
    served: Served, scripts: ScriptClient, clock: HandClock
) -> None:
    script_id = scripts.create()
    assert (1, 0, 0, 0) == _values(scripts)
    kept = _kept(served)
    assert (1, 0) == (kept["total_scripts"], kept["today_executions"])

    clock.forward(minutes=1)
    scripts.record(script_id)
    assert (1, 1, 0, 0) == _values(scripts) == _values(scripts)
    assert 1 == _kept(served)["today_executions"]
    clock.forward(minutes=6)
    assert (1, 1, 0, 0) == _values(scripts)


def _kept(served: Served) -> dict[str, int]:
    """What lies in the seed's own table."""
    query = text("SELECT stat_key, stat_value FROM dashboard_stats")
    with served.database.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def test_r1_5_values_are_counted_anew_where_that_is_asked(scripts: ScriptClient) -> None:
    script_id = scripts.create()
    scripts.record(script_id)

    assert (1, 1, 0, 0) == _values(scripts) == _values(scripts, use_cache=False)


def test_r1_6_every_change_shows_at_once(scripts: ScriptClient) -> None:
    seen = [_values(scripts)]
    script_id = scripts.create()
    seen.append(_values(scripts))
    scripts.http.patch(f"/api/scripts/{script_id}/active", json={"active": False})
    seen.append(_values(scripts))
    scripts.record(script_id)
    seen.append(_values(scripts))
    scripts.record(script_id, "error")
    seen.append(_values(scripts))
    scripts.http.delete(f"/api/scripts/{script_id}")
    seen.append(_values(scripts))

    assert [
        (0, 0, 0, 0),
        (1, 0, 0, 0),
        (1, 0, 0, 1),
        (1, 1, 0, 1),
        (1, 2, 1, 1),
        (0, 2, 1, 0),
    ] == seen


def test_r1_7_midnight_begins_a_new_day_whoever_is_asleep(
    scripts: ScriptClient, clock: HandClock
) -> None:
    script_id = scripts.create()
    scripts.record(script_id, "error")
    assert (1, 1, 1, 0) == _values(scripts)

    clock.forward(hours=8, minutes=29, seconds=59)
    assert (1, 1, 1, 0) == _values(scripts)
    clock.forward(seconds=1)
    assert (1, 0, 0, 0) == _values(scripts)


def test_r1_8_all_values_come_in_one_answer_of_one_moment(scripts: ScriptClient) -> None:
    script_id = scripts.create()
    scripts.record(script_id, "error")

    assert {"total_scripts", "today_executions", "today_failed_scripts", "inactive_scripts"} <= set(
        scripts.dashboard()
    )


def test_r1_10_a_failure_is_told_and_looks_like_no_zeros(served: Served) -> None:
    refused = served.client().get("/api/dashboard/stats")

    assert 401 == refused.status_code
    assert "data" not in refused.json()


def test_r1_11_a_recorded_run_is_counted_without_any_midnight_job(
    served: Served, scripts: ScriptClient, clock: HandClock
) -> None:
    script_id = scripts.create()
    for _ in range(3):
        scripts.record(script_id)
        clock.forward(hours=24)

    assert 0 == scripts.dashboard()["today_executions"]
    scripts.record(script_id)
    assert 1 == scripts.dashboard()["today_executions"]
    assert 1 == ScriptClient(served.client(Role.VIEWER)).dashboard()["today_executions"]
