"""The long searches in short: real processes, killed and crowded, and every event counted."""

import random
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.api_faults import run_campaign as run_api_campaign
from benchmarks.append_rate import measure as measure_append_rate
from benchmarks.celery_campaign.running import Killing
from benchmarks.celery_cost import measure_all as measure_celery
from benchmarks.celery_cost import table as celery_table
from benchmarks.celery_faults import run_campaign as run_celery_campaign
from benchmarks.celery_kills import run_campaign as run_celery_kills
from benchmarks.engine_campaign.graph import random_parents
from benchmarks.engine_faults import NODES as ENGINE_NODES
from benchmarks.engine_faults import run_campaign as run_engine_campaign
from benchmarks.faults import run_campaign
from benchmarks.graph_runs.definitions import Work
from benchmarks.graphs import measure_apart
from benchmarks.makespan import measure as measure_makespan
from benchmarks.many_writers import is_clean, run
from benchmarks.scheduler_faults import run_campaign as run_scheduler_campaign
from benchmarks.server_faults import run_campaign as run_server_campaign
from benchmarks.server_load import watch_once
from benchmarks.server_runs.asking import compare, sample
from benchmarks.server_runs.ingesting import measure as measure_ingest
from benchmarks.wfcommons import Instance, Task
from everyrun.store.database import Database, open_database
from tests.support.facts import Facts, tell

KILLS = 3
ENGINES_KILLED = 3
WORKERS_NODES = 40
WORKERS_KILLED = 1
SECONDS_OF_KILLING_SCHEDULERS = 4
SECONDS_OF_ASKING = 5
SERVERS_KILLED = 2
SECONDS_OF_A_BUSY_MACHINE = 15
"""Longer than a worker keeps any task of the campaign, however many suites run beside it."""


ON_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)


@pytest.mark.parametrize("kind", ["sqlite", ON_POSTGRESQL])
def test_killed_processes_lose_nothing_that_they_had_recorded(kind: str, tmp_path: Path) -> None:
    verdict, story = run_campaign(kind, KILLS, tmp_path)

    assert [] == verdict.problems, story
    assert 0 == verdict.twice, story
    assert verdict.promised > KILLS * 100, story


def test_eight_processes_share_one_sqlite_file_and_nobody_notices(
    sqlite_url: str, tmp_path: Path
) -> None:
    result = run(sqlite_url, tmp_path / "home", processes=8, seconds=2.0, rate=200)

    assert is_clean(result), result
    assert result["recorded"] > 8 * 100


def test_the_append_rate_is_measured_on_rows_that_are_really_there(empty_url: str) -> None:
    found = measure_append_rate(empty_url, rows=600)

    assert {"log lines", "nodes, together", "nodes, apart"} == found.keys()
    assert all(rate > 0 and limit > 0 for rate, limit in found.values())


@pytest.mark.parametrize("kind", ["sqlite", ON_POSTGRESQL])
def test_killed_engines_run_nothing_again_that_was_done(kind: str, tmp_path: Path) -> None:
    verdict, story = run_engine_campaign(kind, ENGINES_KILLED, tmp_path)

    assert [] == verdict.problems, story
    assert verdict.starts >= ENGINE_NODES, story


@pytest.mark.parametrize("kind", ["sqlite", ON_POSTGRESQL])
def test_killed_workers_commit_each_outcome_once(kind: str, tmp_path: Path) -> None:
    shapes = {"layers": random_parents(WORKERS_NODES, random.Random(7))}
    killing = Killing(every=1.0, most=WORKERS_KILLED)
    problems, lines = run_celery_campaign(kind, shapes, tmp_path, killing, nap=0.3)

    assert [] == problems, lines
    assert f" {WORKERS_KILLED} kills" in lines[0]


def test_a_graph_is_measured_and_its_record_checked(database_url: str) -> None:
    found = [measure_apart(database_url, "fan", 20, work) for work in Work]

    assert [[]] * 3 == [measured.problems for measured in found]
    assert all(20 == measured.nodes for measured in found)
    assert all(measured.seconds > 0 and measured.bare_seconds > 0 for measured in found)


