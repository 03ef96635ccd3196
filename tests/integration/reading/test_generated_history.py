"""The invented ledger is as the one door for facts would have left it: sums agree with rows."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, select, text

from benchmarks.generate_ledger import LedgerNotEmpty, generate
from benchmarks.history.plan import BUCKET, Size
from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.identifiers import birth_of
from everyrun.domain.status import SETTLED
from everyrun.store.database import Database, open_database
from everyrun.store.tables import Base
from tests.integration.reading.conftest import SIZE, UNTIL


@pytest.fixture
def fresh(history: Database, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated ledger without rows, on the same database as the history."""
    database = open_database(request.getfixturevalue(f"migrated_{history.dialect}_url"))
    yield database
    database.close()


TABLES: dict[str, Table] = dict(Base.metadata.tables)


def _rows(connection: Connection, table: str, *columns: str) -> list[Any]:
    return list(connection.execute(select(*(TABLES[table].c[name] for name in columns))))


def _count(connection: Connection, table: str) -> int:
    return connection.execute(select(func.count()).select_from(TABLES[table])).scalar_one()


def test_there_are_as_many_rows_as_were_asked_for(history: Database) -> None:
    with history.reading() as connection:
        counts = [
            _count(connection, table)
            for table in ("workflow_executions", "node_executions", "execution_logs")
        ]
        widest = _rows(connection, "workflow_executions", "nodes_total")
        longest = _rows(connection, "workflow_executions", "log_position")

    assert [SIZE.executions, SIZE.nodes, SIZE.logs] == counts
    assert (SIZE.nodes_of_the_widest,) in widest
    assert (SIZE.lines_of_the_longest,) == max(longest)


def test_quarter_hours_agree_with_a_recount(history: Database) -> None:
    expected: dict[Any, list[int]] = defaultdict(lambda: [0, 0, 0])
    columns = ("id", "workflow_id", "status", "started_at", "ended_at")
    with history.reading() as connection:
        for id_, workflow_id, status, started, ended in _rows(
            connection, "workflow_executions", *columns
        ):
            at = birth_of(id_) if started is None else to_microseconds(started)
            sums = expected[to_datetime(at - at % BUCKET), workflow_id, status]
            sums[0] += 1
            if status in SETTLED and started is not None and ended is not None:
                sums[1] += 1
                sums[2] += to_microseconds(ended) - to_microseconds(started)
        kept = _rows(connection, "stats_buckets", *TABLES["stats_buckets"].columns.keys())

    assert expected == {tuple(row[:3]): list(row[3:]) for row in kept}


def test_counters_and_log_statistics_agree_with_a_recount(history: Database) -> None:
    counters: dict[str, Counter[str]] = defaultdict(Counter)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    with history.reading() as connection:
        workflow_of = dict(
            tuple(row) for row in _rows(connection, "workflow_executions", "id", "workflow_id")
        )
        for execution_id, status, started, ended in _rows(
            connection,
            "node_executions",
            "workflow_execution_id",
            "status",
            "started_at",
            "ended_at",
        ):
            of_workflow = sums[workflow_of[execution_id]]
            of_workflow[0] += execution_id not in counters
            counters[execution_id]["total"] += 1
            counters[execution_id][status] += 1
            of_workflow[1] += status == "completed"
            of_workflow[2] += status == "failed"
            if status in SETTLED and started is not None and ended is not None:
                of_workflow[3] += 1
                of_workflow[4] += to_microseconds(ended) - to_microseconds(started)
        names = ("total", "completed", "failed", "cancelled", "skipped")
        kept = _rows(connection, "workflow_executions", "id", *(f"nodes_{name}" for name in names))
        log_stats = _rows(connection, "log_stats", *TABLES["log_stats"].columns.keys())

    assert {row[0]: [counters[row[0]][name] for name in names] for row in kept} == {
        row[0]: list(row[1:]) for row in kept
    }
    assert dict(sums) == {row[0]: list(row[1:]) for row in log_stats}


def test_positions_tags_attempts_and_names_fit_the_executions(history: Database) -> None:
    with history.reading() as connection:
        positions: dict[str, list[int]] = defaultdict(list)
        lines = _rows(connection, "execution_logs", "workflow_execution_id", "position", "id")
        for execution_id, position, _ in sorted(lines, key=lambda line: (line[0], line[1])):
            positions[execution_id].append(position)
        tags = Counter(
            execution_id
            for (execution_id,) in _rows(connection, "execution_tags", "workflow_execution_id")
        )
        executions = _rows(
            connection, "workflow_executions", "id", "log_position", "tags", "external_id", "kind"
        )
        external = _rows(connection, "external_ids", "workflow_execution_id", "external_id", "kind")
        attempts = Counter(
            tuple(row)
            for row in _rows(
                connection, "node_attempts", "workflow_execution_id", "node_execution_id"
            )
        )
        nodes = _rows(connection, "node_executions", "workflow_execution_id", "id", "attempt")

    assert {row[0]: list(range(1, row[1] + 1)) for row in executions if row[1]} == positions
    assert {row[0]: len(row[2]) for row in executions if row[2]} == tags
    assert {(row[0], row[3], row[4]) for row in executions if row[3]} == {
        tuple(row) for row in external
    }
    assert {(row[0], row[1]): row[2] - 1 for row in nodes if row[2] > 1} == attempts


def test_no_row_refers_to_nothing(history: Database) -> None:
    with history.reading() as connection:
        for table in Base.metadata.sorted_tables:
            for constraint in table.foreign_key_constraints:
                there = constraint.referred_table.alias()
                same = [
                    element.parent == there.c[element.column.name]
                    for element in constraint.elements
                ]
                given = [column.is_not(None) for column in constraint.columns]
                lost = (
                    select(func.count())
                    .select_from(table)
                    .where(*given, ~select(there).where(*same).exists())
                )

                assert 0 == connection.execute(lost).scalar(), constraint.name


def test_the_indexes_are_as_the_migration_made_them(history: Database, fresh: Database) -> None:
    statement = text(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
        if history.dialect == "sqlite"
        else "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_class c JOIN pg_index i "
        "ON i.indexrelid = c.oid WHERE c.relkind = 'I' ORDER BY c.relname"
    )
    with history.reading() as connection:
        loaded = [tuple(row) for row in connection.execute(statement)]
    with fresh.reading() as connection:
        migrated = [tuple(row) for row in connection.execute(statement)]

    assert migrated == loaded


def test_the_same_seed_invents_the_same_history(history: Database, fresh: Database) -> None:
    generate(fresh, SIZE, seed=11, until=UNTIL, quiet=True)
    columns = ("id", "workflow_id", "status", "ended_at", "error_message", "tags")
    with fresh.reading() as connection, history.reading() as other:
        again = _rows(connection, "workflow_executions", *columns)
        once = _rows(other, "workflow_executions", *columns)

    assert sorted(once) == sorted(again)


def test_a_ledger_with_executions_is_refused(history: Database) -> None:
    with pytest.raises(LedgerNotEmpty):
        generate(history, Size(10, 10, 10), seed=1, until=2_000_000_000_000_000, quiet=True)
