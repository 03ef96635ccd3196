"""The long searches in short: real processes, killed and crowded, and every event counted."""

from pathlib import Path

import pytest

from benchmarks.append_rate import measure as measure_append_rate
from benchmarks.faults import run_campaign
from benchmarks.many_writers import is_clean, run

KILLS = 8


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
