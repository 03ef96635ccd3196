"""The schema goes up, comes down, and is refused when it is not the one."""

import multiprocessing
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ForeignKeyConstraint, inspect, text

import everyrun.store.migrations
from everyrun.domain.errors import LedgerNotMigrated, LedgerTooNew, SettingsError, SinkUnavailable
from everyrun.store.database import Database, open_database
from everyrun.store.partitions import PARTITIONED
from everyrun.store.schema import REVISIONS, SchemaState
from everyrun.store.sql_sink import SqlSink
from everyrun.store.tables import Base
from tests.support.facts import a_recorder


def _is_ours(thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Partitions, and the references that only their partitions hold, are not in the models."""
    if isinstance(thing, ForeignKeyConstraint):
        tables = {thing.parent.name, *(element.column.table.name for element in thing.elements)}
        return not tables.issuperset({"workflow_executions"}) and not any(
            str(table).startswith(parent) for table in tables for parent in PARTITIONED
        )
    return not (kind == "table" and any(str(name).startswith(f"{t}_") for t in PARTITIONED))


def _differences(database: Database) -> list[object]:
    def is_expected(thing: Any, name: str | None, kind: str, *more: Any) -> bool:
        if kind == "index" and thing.info.get("only_on", database.dialect) != database.dialect:
            return False
        return _is_ours(thing, name, kind, *more)

    with database.reading() as connection:
        options = {"compare_type": True, "include_object": is_expected}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))


def _write_once(url: str) -> None:
    with closing(SqlSink(url)) as sink:
        sink.write(a_recorder(), [])


def test_the_models_are_the_schema_at_head(database: Database) -> None:
    assert [] == _differences(database)


def test_up_down_and_up_again(empty_url: str) -> None:
    database = open_database(empty_url)
    database.upgrade()
    database.downgrade("base")
    with database.reading() as connection:
        left = set(inspect(connection).get_table_names())
    empty = database.schema()
    database.upgrade()

    assert {"alembic_version"} >= left
    assert SchemaState.EMPTY is empty
    assert SchemaState.CURRENT is database.schema()
    database.close()


def test_each_step_goes_up_and_comes_down_by_itself(empty_url: str) -> None:
    database = open_database(empty_url)
    for revision in REVISIONS:
        database.upgrade(revision)
    at_head = database.schema()
    for revision in [*reversed(REVISIONS[:-1]), "base"]:
        database.downgrade(revision)

    assert SchemaState.CURRENT is at_head
    assert SchemaState.EMPTY is database.schema()
    database.close()


def test_an_older_ledger_is_told_from_an_empty_one(empty_url: str) -> None:
    database = open_database(empty_url)
    database.upgrade(REVISIONS[0])

    assert SchemaState.OLD is database.schema()
    database.close()


def test_events_bring_an_older_sqlite_ledger_up(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    database.upgrade(REVISIONS[0])

    _write_once(sqlite_url)

    assert SchemaState.CURRENT is database.schema()
    database.close()


@pytest.mark.postgresql
def test_events_wait_for_somebody_to_bring_an_older_postgresql_ledger_up(
    postgresql_url: str,
) -> None:
    database = open_database(postgresql_url)
    database.upgrade(REVISIONS[0])

    with pytest.raises(SinkUnavailable, match="everyrun db upgrade"):
        _write_once(postgresql_url)
    database.close()


def test_the_code_knows_every_revision_in_its_order() -> None:
    script = ScriptDirectory(str(Path(everyrun.store.migrations.__file__).parent))

    assert [*reversed(REVISIONS)] == [step.revision for step in script.walk_revisions()]


def test_a_ledger_from_the_future_is_refused(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(LedgerTooNew, match="newer Everyrun"):
        database.upgrade()
    with pytest.raises(LedgerTooNew, match="newer Everyrun"):
        database.require_current_schema()


def test_events_wait_while_the_ledger_is_from_the_future(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    sink = SqlSink(database.url.render_as_string(hide_password=False))

    with pytest.raises(SinkUnavailable, match="newer Everyrun"):
        sink.write(a_recorder(), [])
    sink.close()


def test_an_empty_ledger_is_refused_where_one_is_expected(empty_url: str) -> None:
    database = open_database(empty_url)

    with pytest.raises(LedgerNotMigrated, match="everyrun db upgrade"):
        database.require_current_schema()
    database.close()


def test_several_processes_may_make_one_ledger_at_once(empty_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write_once, args=(empty_url,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [0, 0, 0, 0] == [process.exitcode for process in processes]


def test_an_sqlite_ledger_keeps_the_settings_it_was_made_with(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    database.upgrade()

    with database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "auto_vacuum", "foreign_keys", "synchronous")
        }

    expected = {"journal_mode": "wal", "auto_vacuum": 2, "foreign_keys": 1, "synchronous": 1}
    assert expected == pragmas
    database.close()


def test_a_new_sqlite_ledger_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / "everyrun.db"
    database = open_database(f"sqlite:///{path}")
    database.upgrade()

    assert 0o600 == path.stat().st_mode & 0o777
    assert 0o700 == path.parent.stat().st_mode & 0o777
    database.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://host/ledger", "not in mysql"),
        ("nonsense", "cannot be read"),
    ],
)
def test_a_url_that_cannot_be_a_ledger_is_named(url: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        open_database(url)
