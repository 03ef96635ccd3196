"""The rows as objects: what they know of themselves, and what belongs to them (R2.9-R2.11)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, joinedload, selectinload

from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.database import Database
from everyrun.store.tables import ExecutionLog, Node, NodeExecution, WorkflowExecution
from tests.support.facts import NOON, SECOND, Facts, tell

BEGAN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("row_class", [WorkflowExecution, NodeExecution])
def test_a_duration_is_known_when_start_and_end_are(row_class: type[Any]) -> None:
    ended = BEGAN + timedelta(seconds=2.5)

    assert 2.5 == row_class(started_at=BEGAN, ended_at=ended).duration_seconds
    assert row_class(started_at=BEGAN).duration_seconds is None
    assert row_class(ended_at=BEGAN).duration_seconds is None


@pytest.mark.parametrize("row_class", [WorkflowExecution, NodeExecution])
def test_only_settled_statuses_are_terminal(row_class: type[Any]) -> None:
    terminal = {status.value for status in Status if row_class(status=status.value).is_terminal}

    assert {"completed", "failed", "skipped", "cancelled"} == terminal


@pytest.mark.parametrize(
    ("status", "attempt", "retry_config", "expected"),
    [
        ("failed", 1, {}, True),
        ("failed", 3, {}, True),
        ("failed", 4, {}, False),
        ("failed", 1, {"max_retries": 0}, False),
        ("failed", 6, {"max_retries": 6}, True),
        ("completed", 1, {}, False),
        ("lost", 1, {}, False),
    ],
)
def test_a_failed_node_execution_may_be_retried_as_often_as_its_node_allows(
    status: str, attempt: int, retry_config: dict[str, int], expected: bool
) -> None:
    node = Node(retry_config=retry_config)

    assert expected is NodeExecution(status=status, attempt=attempt, node=node).can_retry


def test_the_count_of_retries_is_one_less_than_the_attempt() -> None:
    assert [0, 2] == [NodeExecution(attempt=attempt).retry_count for attempt in (1, 3)]


def _with_children(session: Session, execution_id: str) -> WorkflowExecution:
    query = (
        select(WorkflowExecution)
        .where(WorkflowExecution.id == execution_id)
        .options(
            selectinload(WorkflowExecution.node_executions).joinedload(NodeExecution.node),
            selectinload(WorkflowExecution.logs),
            joinedload(WorkflowExecution.workflow),
        )
    )
    return session.execute(query).scalar_one()


def test_nodes_come_in_their_order_and_lines_in_the_order_of_time(database: Database) -> None:
    facts = Facts()
    told: list[Any] = []
    for order in (3, 1, 2):
        facts.at_node.update(node=f"step {order}", node_execution_id=new_id())
        told += [facts.node_started(order=order), facts.line(f"line {order}", at=NOON + order)]
    tell(database, *told)

    with Session(database.engine) as session:
        execution = _with_children(session, facts.execution_id)

        assert "nightly" == execution.workflow.name
        assert ["step 1", "step 2", "step 3"] == [n.node.key for n in execution.node_executions]
        assert ["line 1", "line 2", "line 3"] == [line.message for line in execution.logs]


def test_nothing_is_loaded_behind_ones_back(database: Database) -> None:
    facts = Facts()
    tell(database, facts.started(), facts.finished(at=NOON + SECOND))

    with Session(database.engine) as session:
        execution = session.get(WorkflowExecution, facts.execution_id)
        assert execution is not None

        with pytest.raises(InvalidRequestError, match="lazy='raise'"):
            _ = execution.node_executions
        assert 1.0 == execution.duration_seconds


def test_deleting_an_execution_object_deletes_its_children(database: Database) -> None:
    facts = Facts()
    tell(database, facts.node_started(), facts.node_line(), facts.line())

    with Session(database.engine) as session, session.begin():
        session.delete(session.get(WorkflowExecution, facts.execution_id))

    with Session(database.engine) as session:
        assert [] == session.execute(select(NodeExecution)).all()
        assert [] == session.execute(select(ExecutionLog)).all()
