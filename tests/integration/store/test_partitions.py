"""On PostgreSQL a month's rows lie in the month's partitions, and leave with them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from everyrun.domain.clock import to_microseconds
from everyrun.domain.events import ExecutionStarted, LineLogged
from everyrun.domain.identifiers import first_id_at, new_id
from everyrun.store.database import Database, open_database
from everyrun.store.partitions import PARTITIONED, month_of
from tests.support.facts import NOON, tell
from tests.support.stories import identifier_at


@pytest.fixture
def ledger(migrated_postgresql_url: str) -> Iterator[Database]:
    database = open_database(migrated_postgresql_url)
    yield database
    database.close()


def _partition_of(database: Database, table: str) -> list[str]:
    with database.reading() as connection:
        return list(
            connection.execute(text(f"SELECT DISTINCT tableoid::regclass::text FROM {table}"))
            .scalars()
            .all()
        )


@pytest.mark.postgresql
def test_a_month_seen_for_the_first_time_gets_its_partitions(ledger: Database) -> None:
    execution_id = identifier_at(1_600_000_000_000_000, 1)  # September 2020
    started = ExecutionStarted(execution_id=execution_id, workflow="old", at=NOON)
    line = LineLogged(execution_id=execution_id, workflow="old", id=new_id(), at=NOON, message="x")

    tell(ledger, started, line)

    assert ["workflow_executions_y2020m09"] == _partition_of(ledger, "workflow_executions")
    assert ["execution_logs_y2020m09"] == _partition_of(ledger, "execution_logs")


@pytest.mark.postgresql
def test_a_month_is_dropped_without_touching_another(ledger: Database) -> None:
    old = identifier_at(1_600_000_000_000_000, 1)
    for execution_id in (old, new_id()):
        tell(ledger, ExecutionStarted(execution_id=execution_id, workflow="w", at=NOON))

    with ledger.writing() as connection:
        for table in reversed(PARTITIONED):
            connection.execute(text(f"DROP TABLE {table}_y2020m09"))

    with ledger.reading() as connection:
        left = connection.execute(text("SELECT count(*) FROM workflow_executions")).scalar()
    assert 1 == left


@pytest.mark.postgresql
def test_an_id_from_an_absurd_time_goes_to_the_default_partition(ledger: Database) -> None:
    absurd = first_id_at(0)[:14] + "7" + first_id_at(0)[15:19] + "8" + first_id_at(0)[20:]

    tell(ledger, ExecutionStarted(execution_id=absurd, workflow="w", at=NOON))

    assert ["workflow_executions_default"] == _partition_of(ledger, "workflow_executions")


def test_months_are_told_from_the_time_inside_the_id() -> None:
    first = to_microseconds(datetime(2026, 12, 1, tzinfo=UTC))

    assert 2026 * 12 + 10 == month_of(identifier_at(first - 1000, 1))
    assert 2026 * 12 + 11 == month_of(identifier_at(first, 1))
    assert month_of("6a9f6f2c-6a0b-4b1e-8a7e-2f6f1f0c9d11") is None
