"""Workflows of every kind by their rows."""

from typing import cast

import pytest
from sqlalchemy import Table, insert

from everyrun.domain.errors import NotOnRecord
from everyrun.store import versions, workflows
from everyrun.store.database import Database
from everyrun.store.tables import WorkflowNumber
from everyrun.store.versions import WorkflowRecord
from everyrun.store.workflows import WorkflowExists
from tests.support.facts import NOON, SECOND, Facts, tell
from tests.support.queue import save

numbers = cast("Table", WorkflowNumber.__table__)


def create(database: Database, name: str, kind: str = "script", now: int = NOON) -> str:
    """A workflow without a definition."""
    return database.transact(
        lambda connection: workflows.create_workflow(connection, name, kind, now)
    )


def find(database: Database, target: str, kind: str = "script") -> WorkflowRecord:
    """The workflow that is named."""
    with database.reading() as connection:
        return workflows.find_workflow(connection, target, kind)


def delete(database: Database, name: str, kind: str = "script") -> None:
    """Delete a workflow."""
    database.transact(
        lambda connection: versions.delete_workflow(connection, name, NOON, kind=kind)
    )


def number_of(database: Database, workflow_id: str, number: int) -> None:
    """Give a workflow a number."""
    row = {"number": number, "workflow_id": workflow_id}
    database.transact(lambda connection: connection.execute(insert(numbers), row))


def test_a_workflow_is_found_by_name_kind_id_and_number(database: Database) -> None:
    script, job = create(database, "backup"), create(database, "backup", "job")
    number_of(database, script, 7)

    assert script == find(database, "backup").id
    assert job == find(database, "backup", "job").id
    assert job == find(database, job).id == find(database, job.upper(), "graph").id
    assert script == find(database, "7", "graph").id
    for nothing in ("nobody", "8", "9" * 30, "back\0up", "٧"):
        with pytest.raises(NotOnRecord, match="there is no workflow"):
            find(database, nothing)


def test_a_name_goes_before_an_id_or_a_number_that_is_spelled_alike(database: Database) -> None:
    other = create(database, "other")
    number_of(database, other, 7)
    named_seven, named_id = create(database, "7"), create(database, other)

    assert named_seven == find(database, "7").id
    assert named_id == find(database, other).id


def test_each_is_the_last_of_its_kind(database: Database) -> None:
    for name in ("a", "b"):
        create(database, name)
    create(database, "c", "job")
    save(database)

    orders = [find(database, name).execution_order for name in ("a", "b")]
    assert [1, 2] == orders
    assert 1 == find(database, "c", "job").execution_order
    assert 1 == find(database, "nightly", "graph").execution_order


def test_one_that_was_deleted_comes_back_with_its_history(database: Database) -> None:
    facts = Facts("backup", "script")
    tell(database, facts.started(), facts.finished())
    known = find(database, "backup").id
    delete(database, "backup")

    with pytest.raises(NotOnRecord):
        find(database, "backup")
    assert find(database, known).deleted
    assert known == create(database, "backup", now=NOON + SECOND)
    assert not find(database, "backup").deleted
    with pytest.raises(WorkflowExists, match="there is a script 'backup' already"):
        create(database, "backup")


def test_orders_and_switches_are_of_one_kind(database: Database) -> None:
    for name in ("a", "b", "c"):
        create(database, name)
    create(database, "a", "job")

    def change(move: bool) -> None:
        with database.writing() as connection:
            if move:
                versions.move_workflow(connection, "c", 1, NOON, kind="script")
            else:
                versions.set_active(connection, "a", False, NOON, kind="script")

    change(move=True)
    change(move=False)
    with database.reading() as connection:
        listed = versions.list_workflows(connection, kind="script")
    assert [("c", True), ("a", False), ("b", True)] == [(each.name, each.active) for each in listed]
    assert find(database, "a", "job").active


def test_an_order_of_nothing_is_none(database: Database) -> None:
    database.transact(lambda connection: versions.set_order(connection, [], NOON, kind="job"))

    with database.reading() as connection:
        assert [] == versions.list_workflows(connection, kind="job")


def test_what_it_is_for_is_said_on_its_row(database: Database) -> None:
    id_ = create(database, "backup")
    database.transact(
        lambda connection: workflows.describe_workflow(connection, id_, "of all", NOON + SECOND)
    )

    assert ("of all", NOON + SECOND) == (
        find(database, "backup").description,
        find(database, "backup").updated_at,
    )
