"""Which state of the ledger something was counted in, and whether that is still the state.

A generation names exactly what was committed when it was read. Something counted in the same
snapshot holds as long as nothing was committed since that tells of a change, whatever the order in
which those who count and those who write began and ended. Nothing is locked and nothing emptied.
"""

from sqlalchemy import ColumnElement, Connection, String, func, literal_column, select, text
from sqlalchemy import cast as sql_cast

from everyrun.store.changes.telling import changes

_PASSED = text(
    """
SELECT pg_snapshot_xmax(counted) > pg_snapshot_xmax(pg_current_snapshot()) OR EXISTS (
    SELECT FROM changes
    WHERE transaction >= pg_snapshot_xmin(counted)::text::bigint
      AND NOT pg_visible_in_snapshot(transaction::text::xid8, counted)
)
FROM (SELECT CAST(:generation AS pg_snapshot) AS counted) AS given
"""
)


def generation(dialect: str) -> ColumnElement[str]:
    """The generation, as a column of the very statement that counts."""
    if dialect == "postgresql":
        return literal_column("pg_current_snapshot()::text", String)
    newest = select(func.coalesce(func.max(changes.c.id), 0)).scalar_subquery()
    return sql_cast(newest, String)


def is_current(connection: Connection, counted: str) -> bool:
    """Whether what was counted in a generation would be counted alike now."""
    if not counted:
        return False
    if connection.dialect.name == "postgresql":
        passed = connection.execute(_PASSED, {"generation": counted}).scalar_one()
        return not passed
    return connection.execute(select(generation("sqlite"))).scalar_one() == counted
