"""The dashboard's figures are kept for five minutes and never wrong (R1.4-R1.8, R0.8)."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, select

from everyrun.domain import events
from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.errors import SettingsError
from everyrun.domain.status import Status
from everyrun.domain.views.dashboard import DashboardFigures
from everyrun.store import versions
from everyrun.store.append import append
from everyrun.store.append.registering import Registry
from everyrun.store.database import WRITE_OPTION, Database
from everyrun.store.deleting import delete_executions
from everyrun.store.figures import dashboard_figures, forget_figures, keep_figures
from everyrun.store.reading.dashboard import Counted, count_figures
from everyrun.store.reading.days import local_day
from everyrun.store.tables import DashboardStat, Workflow, WorkflowExecution
from tests.integration.reading.runs import HOUR, Run, tell_runs
from tests.support.emptying import empty
from tests.support.facts import NOON, SECOND, a_recorder

ZONES = (
    "UTC",
    "Asia/Seoul",
    "America/New_York",
    "America/St_Johns",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Apia",
    "America/Santiago",
)
"""Ten zones: half hours and quarters, clocks that change by 30 minutes, both ends of the date."""

MINUTE = 60 * SECOND
WRITERS = 3
workflows = cast("Table", Workflow.__table__)
executions = cast("Table", WorkflowExecution.__table__)
stats = cast("Table", DashboardStat.__table__)


def _figures(
    database: Database, now: int = NOON, zone: str = "UTC", *, use_cache: bool = True
) -> DashboardFigures:
    return dashboard_figures(database, now, zone, use_cache=use_cache)


class Recount(NamedTuple):
    """The six figures, by looking at every row."""

    total: int
    inactive: int
    today: int
    today_failed: int
    all: int
    all_failed: int

    @classmethod
    def of(cls, found: DashboardFigures) -> "Recount":
        return cls(
            found.total_workflows,
            found.inactive_workflows,
            found.today_executions,
            found.today_failed_workflows,
            found.all_executions,
            found.all_failed_workflows,
        )

    @classmethod
    def by_hand(cls, database: Database, now: int, zone: str) -> "Recount":
        place = ZoneInfo(zone)
        day = to_datetime(now).astimezone(place).date()
        with database.reading() as connection:
            there = connection.execute(
                select(workflows.c.active).where(workflows.c.deleted_at.is_(None))
            ).all()
            e = executions.c
            rows = connection.execute(
                select(e.workflow_id, e.status, e.started_at, e.created_at)
            ).all()
        of_day = [row for row in rows if (row[2] or row[3]).astimezone(place).date() == day]
        return cls(
            len(there),
            sum(not row.active for row in there),
            len(of_day),
            len({row.workflow_id for row in of_day if row.status == "failed"}),
            len(rows),
            len({row.workflow_id for row in rows if row.status == "failed"}),
        )


def test_what_was_counted_is_taken_again_while_nothing_changes(database: Database) -> None:
    tell_runs(database, [Run("a").finished(Status.FAILED)])
    found = [_figures(database, NOON + minutes * MINUTE) for minutes in (0, 4, 5, 6)]

    assert [False, True, False, True] == [each.from_cache for each in found]
    assert {(1, 0, 1, 1, 1, 1)} == {Recount.of(each) for each in found}
    assert to_datetime(NOON) == found[1].counted_at


def test_counting_can_be_forced(database: Database) -> None:
    _figures(database)

    assert not _figures(database, use_cache=False).from_cache
    assert _figures(database).from_cache


def _save(database: Database, name: str = "g") -> None:
    database.transact(
        lambda c: versions.save_version(
            c, {"name": name}, name=name, digest="1", by=None, now=NOON, nodes={}
        )
    )


def _raw(database: Database, **values: Any) -> None:
    with database.writing() as connection:
        connection.execute(workflows.update().values(**values))


WRITES: dict[str, Callable[[Database, Run], object]] = {
    "a workflow is made": lambda database, _: _save(database, "new"),
    "a workflow is deleted": lambda database, _: database.transact(
        lambda c: versions.delete_workflow(c, "g", NOON)
    ),
    "a workflow is switched off": lambda database, _: database.transact(
        lambda c: versions.set_active(c, "g", False, NOON)
    ),
    "a workflow is switched off by hand": lambda database, _: _raw(database, active=False),
    "a run is recorded": lambda database, _: tell_runs(database, [Run("other")]),
    "a run fails": lambda database, run: tell_runs(database, [run.finished(Status.FAILED)]),
    "a run is deleted": lambda database, run: database.transact(
        lambda c: delete_executions(c, [run.id], NOON)
    ),
    "a run turns out to be older": lambda database, run: tell_runs(
        database, [run.started(after=-24 * HOUR)]
    ),
}


@pytest.mark.parametrize("what", WRITES)
def test_nothing_is_taken_again_after_a_write(database: Database, what: str) -> None:
    _save(database)
    run = Run("a").started()
    tell_runs(database, [run])
    before = _figures(database)
    WRITES[what](database, run)
    after = _figures(database)

    assert not after.from_cache
    assert Recount.of(before) != Recount.of(after)
    assert Recount.by_hand(database, NOON, "UTC") == Recount.of(after)


def test_midnight_begins_a_new_day_though_nothing_runs(database: Database) -> None:
    evening = to_microseconds(datetime(2026, 11, 20, 23, 59, tzinfo=UTC))
    tell_runs(database, [Run(at=evening).finished(Status.FAILED)])
    found = [_figures(database, evening + minutes * MINUTE) for minutes in (0, 1, 0)]

    assert [(1, 1), (0, 0), (1, 1)] == [
        (each.today_executions, each.today_failed_workflows) for each in found
    ]
    assert [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 20)] == [
        each.day for each in found
    ]


def test_a_clock_that_goes_back_does_not_revive_what_was_kept(database: Database) -> None:
    _figures(database, NOON + HOUR)

    assert not _figures(database, NOON).from_cache


def test_values_stand_in_the_table_under_the_seeds_names(database: Database) -> None:
    tell_runs(database, [Run("a").finished(Status.FAILED), Run("b")])
    _figures(database, NOON, "Asia/Seoul")
    with database.reading() as connection:
        rows = {row.stat_key: row for row in connection.execute(select(stats))}

    assert {
        "total_scripts": 2,
        "inactive_scripts": 0,
        "today_executions": 2,
        "today_failed_scripts": 1,
        "all_executions": 2,
        "all_failed_scripts": 1,
    } == {name: row.stat_value for name, row in rows.items()}
    assert (local_day(NOON, "Asia/Seoul"), "Asia/Seoul") == (
        rows["today_executions"].day,
        rows["today_executions"].timezone,
    )
    assert (date(1970, 1, 1), "") == (rows["total_scripts"].day, rows["total_scripts"].timezone)


def test_values_are_not_written_all_the_time_when_everything_changes_all_the_time(
    database: Database,
) -> None:
    def written_at(now: int) -> datetime:
        tell_runs(database, [Run("a")])
        _figures(database, now)
        with database.reading() as connection:
            found = connection.execute(select(stats.c.updated_at).limit(1)).scalar_one()
        return cast("datetime", found)

    moments = [written_at(NOON + part * SECOND // 4) for part in range(5)]

    assert [0.0, 0.0, 0.0, 0.0, 1.0] == [
        (moment - to_datetime(NOON)).total_seconds() for moment in moments
    ]


def test_old_values_are_forgotten(database: Database) -> None:
    _figures(database, NOON)
    _figures(database, NOON + 48 * HOUR + 1)

    assert 2 == database.transact(lambda c: forget_figures(c, NOON + 48 * HOUR + 1))


def test_who_asks_does_not_wait_for_who_writes(database: Database) -> None:
    with database.writing() as connection:
        _append(connection, [Run("a")])
        found = _figures(database)

    assert 0 == found.all_executions
    assert 1 == _figures(database).all_executions


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "x\0y"])
def test_an_unknown_zone_is_refused(database: Database, zone: str) -> None:
    with pytest.raises(SettingsError):
        _figures(database, NOON, zone)


def test_what_was_counted_before_a_write_and_kept_after_it_is_not_taken(
    database: Database,
) -> None:
    tell_runs(database, [Run("a")])
    with database.reading() as connection:
        counted = count_figures(connection, NOON, "UTC")
        tell_runs(database, [Run("a")])
    kept = keep_figures(database, counted, NOON, local_day(NOON, "UTC"), "UTC")
    found = _figures(database)

    assert kept
    assert (2, False) == (found.all_executions, found.from_cache)


def _append(connection: Connection, runs: list[Run]) -> None:
    told = [event for run in runs for event in run.told]
    batch = events.Batch(version=events.WIRE_VERSION, recorder=a_recorder(), events=told)
    append(connection, batch, NOON)


class Step(NamedTuple):
    """A writer writes or ends, somebody counts, what they counted is kept, or somebody asks."""

    who: int
    does: str


STEPS = st.lists(
    st.builds(
        Step,
        st.integers(0, WRITERS - 1),
        st.sampled_from(["write", "write", "commit", "roll back", "count", "keep", "ask"]),
    ),
    min_size=10,
    max_size=40,
)


class Writers:
    """Transactions of which each may be open while others come and go; on SQLite one at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._open: dict[int, Connection] = {}

    def write(self, who: int) -> None:
        """Another failed run, in the writer's own workflow."""
        if who not in self._open:
            if self._open and self._database.dialect == "sqlite":
                return
            connection = self._database.engine.connect().execution_options(**{WRITE_OPTION: True})
            connection.begin()
            Registry.forget(connection)  # of what an example before this one emptied
            self._open[who] = connection
        _append(self._open[who], [Run(f"w{who}").finished(Status.FAILED)])

    def end(self, who: int, *, commits: bool) -> None:
        """End the writer's transaction, if it has one."""
        connection = self._open.pop(who, None)
        if connection is not None:
            if commits:
                connection.commit()
            connection.close()

    def close(self) -> None:
        """End what is open."""
        for who in range(WRITERS):
            self.end(who, commits=False)


