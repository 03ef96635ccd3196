"""Schedules over HTTP: added, looked ahead, changed, paused, backfilled, forgotten."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from everyrun.domain.roles import Role
from everyrun.scheduler.firing import fire_all
from everyrun.store.database import Database
from everyrun.testing import HandClock
from tests.support.schedules import MINUTE, a_graph
from tests.support.served import Served, serve

SCHEDULES = "/api/v1/schedules"


def once(moment: str) -> dict[str, Any]:
    """What is due at one moment alone."""
    return {"trigger": {"type": "at", "moment": moment}}


HOURLY = {"trigger": {"type": "cron", "expression": "0 * * * *"}}
EVERY_MINUTE = {"trigger": {"type": "interval", "every": 60}}


@pytest.fixture
def clock() -> HandClock:
    """The server's clock."""
    return HandClock()


@pytest.fixture
def served(database: Database, clock: HandClock) -> Any:
    """A server whose clock is moved by hand, over a ledger with a graph."""
    a_graph(database)
    with serve(database, clock=clock) as running:
        yield running


@pytest.fixture
def operator(served: Served) -> httpx.Client:
    """Somebody who may schedule."""
    return served.client(Role.OPERATOR)


def add(client: httpx.Client, definition: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Add a schedule; answers it."""
    body = {"workflow": "nightly", "definition": definition, **more}
    response = client.post(SCHEDULES, json=body)
    assert 201 == response.status_code, response.text
    schedule: dict[str, Any] = response.json()["schedule"]
    return schedule


def at(schedule: dict[str, Any], *more: str) -> str:
    """The address of a schedule."""
    return "/".join([SCHEDULES, schedule["id"], *more])


def fires(client: httpx.Client, schedule: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """What became of its due times, the latest first."""
    found: list[dict[str, Any]] = client.get(at(schedule, "fires"), params=more).json()["items"]
    return found


def test_a_schedule_is_added_found_by_name_and_forgotten(operator: httpx.Client) -> None:
    added = add(operator, HOURLY, timezone="Asia/Seoul", name="매 시간")
    shown = operator.get(at(added)).json()
    by_name = operator.get(f"{SCHEDULES}/{quote('nightly/매 시간', safe='')}").json()
    listed = operator.get(SCHEDULES).json()

    assert ("nightly", "매 시간", "active") == (added["workflow"], added["name"], added["state"])
    assert added["next_at"] == shown["next"][0]["at"]
    assert "+09:00" == shown["next"][0]["local"][-6:]
    assert shown == by_name
    assert ([added], False) == (listed["items"], listed["served"])
    assert 204 == operator.delete(at(added)).status_code
    assert 404 == operator.get(at(added)).status_code
    assert 404 == operator.delete(at(added)).status_code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"definition": {"trigger": {"type": "cron", "expression": "61 * * * *"}}}, "INVALID_CRON"),
        ({"definition": HOURLY, "timezone": "Mars/Base"}, "UNKNOWN_ZONE"),
        ({"definition": {"trigger": {"type": "interval", "every": 0.1}}}, "INVALID_SCHEDULE"),
        ({"definition": once("2001-01-01T00:00:00")}, "INVALID_SCHEDULE"),
        ({"definition": once("9999-12-31T23:59:59Z")}, "INVALID_SCHEDULE"),
        ({"definition": {**HOURLY, "start": "0001-01-01T00:00:00Z"}}, "INVALID_SCHEDULE"),
        ({"definition": {**HOURLY, "input": {"dya": 1}}}, "INVALID_INPUT"),
        ({"definition": {**HOURLY, "input": {"day": "{{ due.nope }}"}}}, "TEMPLATE_ERROR"),
        ({"definition": HOURLY, "name": ""}, "INVALID_NAME"),
        ({"definition": HOURLY, "workflow": "nobody"}, "NOT_ON_RECORD"),
        ({"definition": {**HOURLY, "tags": ["\0"]}}, "INVALID_BODY"),
        ({"definition": {"trigger": {"type": "sometimes"}}}, "INVALID_BODY"),
        ({"definition": {**HOURLY, "jitter": 3}}, "INVALID_BODY"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_with_its_code(
    operator: httpx.Client, body: dict[str, Any], code: str
) -> None:
    refused = operator.post(SCHEDULES, json={"workflow": "nightly", **body})

    assert refused.status_code in {400, 404, 422}, refused.text
    assert code == refused.json()["code"]
    assert [] == operator.get(SCHEDULES).json()["items"]


def test_a_second_schedule_of_one_name_is_refused(operator: httpx.Client) -> None:
    add(operator, HOURLY, name="one")
    other = add(operator, HOURLY, name="two")
    again = operator.post(
        SCHEDULES, json={"workflow": "nightly", "definition": HOURLY, "name": "one"}
    )
    renamed = operator.put(at(other), json={"name": "one"})

    assert (409, "SCHEDULE_EXISTS") == (again.status_code, again.json()["code"])
    assert (409, "SCHEDULE_EXISTS") == (renamed.status_code, renamed.json()["code"])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "02:30 is skipped that day: fires at 03:00"),
        ("ko", "02:30 은(는) 그날 건너뛰는 시각입니다: 03:00 에 실행"),
    ],
)
def test_a_preview_says_what_changed_clocks_do(served: Served, language: str, said: str) -> None:
    viewer = served.client(Role.VIEWER)
    body = {
        "definition": {"trigger": {"type": "cron", "expression": "30 2 * * *"}},
        "timezone": "America/New_York",
        "after": "2026-03-07T12:00:00Z",
        "count": 2,
    }
    skipped, usual = viewer.post(
        f"{SCHEDULES}/preview", json=body, headers={"Accept-Language": language}
    ).json()["times"]

    assert ("2026-03-08T07:00:00Z", "skipped", said) == (
        skipped["at"],
        skipped["oddity"],
        skipped["remark"],
    )
    assert "2026-03-08T02:30:00" == skipped["meant"]
    assert (None, None) == (usual["oddity"], usual["remark"])


def test_times_to_come_are_told_from_any_moment(operator: httpx.Client) -> None:
    added = add(operator, HOURLY)
    after = {"after": "2026-11-01T09:30:00+09:00", "count": "3"}
    times = operator.get(at(added, "next"), params=after).json()["times"]

    assert ["01:00", "02:00", "03:00"] == [each["at"][11:16] for each in times]
    for moment in ("2026-11-01T09:30:00", "0001-01-01T00:00:00Z", "9999-12-31T23:00:00Z"):
        refused = operator.get(at(added, "next"), params={"after": moment})
        assert (400, "INVALID_QUERY") == (refused.status_code, refused.json()["code"])
    assert 422 == operator.get(at(added, "next"), params={"count": 1_001}).status_code


def test_a_change_keeps_what_happened_and_begins_from_now(
    database: Database, clock: HandClock, operator: httpx.Client
) -> None:
    added = add(operator, EVERY_MINUTE)
    clock.forward(minutes=2)
    fire_all(database, clock.now())
    before = fires(operator, added)
    clock.forward(minutes=10)
    changed = operator.put(
        at(added), json={"definition": {"trigger": {"type": "interval", "every": 3600}}}
    ).json()
    fire_all(database, clock.now())

    assert before
    assert before == fires(operator, added)
    assert added["id"] == changed["schedule"]["id"]
    due = datetime.fromisoformat(changed["schedule"]["next_at"])
    assert 3600 == round(due.timestamp() - clock.now() / 1e6)
    clock.forward(minutes=60)
    fire_all(database, clock.now())
    assert len(before) + 1 == len(fires(operator, added))


def test_a_new_name_or_zone_leaves_the_rest(
    database: Database, clock: HandClock, operator: httpx.Client
) -> None:
    added = add(operator, {"trigger": {"type": "cron", "expression": "0 7 * * *"}})
    named = operator.put(at(added), json={"name": "mornings"}).json()["schedule"]
    moved = operator.put(at(added), json={"timezone": "Asia/Seoul"}).json()["schedule"]

    assert ("mornings", added["next_at"]) == (named["name"], named["next_at"])
    assert ("mornings", added["definition"]) == (moved["name"], moved["definition"])
    assert "22:00" == moved["next_at"][11:16]


def test_what_was_decided_by_a_clock_ahead_is_not_decided_again(
    database: Database, clock: HandClock, operator: httpx.Client
) -> None:
    added = add(operator, EVERY_MINUTE)
    fire_all(database, clock.now() + MINUTE)
    decided = fires(operator, added)
    anchor = datetime.fromtimestamp(clock.now() // 1_000_000, UTC).isoformat()
    trigger = {"type": "interval", "every": 60, "anchor": anchor}
    changed = operator.put(at(added), json={"definition": {"trigger": trigger}}).json()

    assert 1 == len(decided)
    assert changed["schedule"]["next_at"] > decided[0]["due_at"]
    clock.forward(minutes=5)
    fire_all(database, clock.now())
    assert len(fires(operator, added)) > 1


def test_one_that_is_paused_says_why_and_misses_nothing(
    database: Database, clock: HandClock, operator: httpx.Client
) -> None:
    added = add(operator, EVERY_MINUTE)
    paused = operator.post(at(added, "pause"), json={"reason": "holidays"}).json()
    clock.forward(minutes=5)
    fire_all(database, clock.now())
    listed = operator.get(SCHEDULES, params={"active": True}).json()["items"]
    changed = operator.put(at(added), json={"definition": HOURLY}).json()["schedule"]
    resumed = operator.post(at(added, "resume")).json()

    assert ("paused", "holidays", None) == tuple(
        paused[key] for key in ("state", "paused_reason", "next_at")
    )
    assert [] == listed == fires(operator, added)
    assert (None, "paused") == (changed["next_at"], changed["state"])
    assert ("active", None) == (resumed["state"], resumed["paused_reason"])
    assert resumed["next_at"] is not None
    assert "paused by test" == operator.post(at(added, "pause")).json()["paused_reason"]


def test_a_schedule_of_a_workflow_that_is_off_says_so(operator: httpx.Client) -> None:
    added = add(operator, HOURLY)
    operator.post("/api/v1/workflows/nightly/disable")
    off = operator.get(at(added)).json()["schedule"]["state"]
    operator.post("/api/v1/workflows/nightly/enable")

    assert ("off", "active") == (off, operator.get(at(added)).json()["schedule"]["state"])


def test_what_became_of_due_times_comes_in_pages(
    database: Database, clock: HandClock, operator: httpx.Client
) -> None:
    added = add(operator, {**EVERY_MINUTE, "coalesce": False})
    for _ in range(5):
        clock.forward(minutes=1)
        fire_all(database, clock.now())

    page = operator.get(at(added, "fires"), params={"limit": 3}).json()
    rest = operator.get(at(added, "fires"), params={"limit": 3, "cursor": page["next"]}).json()
    due = [fire["due_at"] for fire in (*page["items"], *rest["items"])]
    assert (5, None) == (len(due), rest["next"])
    assert sorted(due, reverse=True) == due
    assert {"started"} == {fire["outcome"] for fire in page["items"]}
    refused = operator.get(at(added, "fires"), params={"cursor": "AWb_________8"})
    assert (400, "INVALID_CURSOR") == (refused.status_code, refused.json()["code"])


def test_a_range_is_run_after_the_fact_as_a_batch(clock: HandClock, operator: httpx.Client) -> None:
    added = add(operator, HOURLY)
    until = datetime.fromtimestamp(clock.now() / 1e6, UTC)
    since = until.replace(hour=0, minute=0, second=0, microsecond=0)
    body = {"since": since.isoformat(), "parallel": 2}
    coming = operator.post(at(added, "backfill/preview"), json=body).json()
    batch = operator.post(at(added, "backfill"), json=body)
    again = operator.post(at(added, "backfill"), json=body)

    assert (202, len(coming["due"])) == (batch.status_code, batch.json()["total"])
    assert (422, "NOTHING_TO_BACKFILL") == (again.status_code, again.json()["code"])
    assert batch.json()["id"] == operator.get(at(added)).json()["backfills"][0]["batch_id"]
    assert {"backfilled"} == {fire["outcome"] for fire in fires(operator, added)}


def test_schedules_come_by_name_in_pages_and_by_workflow(
    database: Database, operator: httpx.Client
) -> None:
    a_graph(database, "weekly")
    for workflow, name in (("weekly", "a"), ("nightly", "c"), ("nightly", "b")):
        body = {"workflow": workflow, "definition": HOURLY, "name": name}
        assert 201 == operator.post(SCHEDULES, json=body).status_code

    page = operator.get(SCHEDULES, params={"limit": 2})
    rest = operator.get(SCHEDULES, params={"limit": 2, "cursor": page.json()["next"]}).json()
    assert ["b", "c", "a"] == [each["name"] for each in (*page.json()["items"], *rest["items"])]
    of_one = operator.get(SCHEDULES, params={"workflow": "weekly"}).json()["items"]
    assert ["a"] == [each["name"] for each in of_one]
    again = operator.get(
        SCHEDULES, params={"limit": 2}, headers={"If-None-Match": page.headers["etag"]}
    )
    assert 304 == again.status_code
    ambiguous = operator.get(f"{SCHEDULES}/nightly")
    assert (409, "AMBIGUOUS_ID") == (ambiguous.status_code, ambiguous.json()["code"])


def test_who_may_only_look_schedules_nothing(served: Served, operator: httpx.Client) -> None:
    added = add(operator, HOURLY)
    viewer = served.client(Role.VIEWER)

    assert 200 == viewer.get(at(added)).status_code
    for refused in (
        viewer.post(SCHEDULES, json={"workflow": "nightly", "definition": HOURLY}),
        viewer.post(at(added, "pause")),
        viewer.delete(at(added)),
    ):
        assert 403 == refused.status_code
