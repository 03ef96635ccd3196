"""A migrated PostgreSQL ledger that is lent to one test after the other.

Making a database copies three hundred files; taking the few rows of a test out of it does not. A
test that did more than write rows (that made partitions, gathered statistics, wrote a lot) has its
database dropped instead, so that each test finds what the template holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from tests.support.postgresql_databases import PostgresqlDatabases

_MOST_BYTES = 2 << 20
_PATIENCE_MS = 10_000

_LEAVE = """
    SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_MADE = """
    SELECT
        (SELECT (count(*), max(xmin::text::bigint), sum(relfilenode::bigint), sum(reltuples))::text
            FROM pg_class WHERE relnamespace = 'public'::regnamespace),
        (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace),
        (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_trigger),
        (SELECT (count(*), max(xmin::text::bigint))::text FROM pg_constraint),
        (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384),
        (SELECT array_agg(version_num)::text FROM alembic_version),
        (SELECT count(*) FROM pg_namespace),
        (SELECT count(*) FROM pg_db_role_setting)
"""
_BYTES = """
    SELECT sum(pg_relation_size(oid)) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""
_SEQUENCES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
"""


class KeptLedger:
    """The ledger, made when first lent, and anew after a test that left more than rows."""

    def __init__(self, databases: PostgresqlDatabases, template: str) -> None:
        self._databases = databases
        self._template = template
        self._url: str | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self._made: object = None

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The address of the ledger, migrated and without rows."""
        if self._url is None:
            self._url = self._databases.create(self._template)
            self._connection = psycopg.connect(self._url, autocommit=True)
            self._made = self._connection.execute(_MADE).fetchone()
        try:
            yield self._url
        finally:
            if not self._emptied():
                self.drop()

    def drop(self) -> None:
        """Let the next test have a new one."""
        if self._url is not None and self._connection is not None:
            self._connection.close()
            self._databases.drop(self._url)
            self._url = self._connection = None

    def _emptied(self) -> bool:
        """Take the rows out; whether the ledger then is as it was made."""
        connection = self._connection
        assert connection is not None
        try:
            connection.execute(_LEAVE, [_PATIENCE_MS])
            row = connection.execute(_BYTES).fetchone()
            if row is None or row[0] > _MOST_BYTES:
                return False
            _delete_rows(connection)
            return self._made == connection.execute(_MADE).fetchone()
        except psycopg.Error:  # it is not what it was
            return False


def _delete_rows(connection: "psycopg.Connection[Any]") -> None:
    """Delete every row, children first, and let numbers begin again."""
    from everyrun.store.tables import Base

    tables = [sql.Identifier(table.name) for table in reversed(Base.metadata.sorted_tables)]
    looks = sql.SQL(", ").join(sql.SQL("EXISTS (SELECT FROM {})").format(each) for each in tables)
    found = connection.execute(sql.SQL("SELECT {}").format(looks)).fetchone()
    assert found is not None
    steps = [
        sql.SQL("DELETE FROM {}").format(table)
        for table, has_rows in zip(tables, found, strict=True)
        if has_rows
    ]
    for (sequence,) in connection.execute(_SEQUENCES).fetchall():
        steps.append(sql.SQL("SELECT setval({}::regclass, 1, false)").format(sequence))
    connection.execute(sql.SQL("BEGIN; {}; COMMIT").format(sql.SQL("; ").join(steps)))
