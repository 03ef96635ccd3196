"""The long searches in short: real processes, killed and crowded, and every event counted."""

from pathlib import Path

import pytest

from benchmarks.append_rate import measure as measure_append_rate
from benchmarks.engine_faults import NODES as ENGINE_NODES
from benchmarks.engine_faults import run_campaign as run_engine_campaign
from benchmarks.faults import run_campaign
from benchmarks.graph_runs.definitions import Work
from benchmarks.graphs import measure_apart
from benchmarks.makespan import measure as measure_makespan
from benchmarks.many_writers import is_clean, run
from benchmarks.scheduler_faults import run_campaign as run_scheduler_campaign
from benchmarks.wfcommons import Instance, Task
from everyrun.store.database import Database

KILLS = 8
ENGINES_KILLED = 5
SECONDS_OF_KILLING_SCHEDULERS = 10


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
