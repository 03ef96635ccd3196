"""Reported runs that nobody ends are ended, whoever leads."""

import pytest

from everyrun.scheduler.quieting import Quieting
from everyrun.store.database import Database
from everyrun.store.reported import REPORTED
from everyrun.workflows.reporting import quiet
from tests.integration.reading.runs import HOUR, Run, tell_runs
from tests.support.facts import NOON
from tests.support.snapshots import snapshot


def test_all_quiet_runs_are_ended_in_one_look(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiet, "RUNS_AT_ONCE", 2)
    runs = [Run("nightly", trigger=REPORTED).started() for _ in range(5)]
    tell_runs(database, [*runs, Run("recorded").started()])
    chore = Quieting()

    assert 5 == chore.end_quiet(database, NOON + 2 * HOUR)
    assert 0 == chore.end_quiet(database, NOON + 2 * HOUR)
    with database.reading() as connection:
        statuses = [row[3] for row in snapshot(connection)["executions"]]
    assert ["lost"] * 5 + ["running"] == sorted(statuses)
