"""A bundle has all that is on record of one execution, and says when it was cut short."""

import json
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.events import LineLogged
from everyrun.domain.identifiers import new_id
from everyrun.store.bundling import bundle, executions
from everyrun.store.database import Database
from everyrun.store.requests import ask
from everyrun.store.tables import Base
from tests.support.facts import NOON, Facts, tell


def _bundled(database: Database, execution_id: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in bundle(database, execution_id, NOON)]


def _retried(database: Database, lines: int = 3) -> Facts:
    facts = Facts()
    tell(
        database,
        facts.started(input={"day": "오늘"}, tags=["a"], external_id="O'Brien"),
        facts.node_started(input={"n": 1}),
        facts.node_retrying(error_message="no"),
        facts.node_started(at=NOON + 2, attempt=2),
        facts.node_finished(attempt=2, output=[1, None]),
        *(facts.line(f"line {number}") for number in range(lines)),
        facts.finished(output={}),
    )
    return facts


def test_a_bundle_has_every_row_of_its_execution(database: Database) -> None:
    facts, other = _retried(database, lines=1_201), _retried(database)
    for asked in (facts, other):
        database.transact(
            partial(ask, execution_id=asked.execution_id, action="cancel", by="me", now=NOON)
        )

    told = _bundled(database, facts.execution_id)

    expected = {
        "workflows": 1,
        "recorders": 1,
        "workflow_executions": 1,
        "nodes": 1,
        "node_executions": 1,
        "node_attempts": 1,
        "execution_logs": 1_201,
        "execution_requests": 1,
    }
    assert "bundle" == told[0]["record"]
    assert {"record": "end", "rows": expected, "changed": False} == told[-1]
    for table, count in expected.items():
        assert count == sum(1 for line in told if line["record"] == table), table
    of_others = {other.execution_id, other.node_execution_id}
    assert not of_others & {value for line in told for value in map(str, line.values())}


def test_a_bundle_tells_parents_before_what_refers_to_them(database: Database) -> None:
    facts = _retried(database)

    records = [line["record"] for line in _bundled(database, facts.execution_id)]

    order = ["workflows", "workflow_executions", "nodes", "node_executions", "node_attempts"]
    assert order == sorted(order, key=records.index)


def test_a_bundle_has_every_column(database: Database) -> None:
    facts = _retried(database)

    told = {line["record"]: line for line in _bundled(database, facts.execution_id)}

    for name in ("workflow_executions", "node_executions", "node_attempts", "execution_logs"):
        assert {"record", *Base.metadata.tables[name].columns.keys()} == told[name].keys()
    assert {"day": "오늘"} == told["workflow_executions"]["input_data"]
    assert [1, None] == told["node_executions"]["output_data"]


def test_a_bundle_of_many_nodes_is_told_a_page_at_a_time(database: Database) -> None:
    facts = Facts()
    for number in range(65):
        facts.at_node["node_execution_id"] = new_id()
        tell(database, facts.node_started(iteration=str(number)))

    told = _bundled(database, facts.execution_id)

    turns = [line["iteration"] for line in told if line["record"] == "node_executions"]
    assert [str(n) for n in range(65)] == sorted(turns, key=int)


def test_what_changes_while_it_is_told_is_said_at_the_end(database: Database) -> None:
    facts = _retried(database)
    lines = bundle(database, facts.execution_id, NOON)
    next(lines)
    tell(database, LineLogged(**facts.of, id=new_id(), at=NOON, message="late"))

    *_, last = lines

    assert json.loads(last)["changed"]


def test_only_what_is_on_record_is_told(database: Database) -> None:
    with pytest.raises(NotOnRecord):
        bundle(database, new_id(), NOON)
    with database.reading() as connection:
        assert 0 == connection.execute(select(func.count()).select_from(executions)).scalar()
