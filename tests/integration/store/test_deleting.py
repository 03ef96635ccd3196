"""What is deleted is gone with all that hangs on it, and the sums know it."""

from functools import partial
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, func, select

from everyrun.domain.events import WIRE_VERSION, Batch
from everyrun.domain.identifiers import new_id
from everyrun.store.checking import check_counters, check_integrity
from everyrun.store.database import Database, open_database
from everyrun.store.deleting import delete_executions
from everyrun.store.intake import append_batch
from everyrun.store.leases import enqueue
from everyrun.store.requests import ask
from everyrun.store.reuse import Reuse, record_reuse
from everyrun.store.slots import claim_slot
from everyrun.store.tables import (
    ConcurrencySlot,
    ExecutionLease,
    ExecutionLog,
    ExecutionRequest,
    ExecutionTag,
    ExternalId,
    NodeAttempt,
    NodeExecution,
    ReusedNode,
    WorkflowExecution,
)
from tests.support.emptying import empty
from tests.support.facts import NOON, Facts, tell
from tests.support.stories import Story, stories

CHILDREN = (NodeExecution, NodeAttempt, ExecutionLog, ExecutionTag, ExternalId)


def _tell_all(database: Database, facts: Facts) -> None:
    tell(
        database,
        facts.started(tags=["a"], external_id=facts.execution_id),
        facts.node_started(),
        facts.node_retrying(),
        facts.node_started(at=NOON + 2, attempt=2),
        facts.node_finished(attempt=2),
        facts.node_line(),
        facts.line(),
        facts.finished(),
    )


def _counts(database: Database) -> list[int]:
    with database.reading() as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (WorkflowExecution, *CHILDREN)
        ]


def test_deleting_an_execution_deletes_all_that_hangs_on_it(database: Database) -> None:
    doomed, kept = Facts(), Facts()
    _tell_all(database, doomed)
    _tell_all(database, kept)

    with database.writing() as connection:
        deleted = delete_executions(connection, [doomed.execution_id, new_id()], NOON)

    assert 1 == deleted
    assert [1, 1, 1, 2, 1, 1] == _counts(database)
    with database.reading() as connection:
        assert [] == check_counters(connection)
        assert [] == check_integrity(connection)


def test_deleting_an_execution_deletes_what_the_engine_keeps_of_it(database: Database) -> None:
    doomed, kept, workflow_id = Facts(), Facts(), new_id()
    for facts in (doomed, kept):
        _tell_all(database, facts)
        database.transact(partial(_keep_beside, facts=facts, workflow_id=workflow_id))

    with database.writing() as connection:
        delete_executions(connection, [doomed.execution_id], NOON)

    with database.reading() as connection:
        for table in (ExecutionLease, ExecutionRequest, ReusedNode, ConcurrencySlot):
            left = connection.execute(select(table.workflow_execution_id)).scalars()
            assert [kept.execution_id] == list(left)


def _keep_beside(connection: Connection, facts: Facts, workflow_id: str) -> None:
    id_, node = facts.execution_id, facts.node_execution_id
    enqueue(connection, id_, workflow_id, available_at=NOON)
    ask(connection, id_, "cancel", now=NOON)
    record_reuse(connection, id_, [Reuse(node, new_id(), new_id())])
    claim_slot(connection, "db", 5, id_, node, NOON)


def test_plain_sql_deletes_the_children_too(database: Database) -> None:
    facts = Facts()
    _tell_all(database, facts)

    with database.writing() as connection:
        connection.execute(delete(WorkflowExecution))

    assert [0, 0, 0, 0, 0, 0] == _counts(database)


def test_an_sqlite_file_shrinks_when_executions_are_deleted(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    database = open_database(migrated_sqlite_url)
    facts, path = Facts(), tmp_path / "everyrun.db"
    tell(database, *(facts.line("x" * 5_000) for _ in range(400)))
    database.give_space_back()
    full = path.stat().st_size

    with database.writing() as connection:
        delete_executions(connection, [facts.execution_id], NOON)
    database.give_space_back()

    assert full > 2_000_000
    assert path.stat().st_size < full / 2
    database.close()


@given(story=stories(), data=st.data())
def test_the_sums_agree_with_a_recount_after_deleting_some(
    database: Database, story: Story, data: st.DataObject
) -> None:
    empty(database)
    for recorder, event in story.told:
        batch = Batch(version=WIRE_VERSION, recorder=recorder, events=[event])
        append_batch(database, batch, NOON)
    with database.reading() as connection:
        ids = sorted(connection.execute(select(WorkflowExecution.id)).scalars())
    chosen = data.draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []

    with database.writing() as connection:
        delete_executions(connection, chosen, NOON)

    with database.reading() as connection:
        assert [] == check_counters(connection)
