"""Series by the hour and the day, counts of views, failures, and workflows that stand out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import InvalidCursor, InvalidQuery, SettingsError
from everyrun.domain.status import Status
from everyrun.domain.views.statistics import Series, ViewCounts
from everyrun.store.database import Database
from everyrun.store.reading.failures import recent_failures
from everyrun.store.reading.series import MOST_POINTS, Step, read_series
from everyrun.store.reading.statistics import WorkflowRanking, workflow_statistics
from everyrun.store.reading.view_counts import MOST_COUNTED, count_views
from tests.integration.reading.runs import HOUR, Run, tell_runs
from tests.integration.reading.test_figures import ZONES
from tests.support.emptying import empty
from tests.support.facts import NOON, SECOND


def _series(
    database: Database, since: datetime, until: datetime, step: Step = Step.DAY, zone: str = "UTC"
) -> Series:
    with database.reading() as connection:
        return read_series(connection, since, until, step=step, zone=zone)


def _at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("UTC", (2026, 3, 29), 24),
        ("Europe/Berlin", (2026, 3, 29), 23),
        ("Europe/Berlin", (2026, 10, 25), 25),
        ("Asia/Kathmandu", (2026, 10, 25), 24),
        ("America/Santiago", (2026, 9, 6), 23),
        # Half an hour less: one hour has thirty minutes; half an hour more: one begins again.
        ("Australia/Lord_Howe", (2026, 10, 4), 24),
        ("Australia/Lord_Howe", (2026, 4, 5), 25),
    ],
)
def test_a_day_has_the_hours_that_its_clocks_show(
    database: Database, zone: str, day: tuple[int, int, int], hours: int
) -> None:
    place = ZoneInfo(zone)
    midnight = datetime(*day, tzinfo=place)
    tomorrow = midnight + timedelta(days=1)
    by_hour = _series(database, midnight, tomorrow, Step.HOUR, zone).items
    by_day = _series(database, midnight, tomorrow, Step.DAY, zone).items

    assert hours == len(by_hour)
    assert 1 == len(by_day)
    assert (by_day[0].start, by_day[0].end) == (by_hour[0].start, by_hour[-1].end)
    assert [point.end for point in by_hour[:-1]] == [point.start for point in by_hour[1:]]


STEPS = st.sampled_from(Step)


@settings(max_examples=40)
@given(
    zone=st.sampled_from(ZONES),
    step=STEPS,
    day=st.integers(0, 364),
    length=st.integers(0, 60),
    offsets=st.lists(st.integers(-30, 90), max_size=10),
)
def test_each_execution_is_in_one_point_and_points_leave_no_gap(
    database: Database, zone: str, step: Step, day: int, length: int, offsets: list[int]
) -> None:
    empty(database)
    place = ZoneInfo(zone)
    since = _at(2026, 1, 1) + timedelta(days=day, minutes=17)
    until = since + timedelta(hours=length)
    began = [since + timedelta(hours=hours, minutes=3 * hours) for hours in offsets]
    tell_runs(database, [Run(at=to_microseconds(at)).finished() for at in began])
    points = _series(database, since, until, step, zone).items

    assert [point.executions for point in points] == [
        sum(point.start <= at < point.end for at in began) for point in points
    ]
    assert [point.end for point in points[:-1]] == [point.start for point in points[1:]]
    if points:
        assert points[0].start <= since < points[0].end
        assert points[-1].start < until <= points[-1].end
    assert bool(points) == (since < until)
    for point in points:
        local = point.start.astimezone(place)
        assert 0 == local.second
        assert step is Step.HOUR or local.date() != (local - timedelta(minutes=31)).date()


def test_points_tell_each_status_and_the_mean(database: Database) -> None:
    tell_runs(
        database,
        [
            Run("a", at=NOON).finished(after=2 * SECOND),
            Run("a", at=NOON).finished(Status.FAILED, after=4 * SECOND),
            Run("b", at=NOON).started(),
            Run("b", at=NOON, kind="job"),
        ],
    )
    since, until = to_datetime(NOON), to_datetime(NOON + 1)
    (point,) = _series(database, since, until).items
    with database.reading() as connection:
        of_a = read_series(connection, since, until, step=Step.DAY, zone="UTC", workflow="a")
        jobs = read_series(connection, since, until, step=Step.DAY, zone="UTC", kind="job")

    assert (4, 1, 1, 1, 1, 3.0) == (
        point.executions,
        point.completed,
        point.failed,
        point.running,
        point.pending,
        point.mean_seconds,
    )
    assert [2] == [each.executions for each in of_a.items]
    assert [1] == [each.executions for each in jobs.items]


@pytest.mark.parametrize("step", Step)
def test_too_many_points_are_refused(database: Database, step: Step) -> None:
    length = timedelta(hours=1) if step is Step.HOUR else timedelta(days=1)
    since = _at(2026, 1, 1)

    assert MOST_POINTS == len(_series(database, since, since + MOST_POINTS * length, step).items)
    for many in (MOST_POINTS + 1, 100_000):
        with pytest.raises(InvalidQuery):
            _series(database, since, since + many * length, step)


def test_times_need_a_zone_and_zones_must_be(database: Database) -> None:
    with pytest.raises(InvalidQuery):
        _series(database, datetime(2026, 1, 1), _at(2026, 1, 2))  # noqa: DTZ001 - the point
    with pytest.raises(InvalidQuery):
        _series(database, _at(1, 1, 1), _at(9999, 12, 31))
    with pytest.raises(SettingsError):
        _series(database, _at(2026, 1, 1), _at(2026, 1, 2), zone="Mars/Olympus")


def _counts(found: ViewCounts) -> dict[str, int]:
    return {item.view: item.executions for item in found.items if item.executions}


def test_views_are_counted(database: Database) -> None:
    tell_runs(
        database,
        [
            Run("a").started().finished(Status.FAILED),
            Run("a").finished(),
            Run("b").started(),
            Run("b", at=NOON - 48 * HOUR).finished(Status.FAILED),
            Run("c", kind="job"),
        ],
    )
    with database.reading() as connection:
        of_all = count_views(connection, NOON, "UTC")
        of_a = count_views(connection, NOON, "UTC", workflow="a")
        of_nobody = count_views(connection, NOON, "UTC", workflow="nobody")
        jobs = count_views(connection, NOON, "UTC", kind="job")

    assert {
        "all": 5,
        "failed": 2,
        "completed": 1,
        "running": 1,
        "pending": 1,
        "today": 4,
        "today_failed": 1,
        "today_completed": 1,
        "today_running": 1,
        "today_pending": 1,
    } == _counts(of_all)
    assert (2, 1) == (_counts(of_a)["all"], _counts(of_a)["today_failed"])
    assert {} == _counts(of_nobody)
    assert {"all": 1, "pending": 1, "today": 1, "today_pending": 1} == _counts(jobs)
    assert not any(item.at_least for item in of_all.items)


def test_large_views_are_counted_up_to_a_ceiling_and_say_so(database: Database) -> None:
    tell_runs(database, [Run("a").finished() for _ in range(MOST_COUNTED + 1)])
    with database.reading() as connection:
        found = {item.view: item for item in count_views(connection, NOON, "UTC").items}

    assert (MOST_COUNTED, True) == (found["all"].executions, found["all"].at_least)
    assert (MOST_COUNTED, True) == (found["completed"].executions, found["completed"].at_least)
    assert (MOST_COUNTED + 1, False) == (found["today"].executions, found["today"].at_least)


def test_failures_come_latest_first_with_one_line_of_their_error(database: Database) -> None:
    errors = ["one\ntwo", "", "  \n x", "y" * 1_000]
    runs = [
        Run("a", at=NOON + number).finished(Status.FAILED, error_message=error)
        for number, error in enumerate(errors)
    ]
    tell_runs(database, [*runs, Run("a").finished(), Run("b", kind="job").finished(Status.FAILED)])
    with database.reading() as connection:
        first = recent_failures(connection, workflow="a", limit=3)
        second = recent_failures(connection, workflow="a", limit=3, cursor=first.next)
        jobs = recent_failures(connection, kind="job")
        everything = recent_failures(connection)
        with pytest.raises(InvalidCursor):
            recent_failures(connection, cursor="x")

    assert [runs[3].id, runs[2].id, runs[1].id] == [item.execution_id for item in first.items]
    assert ["y" * 299 + "…", "x", None] == [
        item.error_line and item.error_line.strip() for item in first.items
    ]
    assert ([runs[0].id], None) == ([item.execution_id for item in second.items], second.next)
    assert "one" == second.items[0].error_line
    assert (1, 5) == (len(jobs.items), len(everything.items))


def test_workflows_stand_out_by_what_is_asked_for(database: Database) -> None:
    tell_runs(
        database,
        [
            *(Run("busy").finished(after=SECOND) for _ in range(5)),
            *(Run("failing").finished(Status.FAILED, after=2 * SECOND) for _ in range(2)),
            Run("slow").finished(after=900 * SECOND),
            Run("waiting"),
        ],
    )
    with database.reading() as connection:
        found = {
            order: [item.workflow for item in workflow_statistics(connection, order=order)]
            for order in WorkflowRanking
        }
        slowest = workflow_statistics(connection, order=WorkflowRanking.SLOWEST, limit=1)
        with pytest.raises(InvalidQuery):
            workflow_statistics(connection, limit=0)

    assert ["busy", "failing", "slow", "waiting"] == found[WorkflowRanking.BUSIEST]
    assert ["slow", "failing", "busy", "waiting"] == found[WorkflowRanking.SLOWEST]
    assert ["failing"] == found[WorkflowRanking.FAILING]
    assert ["slow"] == [item.workflow for item in slowest]
