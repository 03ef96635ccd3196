"""Every list reads through an index, whatever the combination of filters."""

from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import Connection, text

from everyrun.domain.clock import to_microseconds
from everyrun.domain.identifiers import id_bytes
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.store.database import Database
from everyrun.store.marks import find_marked
from everyrun.store.reading import routes
from everyrun.store.reading.approvals import waiting_approvals
from everyrun.store.reading.asked import newest_request, read_requests
from everyrun.store.reading.attempts import read_earlier_attempts
from everyrun.store.reading.counts import count_executions
from everyrun.store.reading.dashboard import today
from everyrun.store.reading.execution import read_execution, read_node
from everyrun.store.reading.executions import list_executions
from everyrun.store.reading.finding import find_execution
from everyrun.store.reading.finding_nodes import find_node
from everyrun.store.reading.logs import last_lines, lines_before, search, tail
from everyrun.store.reading.nodes import page_of_nodes
from everyrun.store.reading.progress import read_progress
from everyrun.store.reading.relations import read_relations
from everyrun.store.reading.statistics import node_statistics, workflow_statistics
from tests.integration.reading.full_look import Row, all_rows
from tests.integration.reading.plans import reading_plans
from tests.support.facts import NOON


def _prefer_indexes(connection: Connection) -> None:
    """So few rows are quicker read whole; what counts is that an index would do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_seqscan = off"))


def _some_filters(rows: list[Row]) -> dict[str, list[Any]]:
    """Values of each filter, one of each sort that is looked up differently."""
    row = next(row for row in rows if row.parent_execution_id and row.tags)
    return {
        "workflow": [row.workflow],
        "kind": [row.kind],
        "statuses": [(row.status,), ("failed", "lost", "cancelled", "running", "pending")],
        "trigger": [row.trigger],
        "tag": [row.tags[0]],
        "text": ["s", "재고"],
        "since": [row.born],
        "parent_execution_id": [row.parent_execution_id],
        "batch_id": [next(row.batch_id for row in rows if row.batch_id)],
        "external_id": [next(row.external_id for row in rows if row.external_id)],
    }


def _every_combination(rows: list[Row]) -> list[ExecutionFilters]:
    values = _some_filters(rows)
    names = list(values)
    return [
        ExecutionFilters(**{name: values[name][variant % len(values[name])] for name in some})
        for size in range(len(names) + 1)
        for some in combinations(names, size)
        for variant in ((0, 1) if {"statuses", "text"} & set(some) else (0,))
    ]


@pytest.mark.parametrize("lanes_together", [routes.LANES_TOGETHER, 2])
def test_the_list_reads_through_indexes_with_every_combination_of_filters(
    history: Database, monkeypatch: pytest.MonkeyPatch, lanes_together: int
) -> None:
    monkeypatch.setattr(routes, "LANES_TOGETHER", lanes_together)
    rows = all_rows(history)
    with reading_plans(history) as plans, history.reading() as connection:
        for filters in _every_combination(rows):
            list_executions(connection, filters)

    assert [] == plans.faults
    assert len(plans.statements) > 40


def test_an_execution_and_its_log_are_read_through_indexes(history: Database) -> None:
    rows = all_rows(history)
    id_ = next(row.id for row in rows if row.status == "completed")
    external_id = next(row.external_id for row in rows if row.external_id)
    with reading_plans(history) as plans, history.reading() as connection:
        detail = read_execution(connection, id_)
        for node in detail.nodes[:1]:
            read_node(connection, id_, node.id)
            tail(connection, id_, node_execution_id=node.id)
            tail(connection, id_, node_execution_id=node.id, levels=["error"])
        read_earlier_attempts(connection, id_)
        find_execution(connection, id_)
        find_execution(connection, id_[:23])
        find_execution(connection, external_id)
        tail(connection, id_)
        tail(connection, id_, after=3, levels=["error", "info"])
        last_lines(connection, id_, 10)
        last_lines(connection, id_, 10, levels=["debug"])

    assert [] == plans.faults
    assert len(plans.statements) > 8


def test_what_the_api_asks_of_an_execution_is_read_through_indexes(history: Database) -> None:
    rows = all_rows(history)
    id_ = next(row.parent_execution_id for row in rows if row.parent_execution_id)
    with reading_plans(history) as plans, history.reading() as connection:
        _prefer_indexes(connection)
        assert id_ == find_marked(connection, id_).execution_id
        read_progress(connection, id_, NOON)
        page = page_of_nodes(connection, id_, limit=1)
        page_of_nodes(connection, id_, limit=1, cursor=page.next)
        find_node(connection, id_, page.items[0].node)
        find_node(connection, id_, page.items[0].id)
        lines_before(connection, id_, 10)
        lines_before(connection, id_, 10, levels=["error"])
        assert read_relations(connection, id_).children.items
        newest_request(connection, id_)
        read_requests(connection, id_)
        waiting_approvals(connection)

    assert [] == plans.faults
    assert len(plans.statements) > 12


def test_executions_are_counted_through_indexes(history: Database) -> None:
    asked = _every_combination(all_rows(history))[:40]
    with reading_plans(history) as plans, history.reading() as connection:
        _prefer_indexes(connection)
        for filters in asked:
            count_executions(connection, filters, ceiling=700)

    assert [] == plans.faults


LEVELS = ((), ("error",), ("error", "warning"), ("info",), ("error", "info"))


def test_logs_are_searched_through_indexes_with_every_combination_of_filters(
    history: Database,
) -> None:
    newest = all_rows(history)[0]
    values: dict[str, Any] = {
        "text": "재고",
        "workflow": newest.workflow,
        "execution_id": newest.id,
        "since": newest.born - timedelta(days=30),
        "until": newest.born,
    }
    with reading_plans(history) as plans, history.reading() as connection:
        for levels in LEVELS:
            for size in range(len(values) + 1):
                for some in combinations(values, size):
                    wanted = {name: values[name] for name in some}
                    search(connection, levels=levels, **wanted, limit=5)

    assert [] == plans.faults
    assert len(plans.statements) > 30


def test_the_day_and_a_workflows_figures_are_read_through_indexes(history: Database) -> None:
    newest = all_rows(history)[0]
    with reading_plans(history) as plans, history.reading() as connection:
        _prefer_indexes(connection)
        today(connection, to_microseconds(newest.born), "Asia/Seoul")
        node_statistics(connection, newest.workflow)
        workflow_statistics(connection, since=newest.born - timedelta(days=1))

    assert [] == [fault for fault in plans.faults if "without a condition" in fault]
    assert len(plans.statements) > 3


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("SELECT id FROM workflow_executions WHERE error_type = 'x'", "without a condition"),
        ("SELECT count(*) FROM execution_logs", "without a condition"),
        ("SELECT id FROM workflow_executions WHERE id > :id ORDER BY updated_at", "unbounded"),
    ],
)
def test_a_bad_plan_is_noticed(history: Database, statement: str, fault: str) -> None:
    id_ = all_rows(history)[0].id
    parameters = (
        {"id": id_bytes(id_) if history.dialect == "sqlite" else id_} if ":" in statement else {}
    )
    with reading_plans(history) as plans, history.reading() as connection:
        _prefer_indexes(connection)
        connection.execute(text(statement), parameters)

    assert {True} == {fault in found for found in plans.faults}
