"""What a journal asks of its connection, whichever database it leads to."""

from typing import NamedTuple, Protocol

from everyrun.store.database import Database
from everyrun.store.journal.rows import Moves


class InDoubt(Exception):
    """The connection failed: nothing is on record, or all."""


class Address(NamedTuple):
    """Whose rows a journal writes: canonical ids."""

    execution_id: str
    workflow_id: str
    recorder_id: str
    owner: str


class Writer(Protocol):
    """A connection of its own, with statements that are made once."""

    def write(self, address: Address, moves: Moves, now: int, *, heard_of: bool) -> bool:
        """Make these moves in one transaction, while ``owner`` holds the lease.

        Answers False, with nothing written, when the lease is not the owner's, when the recorder is
        known to be gone, or when the rows are not as the journal remembers them. ``heard_of`` notes
        that the recorder was heard of at ``now``.

        Raises :class:`InDoubt` when the connection fails.
        """
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


def open_writer(database: Database) -> Writer:
    """A writer that nobody uses: one that is spare, or a new one. May raise :class:`InDoubt`."""
    spare = database.take_spare()
    if spare is not None:
        writer: Writer = spare
        return writer
    if database.dialect == "postgresql":
        from everyrun.store.journal.postgresql_writer import PostgresqlWriter

        return PostgresqlWriter(database)
    from everyrun.store.journal.sqlite_writer import SqliteWriter

    return SqliteWriter(database)
