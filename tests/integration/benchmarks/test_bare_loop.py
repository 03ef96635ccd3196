"""The bare loop writes what the run wrote of its nodes: no more, no less."""

from typing import Any

import pytest
from sqlalchemy import func, select

from benchmarks.graph_runs.bare_loop import CommitNotes, replay
from everyrun.domain import events
from everyrun.domain.clock import SystemClock
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import Status
from everyrun.store.append import append
from everyrun.store.database import Database
from everyrun.store.partitions import ensure_months, missing_months
from everyrun.store.tables import NodeExecution

EXECUTION: dict[str, Any] = {"workflow": "measured", "kind": "graph"}


def node_events(identity: dict[str, Any], key: str) -> tuple[events.AnyEvent, events.AnyEvent]:
    """The begin and the end of a node."""
    at = SystemClock().now()
    node = {**identity, "node": key, "node_execution_id": new_id()}
    return (
        events.NodeStarted(**node, at=at, input={"limit": 3}),
        events.NodeFinished(
            **node, at=at + 5, started_at=at, status=Status.COMPLETED, output={"rows": 1}
        ),
    )


@pytest.fixture
def run(database: Database) -> tuple[str, CommitNotes]:
    """An execution of three nodes on record, and the notes of its commits."""
    execution_id = new_id()
    identity = {**EXECUTION, "execution_id": execution_id}
    first, second, quick = (node_events(identity, key) for key in ("a", "b", "c"))
    notes = CommitNotes()
    if database.dialect == "postgresql":
        months = missing_months([execution_id], set())
        database.transact(lambda connection: ensure_months(connection, months))
    info = events.RecorderInfo(id=new_id(), host="here", pid=1, started_at=SystemClock().now())
    for told in ([first[0]], [first[1], second[0]], [second[1], *quick]):
        batch = events.Batch(version=events.WIRE_VERSION, recorder=info, events=told)
        with database.writing() as connection:
            append(connection, batch, 0)
        notes(told)
    return execution_id, notes


def test_commits_are_noted_by_what_they_began_and_ended(run: tuple[str, CommitNotes]) -> None:
    shapes = [tuple(map(len, commit)) for commit in run[1].commits()]

    assert [(1, 0, 0), (1, 1, 0), (0, 1, 1)] == shapes


def test_the_same_rows_are_written_once_more(
    database: Database, run: tuple[str, CommitNotes]
) -> None:
    execution_id, notes = run
    seconds = replay(database, execution_id, notes.commits())
    with database.reading() as connection:
        rows = connection.execute(
            select(
                NodeExecution.node_id,
                NodeExecution.status,
                NodeExecution.started_at,
                NodeExecution.ended_at,
                func.count().label("times"),
            ).group_by(
                NodeExecution.node_id,
                NodeExecution.status,
                NodeExecution.started_at,
                NodeExecution.ended_at,
            )
        ).all()

    assert seconds > 0
    assert [("completed", 2)] * 3 == [(row.status, row.times) for row in rows]


def test_commits_that_say_nothing_of_nodes_are_left_out() -> None:
    notes = CommitNotes()
    notes([events.ExecutionStarted(**EXECUTION, execution_id=new_id(), at=0)])

    assert [] == notes.commits()
