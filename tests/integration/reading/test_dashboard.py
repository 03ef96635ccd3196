"""The day's figures, for the day as people where they are mean it."""

from datetime import UTC, datetime

import pytest

from everyrun.domain import events
from everyrun.domain.clock import to_microseconds
from everyrun.domain.errors import SettingsError
from everyrun.domain.status import Status
from everyrun.domain.views.statistics import DashboardStatistics, LogStatistics
from everyrun.store.database import Database
from everyrun.store.reading.dashboard import log_statistics, today
from everyrun.store.tables import Workflow
from tests.integration.reading.runs import HOUR, Run, tell_runs
from tests.support.facts import SECOND, a_recorder, tell


def _at(*when: int) -> int:
    return to_microseconds(datetime(*when, tzinfo=UTC))  # type: ignore[misc,arg-type]


def _today(database: Database, now: int, zone: str = "UTC") -> DashboardStatistics:
    with database.reading() as connection:
        return today(connection, now, zone)


def test_an_empty_ledger_has_zeros(database: Database) -> None:
    assert DashboardStatistics(
        total_workflows=0, today_executions=0, today_failed_workflows=0, inactive_workflows=0
    ) == _today(database, _at(2026, 11, 20))


def test_today_counts_every_status_and_each_failing_workflow_once(database: Database) -> None:
    noon = _at(2026, 11, 20, 12)
    tell_runs(
        database,
        [
            Run("a", at=noon).finished(),
            Run("a", at=noon).finished(Status.FAILED),
            Run("a", at=noon).finished(Status.FAILED),
            Run("b", at=noon).finished(Status.FAILED),
            Run("c", at=noon).finished(Status.CANCELLED),
            Run("d", at=noon).started(),
            Run("e", at=noon),
            Run("f", at=noon - 24 * HOUR).finished(Status.FAILED),
        ],
    )
    found = _today(database, noon)

    assert (6, 7, 2) == (
        found.total_workflows,
        found.today_executions,
        found.today_failed_workflows,
    )


def test_a_korean_afternoon_counts_today_in_seoul(database: Database) -> None:
    afternoon = _at(2026, 11, 20, 15) - 9 * HOUR
    early = _at(2026, 11, 20, 0, 30) - 9 * HOUR
    tell_runs(database, [Run(at=afternoon).finished(), Run(at=early).finished()])
    evening = _at(2026, 11, 20, 23) - 9 * HOUR

    assert 2 == _today(database, evening, "Asia/Seoul").today_executions
    assert 1 == _today(database, evening, "UTC").today_executions
    assert 0 == _today(database, evening + 2 * HOUR, "Asia/Seoul").today_executions


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Asia/Seoul", _at(2026, 11, 19, 15), _at(2026, 11, 20, 14, 59, 59)),
        ("Asia/Kathmandu", _at(2026, 11, 19, 18, 15), _at(2026, 11, 20, 18, 14, 59)),
        ("Pacific/Kiritimati", _at(2026, 11, 19, 10), _at(2026, 11, 20, 9, 59, 59)),
    ],
)
def test_a_day_ends_at_its_own_midnights(
    database: Database, zone: str, first: int, last: int
) -> None:
    times = (first - 1, first, last, last + SECOND)
    tell_runs(database, [Run(at=at).finished(after=0) for at in times])

    assert 2 == _today(database, last, zone).today_executions


@pytest.mark.parametrize(
    ("day", "hours"),
    [((2026, 3, 8), 23), ((2026, 11, 1), 25), ((2026, 11, 2), 24)],
)
def test_a_day_whose_clocks_change_is_counted_whole(
    database: Database, day: tuple[int, int, int], hours: int
) -> None:
    midnight = _at(*day) + (5 if day < (2026, 11, 2) else 6) * HOUR
    if day == (2026, 3, 8):
        midnight = _at(*day) + 6 * HOUR
    tell_runs(
        database,
        [Run(at=midnight + hour * HOUR).finished(after=0) for hour in range(-1, hours + 1)],
    )

    assert hours == _today(database, midnight + 12 * HOUR, "America/Chicago").today_executions


def test_a_run_counts_on_the_day_it_started(database: Database) -> None:
    evening = _at(2026, 11, 19, 23, 59)
    run = Run(at=evening)
    tell_runs(database, [run])
    waiting = _today(database, evening).today_executions
    tell_runs(database, [run.started(after=HOUR)])

    assert 1 == waiting
    assert 0 == _today(database, evening).today_executions
    assert 1 == _today(database, evening + HOUR).today_executions


def test_a_run_that_turned_out_well_is_no_failure(database: Database) -> None:
    """Whatever was reported first: the earliest outcome counts, and its bucket only."""
    noon = _at(2026, 11, 20, 12)
    run = Run(at=noon).finished(Status.FAILED, after=2 * SECOND)
    tell_runs(database, [run])
    before = _today(database, noon).today_failed_workflows
    tell_runs(database, [run.finished(after=SECOND)])

    assert (1, 0) == (before, _today(database, noon).today_failed_workflows)


def test_deleted_workflows_are_not_counted_and_inactive_ones_are(database: Database) -> None:
    tell_runs(database, [Run(name) for name in ("a", "b", "c")])
    table = Workflow.__table__
    with database.writing() as connection:
        off = table.update().where(table.c.name.in_(["a", "b"])).values(active=False)  # type: ignore[attr-defined]
        connection.execute(off)
        gone = datetime(2026, 11, 20, tzinfo=UTC)
        connection.execute(
            table.update().where(table.c.name == "b").values(deleted_at=gone)  # type: ignore[attr-defined]
        )
    found = _today(database, _at(2026, 11, 20))

    assert (2, 1) == (found.total_workflows, found.inactive_workflows)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "/etc/localtime", "x\0y"])
def test_an_unknown_zone_is_refused(database: Database, zone: str) -> None:
    with pytest.raises(SettingsError):
        _today(database, 0, zone)


def test_log_statistics_count_executions_with_nodes_and_their_node_executions(
    database: Database,
) -> None:
    first, second, without = Run("a"), Run("b"), Run("c").lines("only a line")
    first.node("load", took=SECOND)
    first.node("save", Status.FAILED, took=3 * SECOND)
    second.node("load", None)
    tell_runs(database, [first, second, without])
    with database.reading() as connection:
        found = log_statistics(connection)

    assert LogStatistics(total=2, completed=1, failed=1, average_execution_time_ms=2_000.0) == found


def test_log_statistics_of_nothing(database: Database) -> None:
    with database.reading() as connection:
        found = log_statistics(connection)

    assert LogStatistics(total=0, completed=0, failed=0, average_execution_time_ms=None) == found


def test_recorders_are_listed_newest_first_with_what_they_dropped(database: Database) -> None:
    from everyrun.store.reading.recorders import dropped_events, list_recorders

    quiet, full = a_recorder("host-1"), a_recorder("host-2")
    noon = _at(2026, 11, 20, 12)
    tell(database, *Run(at=noon).told, recorder=quiet)
    dropped = [events.RecorderDropped(at=noon, count=count) for count in (5, 3)]
    gone = events.RecorderGone(at=noon, reason="exited")
    tell(database, *dropped, gone, recorder=full)
    with database.reading() as connection:
        listed = list_recorders(connection)
        total = dropped_events(connection)
        troubled = list_recorders(connection, dropped_only=True)

    assert ([full.id, quiet.id], 5) == ([recorder.id for recorder in listed], total)
    assert [(full.id, 5, "exited")] == [
        (recorder.id, recorder.dropped_events, recorder.gone_reason) for recorder in troubled
    ]
