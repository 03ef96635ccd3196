"""What the seeds' endpoints ask goes through indexes, however large the ledger is."""

from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import text

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.store.canvases import quiet_canvases
from everyrun.store.database import Database
from everyrun.store.reading import chain_tasks
from everyrun.store.reading.celery_workers import list_workers
from everyrun.store.reading.jobs import read_job
from everyrun.store.reading.node_logs import NodeLogFilters, list_node_logs, read_node_log
from everyrun.store.reading.pipelines import chain_history, find_chain, read_chain
from everyrun.store.reported import (
    executions_named,
    latest_runs,
    open_nodes,
    rows_of_node,
    run_named,
    runs_without_outcome,
)
from everyrun.store.scripts import find_script
from everyrun.store.silences import promises
from tests.integration.reading.plans import reading_plans
from tests.support.facts import NOON, Facts, tell

FILTERS = ("execution_ids", "workflow_id", "node", "failed", "running", "completed")


def _filters(values: dict[str, Any]) -> list[NodeLogFilters]:
    found = []
    for size in range(len(FILTERS) + 1):
        for names in combinations(FILTERS, size):
            given = {name: values[name] for name in names if name in values}
            statuses = tuple(name for name in names if name not in values)
            found.append(NodeLogFilters(**given, statuses=statuses))
    return found


def test_node_logs_are_read_through_indexes_with_every_combination_of_filters(
    history: Database,
) -> None:
    with reading_plans(history) as plans, history.reading() as connection:
        page = list_node_logs(connection, NodeLogFilters(), limit=10)
        log = page.items[0]
        values = {
            "execution_ids": (log.place.execution_id, page.items[-1].place.execution_id),
            "workflow_id": log.workflow_id,
            "node": log.node,
        }
        for filters in _filters(values):
            first = list_node_logs(connection, filters, limit=2)
            if first.next is not None:
                list_node_logs(connection, filters, limit=2, cursor=first.next)
        read_node_log(connection, log.place)

    assert not plans.faults, "\n\n".join(plans.faults)
    assert len(plans.statements) > 10


def test_chains_jobs_scripts_and_reported_runs_are_found_through_indexes(
    history: Database,
) -> None:
    with history.reading() as connection:
        log = list_node_logs(connection, NodeLogFilters(), limit=1).items[0]
    execution_id = log.place.execution_id
    with reading_plans(history) as plans, history.reading() as connection:
        if history.dialect == "postgresql":
            # So few rows are quicker read whole; what counts is that an index would do.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        script = find_script(connection, log.workflow)
        read_job(connection, execution_id)
        chain_history(connection, 10, 5)
        read_chain(connection, find_chain(connection, execution_id))
        run_named(connection, log.workflow_id, script.kind, "mine")
        run = run_named(connection, log.workflow_id, script.kind, execution_id)
        assert run is not None
        executions_named(connection, "mine", log.workflow_id)
        latest_runs(connection, log.workflow_id)
        assert rows_of_node(connection, run, log.node)
        open_nodes(connection, execution_id)
        runs_without_outcome(connection, before=execution_id)

    assert not plans.faults, "\n\n".join(plans.faults)


def test_a_page_of_a_large_chain_goes_down_indexes_in_their_order(
    history: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain_tasks, "READ_WHOLE", 0)
    monkeypatch.setattr(chain_tasks, "SORTED_WHOLE", 0)
    run = Facts("a large chain", "celery")
    waits = {**run.of, "node": "later", "node_execution_id": new_id()}
    tell(history, run.started(), run.node_started(), events.NodeCreated(**waits, at=NOON))
    with reading_plans(history) as plans, history.reading() as connection:
        tasks = read_chain(connection, run.execution_id).tasks

    assert [False, True] == [task.started_at is None for task in tasks]
    assert not plans.faults, "\n\n".join(plans.faults)


def test_the_chores_of_silence_and_hanging_go_through_what_is_open(history: Database) -> None:
    with reading_plans(history) as plans, history.reading() as connection:
        if history.dialect == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        promises(connection)
        quiet_canvases(connection, NOON)
        list_workers(connection)

    assert not plans.faults, "\n\n".join(plans.faults)
