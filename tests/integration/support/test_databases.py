"""The fixtures that other tests stand on: each test gets a migrated ledger of its own."""

import pytest
from sqlalchemy import func, insert, select

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import new_id
from everyrun.store.database import Database
from everyrun.store.schema import SchemaState
from everyrun.store.tables import Base, Recorder
from tests.support.emptying import empty


def _add_a_recorder(database: Database) -> None:
    moment = to_datetime(0)
    with database.writing() as connection:
        connection.execute(
            insert(Recorder).values(
                id=new_id(), host="h", pid=1, started_at=moment, last_seen_at=moment
            )
        )


def _count_rows(database: Database) -> int:
    with database.reading() as connection:
        return sum(
            connection.scalars(select(func.count()).select_from(table)).one()
            for table in Base.metadata.sorted_tables
        )


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_a_migrated_ledger_without_rows(
    database: Database, turn: int
) -> None:
    database.require_current_schema()
    before = _count_rows(database)
    _add_a_recorder(database)

    assert (0, 1) == (before, _count_rows(database)), f"turn {turn}"


def test_an_emptied_ledger_has_no_rows_and_keeps_its_schema(database: Database) -> None:
    _add_a_recorder(database)
    empty(database)

    assert 0 == _count_rows(database)
    database.require_current_schema()


def test_an_empty_address_has_no_schema(empty_url: str) -> None:
    database = Database(empty_url)
    try:
        state = database.schema()
    finally:
        database.close()

    assert SchemaState.EMPTY == state
