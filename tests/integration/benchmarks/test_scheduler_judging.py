"""The judge of the schedulers' campaign finds what was lost, doubled or left undone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update

import everyrun
from benchmarks.scheduler_campaign.judging import Verdict, expected, judge, runs
from benchmarks.scheduler_campaign.plan import make_schedules
from everyrun.scheduler.firing import bare_request, fire_all
from everyrun.scheduler.scheduling import timetable_of
from everyrun.store.database import Database
from everyrun.store.schedules import ScheduleRecord
from everyrun.store.tables import NodeExecution, ScheduleFire, WorkflowExecution
from everyrun.workflows.launching import launch
from everyrun.workflows.running import Engine

SECOND = 1_000_000


class Campaign:
    """A ledger in which everything that was due for three seconds was run."""

    def __init__(self, database: Database, engine: Engine, marks: Path) -> None:
        self.database = database
        self.marks = marks
        self.schedules: list[ScheduleRecord] = make_schedules(database, marks)
        first = min(schedule.next_fire_at or 0 for schedule in self.schedules)
        self.until = first + 3 * SECOND
        fire_all(database, self.until - 1)
        with database.reading() as connection:
            self.executions = [run.id for run in runs(connection)]
        for execution_id in self.executions:
            engine.run(execution_id)

    def verdict(self) -> Verdict:
        """What the judge says of it now."""
        with self.database.reading() as connection:
            return judge(connection, expected(self.schedules, self.until), self.marks)


@pytest.fixture
def campaign(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Campaign]:
    """A campaign in which nothing went wrong."""
    from everyrun.store.database import open_database

    everyrun.configure(url=migrated_sqlite_url)
    database = open_database(migrated_sqlite_url)
    engine = Engine(database)
    marks = tmp_path / "marks"
    marks.touch()
    yield Campaign(database, engine, marks)
    engine.close()
    database.close()
    everyrun.configure()


def test_what_went_well_has_no_problems(campaign: Campaign) -> None:
    verdict = campaign.verdict()

    assert [] == verdict.problems
    assert (len(campaign.executions), 3 * len(campaign.executions)) == (verdict.due, verdict.starts)
    assert 4 <= verdict.due <= 5


def test_a_due_time_without_a_row_was_lost(campaign: Campaign) -> None:
    with campaign.database.writing() as connection:
        connection.execute(
            delete(ScheduleFire).where(ScheduleFire.workflow_execution_id == campaign.executions[0])
        )

    assert ["was lost"] == [problem[-8:] for problem in campaign.verdict().problems]


def test_two_executions_for_one_due_time_are_told(campaign: Campaign) -> None:
    schedule = campaign.schedules[0]
    request = bare_request(schedule, timetable_of(schedule), schedule.next_fire_at or 0)
    launch(campaign.database, request)

    assert any("was run 2 times" in problem for problem in campaign.verdict().problems)


def test_what_did_not_complete_or_ran_too_often_is_told(campaign: Campaign) -> None:
    first, second = campaign.executions[:2]
    with campaign.database.writing() as connection:
        connection.execute(
            update(WorkflowExecution).where(WorkflowExecution.id == first).values(status="failed")
        )
        connection.execute(
            delete(NodeExecution).where(NodeExecution.workflow_execution_id == second)
        )
    campaign.marks.write_text(f"{campaign.marks.read_text()}{first} first 2\n")
    problems = campaign.verdict().problems

    assert any(f"execution {first} of" in problem for problem in problems)
    assert f"first of {first} began 2 times" in problems
    assert any(f"of {second} has 0 rows" in problem for problem in problems)
