"""What is only observed may come true after all: a message is delivered again whose task failed."""

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.checking import check_counters
from everyrun.store.database import Database
from everyrun.store.tables import NodeExecution
from tests.support.facts import NOON, SECOND, Facts, tell

COMPLETED, FAILED = Status.COMPLETED, Status.FAILED
CANCELLED, SKIPPED = Status.CANCELLED, Status.SKIPPED


def _ended(of: dict[str, Any], at: int, status: Status, attempt: int = 1) -> events.NodeFinished:
    reason = None if status is COMPLETED else f"{status} in attempt {attempt}"
    at = NOON + at * SECOND
    return events.NodeFinished(**of, at=at, status=status, attempt=attempt, error_message=reason)


@pytest.mark.parametrize(
    ("ends", "holds"),
    [
        ([(2, FAILED, 1), (5, COMPLETED, 2)], (COMPLETED, 2)),
        ([(2, SKIPPED, 1), (5, COMPLETED, 1)], (COMPLETED, 1)),
        ([(2, SKIPPED, 1), (5, FAILED, 1)], (FAILED, 1)),
        ([(2, COMPLETED, 1), (5, FAILED, 2)], (COMPLETED, 1)),
        ([(2, CANCELLED, 1), (5, FAILED, 1)], (CANCELLED, 1)),
        ([(2, CANCELLED, 1), (5, COMPLETED, 2)], (COMPLETED, 2)),
        ([(2, COMPLETED, 1), (5, COMPLETED, 2)], (COMPLETED, 1)),
        ([(2, FAILED, 1), (4, FAILED, 2), (6, COMPLETED, 3)], (COMPLETED, 3)),
    ],
)
def test_of_a_celery_task_a_success_holds_and_what_ran_over_what_was_skipped(
    database: Database, ends: list[tuple[int, Status, int]], holds: tuple[Status, int]
) -> None:
    for told in permutations(ends):
        run = Facts("a chain", "celery")
        of = {**run.of, "node": "shop.ocr", "node_execution_id": new_id()}
        for end in (*told, told[0]):  # in any order, one batch each, and one of them once more
            tell(database, _ended(of, *end))
        with database.reading() as connection:
            assert [] == check_counters(connection)
            columns = (NodeExecution.status, NodeExecution.attempt)
            row = connection.execute(
                select(*columns).where(NodeExecution.id == of["node_execution_id"])
            )
            assert holds == tuple(row.one())


def test_of_what_the_engine_decides_the_earliest_end_holds(database: Database) -> None:
    run = Facts("a graph", "graph")
    of = {**run.of, "node": "ocr", "node_execution_id": new_id()}
    tell(database, _ended(of, 2, FAILED), _ended(of, 5, COMPLETED, 2))

    with database.reading() as connection:
        assert "failed" == connection.execute(select(NodeExecution.status)).scalar_one()