LATE_COMMIT = [
    Step(0, "write"),
    Step(1, "write"),
    Step(1, "commit"),
    Step(0, "ask"),
    Step(0, "commit"),
    Step(0, "ask"),
]
"""Who began first is the last to commit, after somebody counted."""


@settings(max_examples=60)
@given(steps=STEPS)
@example(steps=LATE_COMMIT)
def test_however_counting_and_writing_overlap_what_is_answered_is_true(
    database: Database, steps: list[Step]
) -> None:
    empty(database)
    tell_runs(database, [Run(f"w{who}") for who in range(WRITERS)])
    day = local_day(NOON, "UTC")
    counted: dict[int, Counted] = {}
    with closing(Writers(database)) as writers:
        for step in [*steps, *(Step(who, "commit") for who in range(WRITERS)), Step(0, "ask")]:
            match step.does:
                case "write":
                    writers.write(step.who)
                case "commit" | "roll back":
                    writers.end(step.who, commits=step.does == "commit")
                case "count":
                    with database.reading() as connection:
                        counted[step.who] = count_figures(connection, NOON, "UTC")
                case "keep":
                    if step.who in counted:
                        keep_figures(database, counted[step.who], NOON, day, "UTC")
                case _:
                    found = _figures(database)

                    assert Recount.by_hand(database, NOON, "UTC") == Recount.of(found)


