"""The ledger's schema: which revision it is at, and moving it up and down."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from everyrun.domain.errors import LedgerNotMigrated, LedgerTooNew
from everyrun.store.partitions import ensure_first_partitions

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every revision that this code knows, oldest first; the last is the head."""

_MIGRATIONS = Path(__file__).with_name("migrations")
_ADVISORY_LOCK = 0x45564552  # "EVER"


class SchemaState(StrEnum):
    """How a ledger's schema relates to this code's."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    TOO_NEW = "too new"

    def require_current(self) -> None:
        """Raise unless the schema is the one this code was written for."""
        if self is SchemaState.TOO_NEW:
            raise LedgerTooNew
        if self is not SchemaState.CURRENT:
            raise LedgerNotMigrated


def schema_revision(connection: Connection) -> str | None:
    """The revision a ledger is at, None when it has no schema."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def schema_state(connection: Connection) -> SchemaState:
    """Compare a ledger's revision with this code's."""
    revision = schema_revision(connection)
    if revision is None:
        return SchemaState.EMPTY
    if revision == REVISIONS[-1]:
        return SchemaState.CURRENT
    return SchemaState.OLD if revision in REVISIONS else SchemaState.TOO_NEW


def _configuration(connection: Connection) -> "Config":
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    configuration.attributes["connection"] = connection
    return configuration


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})


def upgrade_schema(connection: Connection, revision: str = "head") -> None:
    """Migrate up, inside the caller's writing transaction. Nothing to do is fine."""
    _wait_for_turn(connection)
    state = schema_state(connection)
    if state is SchemaState.TOO_NEW:
        raise LedgerTooNew
    if state is not SchemaState.CURRENT:
        from alembic import command

        command.upgrade(_configuration(connection), revision)
        if schema_state(connection) is SchemaState.CURRENT:
            ensure_first_partitions(connection)


def downgrade_schema(connection: Connection, revision: str) -> None:
    """Migrate down, inside the caller's writing transaction."""
    from alembic import command

    _wait_for_turn(connection)
    command.downgrade(_configuration(connection), revision)
