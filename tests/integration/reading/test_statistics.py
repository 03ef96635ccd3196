"""How workflows and nodes fare: the figures agree with the rows."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import InvalidQuery
from everyrun.domain.status import Status
from everyrun.domain.views.statistics import NodeStatistics, WorkflowStatistics
from everyrun.store.database import Database
from everyrun.store.reading import durations
from everyrun.store.reading.statistics import node_statistics, workflow_statistics
from everyrun.store.tables import Workflow, WorkflowExecution
from tests.integration.reading.runs import HOUR, Run, tell_runs
from tests.support.facts import NOON, SECOND


def _of_workflow(database: Database, workflow: str, **how: object) -> WorkflowStatistics:
    with database.reading() as connection:
        (found,) = workflow_statistics(connection, workflow=workflow, **how)  # type: ignore[arg-type]
    return found


def test_a_workflows_figures(database: Database) -> None:
    runs = [
        Run(at=NOON + number * SECOND).finished(after=number * SECOND) for number in range(1, 101)
    ]
    runs += [
        Run(at=NOON).finished(Status.FAILED, after=200 * SECOND),
        Run(at=NOON).finished(Status.CANCELLED, after=300 * SECOND),
        Run(at=NOON + HOUR).started(),
        Run(at=NOON + HOUR),
        Run("another", at=NOON).finished(),
    ]
    tell_runs(database, runs)
    found = _of_workflow(database, "nightly")

    assert (104, 100, 1, 1, 1, 1) == (
        found.executions,
        found.completed,
        found.failed,
        found.cancelled,
        found.running,
        found.pending,
    )
    assert pytest.approx(1 / 101) == found.failure_rate
    assert pytest.approx((5050 + 200 + 300) / 102) == found.mean_seconds
    assert (102, 51.0, 97.0, 200.0) == (
        found.percentile_sample,
        found.p50_seconds,
        found.p95_seconds,
        found.p99_seconds,
    )
    assert to_datetime(NOON + HOUR) == found.last_started_at


def test_what_never_ran_has_no_rate_and_no_duration(database: Database) -> None:
    tell_runs(database, [Run()])
    found = _of_workflow(database, "nightly")

    assert (1, None, None, None, 0, None) == (
        found.pending,
        found.failure_rate,
        found.mean_seconds,
        found.p99_seconds,
        found.percentile_sample,
        found.last_started_at,
    )


def test_counts_agree_with_the_rows(history: Database) -> None:
    statement = select(Workflow.name, Workflow.kind, WorkflowExecution.status).join(
        Workflow, Workflow.id == WorkflowExecution.workflow_id
    )
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with history.reading() as connection:
        for name, kind, status in connection.execute(statement):
            counts[name, kind][status] += 1
        found = workflow_statistics(connection)

    assert counts == {
        (row.workflow, row.kind): {
            status: count for status in Status if (count := getattr(row, status.value, 0))
        }
        for row in found
    }
    assert [sum(counts[row.workflow, row.kind].values()) for row in found] == [
        row.executions for row in found
    ]
    assert sorted((row.executions for row in found), reverse=True) == [
        row.executions for row in found
    ]


def test_times_and_kind_narrow_the_figures(database: Database) -> None:
    tell_runs(
        database,
        [
            Run(at=NOON).finished(after=SECOND),
            Run(at=NOON + HOUR).finished(after=2 * SECOND),
            Run(at=NOON + 2 * HOUR).finished(after=3 * SECOND),
            Run(at=NOON + HOUR, kind="job").finished(),
        ],
    )
    with database.reading() as connection:
        found = workflow_statistics(
            connection,
            since=to_datetime(NOON + HOUR),
            until=to_datetime(NOON + 2 * HOUR) - timedelta(minutes=20),
            kind="function",
        )

    assert [("function", 1, 2.0, 2.0)] == [
        (row.kind, row.executions, row.mean_seconds, row.p50_seconds) for row in found
    ]


def test_percentiles_cover_the_latest_and_say_how_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durations, "LARGEST_SAMPLE", 10)
    monkeypatch.setattr(durations, "SMALLEST_SAMPLE", 10)
    old = [Run(at=NOON + number).finished(after=900 * SECOND) for number in range(20)]
    new = [Run(at=NOON + HOUR + number).finished(after=SECOND) for number in range(10)]
    tell_runs(database, old + new)
    found = _of_workflow(database, "nightly")

    assert (10, 1.0, 30) == (found.percentile_sample, found.p99_seconds, found.executions)
    assert found.mean_seconds is not None
    assert found.mean_seconds > 600


def _of_nodes(database: Database, workflow: str = "nightly") -> dict[str, NodeStatistics]:
    with database.reading() as connection:
        return {row.node: row for row in node_statistics(connection, workflow)}


def test_a_nodes_figures(database: Database) -> None:
    runs = []
    for number in range(1, 11):
        run = Run(at=NOON + number * SECOND)
        run.node("load", took=number * SECOND)
        run.node("save", Status.FAILED if number > 8 else Status.COMPLETED, attempt=1 + number % 2)
        runs.append(run)
    runs[-1].node("notify", None)
    other = Run("another")
    other.node("load")
    tell_runs(database, [*runs, other])
    found = _of_nodes(database)

    assert ["load", "notify", "save"] == list(found)
    assert (10, 10, 5.0, 10.0, 5.5, 0.0) == (
        found["load"].executions,
        found["load"].completed,
        found["load"].p50_seconds,
        found["load"].p99_seconds,
        found["load"].mean_seconds,
        found["load"].failure_rate,
    )
    assert (8, 2, 0.2, 5) == (
        found["save"].completed,
        found["save"].failed,
        found["save"].failure_rate,
        found["save"].retried,
    )
    assert (1, 0, None) == (
        found["notify"].running,
        found["notify"].percentile_sample,
        found["notify"].failure_rate,
    )
    assert to_datetime(NOON + 10 * SECOND) == found["notify"].last_started_at


def test_nodes_of_a_time(database: Database) -> None:
    runs = [Run(at=NOON + number * HOUR) for number in range(3)]
    for run in runs:
        run.node("load")
    tell_runs(database, runs)
    with database.reading() as connection:
        (found,) = node_statistics(
            connection,
            "nightly",
            "function",
            since=to_datetime(NOON + HOUR),
            until=to_datetime(NOON + 2 * HOUR),
        )
        of_another_kind = node_statistics(connection, "nightly", "job")

    assert (1, to_datetime(NOON + HOUR)) == (found.executions, found.last_started_at)
    assert [] == of_another_kind


def test_unknown_names_have_no_figures(database: Database) -> None:
    with database.reading() as connection:
        assert [] == workflow_statistics(connection, workflow="nobody's")
        assert [] == node_statistics(connection, "nobody's")


def test_times_at_the_ends_of_the_calendar_are_no_trouble(database: Database) -> None:
    run = Run()
    run.node("load")
    tell_runs(database, [run])
    ever: dict[str, Any] = {
        "since": datetime.min.replace(tzinfo=UTC),
        "until": datetime.max.replace(tzinfo=UTC),
    }
    with database.reading() as connection:
        workflows = workflow_statistics(connection, **ever)
        nodes = node_statistics(connection, "nightly", **ever)

    assert (1, 1) == (len(workflows), nodes[0].executions)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = to_datetime(NOON).replace(tzinfo=None)
    with database.reading() as connection:
        with pytest.raises(InvalidQuery):
            workflow_statistics(connection, since=naive)
        with pytest.raises(InvalidQuery):
            node_statistics(connection, "nightly", until=naive)