HOURS = st.integers(0, 24 * 400).map(lambda hour: hour * HOUR)
YEAR = to_microseconds(datetime(2026, 1, 1, tzinfo=UTC))


class Ran(NamedTuple):
    """One execution: of which workflow, asked for when, begun after how long, ended how."""

    workflow: str
    at: int
    waits: int | None
    status: Status | None
    deleted: bool


RAN = st.builds(
    Ran,
    st.sampled_from("abc"),
    st.builds(lambda hour, second: YEAR + hour + second * SECOND, HOURS, st.integers(0, 3_599)),
    st.none() | st.integers(0, 3 * 3_600).map(lambda seconds: seconds * SECOND),
    st.none() | st.sampled_from([Status.COMPLETED, Status.FAILED, Status.CANCELLED]),
    st.booleans(),
)


@settings(max_examples=40)
@given(
    ran=st.lists(RAN, max_size=12),
    asked=st.lists(st.tuples(st.integers(0, 11), st.integers(-36, 36)), min_size=1, max_size=4),
    zones=st.lists(st.sampled_from(ZONES), min_size=2, max_size=4, unique=True),
    off=st.sets(st.sampled_from("abc")),
)
def test_figures_are_a_recount_in_any_zone_at_any_hour(
    database: Database,
    ran: list[Ran],
    asked: list[tuple[int, int]],
    zones: list[str],
    off: set[str],
) -> None:
    """Asked about a day and a half around what ran, before and after deletions."""
    empty(database)
    runs = [_run(each) for each in ran]
    tell_runs(database, runs)
    moments = [(ran[which % len(ran)].at if ran else YEAR) + hour * HOUR for which, hour in asked]

    def check() -> None:
        for now in moments:
            for zone in zones:
                for _ in range(2):
                    found = _figures(database, now, zone)

                    assert Recount.by_hand(database, now, zone) == Recount.of(found)
                    assert to_datetime(now).astimezone(ZoneInfo(zone)).date() == found.day

    check()
    gone = [run.id for run, each in zip(runs, ran, strict=True) if each.deleted]
    database.transact(lambda c: delete_executions(c, gone, NOON))
    for name in off:
        with database.writing() as connection:
            named = workflows.update().where(workflows.c.name == name)
            connection.execute(named.values(active=False))
    check()


def _run(ran: Ran) -> Run:
    run = Run(ran.workflow, at=ran.at)
    if ran.waits is not None:
        run.started(after=ran.waits)
        if ran.status is not None:
            run.told.append(
                events.ExecutionFinished(
                    **run.of, at=ran.at + ran.waits + SECOND, status=ran.status
                )
            )
    return run