def test_a_makespan_is_measured_against_the_list_schedule(database: Database) -> None:
    tasks = {"a": Task("a", (), 1.0), "b": Task("b", ("a",), 2.0), "c": Task("c", ("a",), 1.0)}
    runs = measure_makespan(database, Instance("small", tasks), seconds=0.3, workers=2)

    assert [[], []] == [run.problems for run in runs]
    assert [pytest.approx(0.3)] * 2 == [run.scheduled for run in runs]
    assert all(run.taken >= run.scheduled for run in runs)


@pytest.mark.parametrize("kind", ["sqlite", ON_POSTGRESQL])
def test_each_due_time_is_run_once_while_the_leading_scheduler_is_killed(
    kind: str, tmp_path: Path
) -> None:
    verdict, story = run_scheduler_campaign(kind, SECONDS_OF_KILLING_SCHEDULERS, tmp_path)

    assert [] == verdict.problems, story
    assert verdict.due >= SECONDS_OF_KILLING_SCHEDULERS, story


@pytest.mark.parametrize("kind", ["sqlite", ON_POSTGRESQL])
def test_a_killed_server_loses_nothing_that_was_recorded(kind: str, tmp_path: Path) -> None:
    verdict, story = run_server_campaign(kind, SERVERS_KILLED, tmp_path)

    assert [] == verdict.problems, story
    assert 0 == verdict.twice, story
    assert verdict.promised > SERVERS_KILLED * 100, story


@pytest.mark.postgresql
def test_the_rate_over_http_is_measured_beside_that_of_appends(
    migrated_postgresql_url: str, tmp_path: Path
) -> None:
    with closing(open_database(migrated_postgresql_url)) as database:
        rates = measure_ingest(database, migrated_postgresql_url, tmp_path, "log lines", 2_000)

    assert all(rate > 0 for rate in rates)


def test_viewers_are_answered_and_mostly_told_that_nothing_changed(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    watched = watch_once(migrated_sqlite_url, tmp_path, seconds=2.0, viewers=100)

    assert 0 == watched.errors
    assert watched.unchanged > 0.5
    assert len(watched.seconds) > 50


def test_a_server_is_asked_beside_a_bare_endpoint(migrated_sqlite_url: str, tmp_path: Path) -> None:
    with closing(open_database(migrated_sqlite_url)) as database:
        facts = [Facts() for _ in range(3)]
        tell(database, *(event for each in facts for event in (each.started(), each.line())))
        ids = sample(database)
    found = compare(migrated_sqlite_url, tmp_path, ids, requests=10)

    assert 3 == len(found)
    assert all(0 < each.bare.p50 and 0 < each.ours.p50 for each in found)


@pytest.mark.parametrize("kind", ["sqlite", ON_POSTGRESQL])
def test_the_api_answers_as_it_is_described_whatever_is_asked(kind: str, tmp_path: Path) -> None:
    assert 0 == run_api_campaign(kind, SECONDS_OF_ASKING, 1, tmp_path)


def test_what_celery_on_record_costs_is_measured_on_tasks_that_really_run(tmp_path: Path) -> None:
    found = measure_celery(["untracked", "tracked"], tasks=200, runs=1, folder=tmp_path)

    assert ["untracked", "tracked"] == [line.split()[0] for line in celery_table(found)[1:]]
    [tracked] = found["tracked"]
    assert tracked.rate > 0
    assert tracked.cpu > 0
    assert 0 < tracked.handlers_p50 <= tracked.handlers_p99
    ledger = open_database(f"sqlite:///{tmp_path}/tracked-0/home/everyrun.db")
    with ledger.reading() as connection:
        counted = connection.execute(
            text("SELECT status, count(*) FROM workflow_executions GROUP BY status")
        ).all()
    assert [("completed", 200)] == [tuple(row) for row in counted]


def test_killed_celery_workers_leave_a_ledger_that_agrees_with_their_results(
    tmp_path: Path,
) -> None:
    told = run_celery_kills(60, tmp_path, rounds=1, pause=0.2, visibility=SECONDS_OF_A_BUSY_MACHINE)

    assert [] == told.problems, told.story
