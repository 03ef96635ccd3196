"""What the ledger and the spools take up."""

from datetime import datetime

import msgspec


class TableUse(msgspec.Struct, kw_only=True):
    """One table with its indexes, all of its partitions together.

    ``rows`` is an estimate on PostgreSQL. None is what would take too long to find out.
    """

    table: str
    rows: int | None
    size_bytes: int | None
    partitions: int


class SpoolUse(msgspec.Struct, kw_only=True):
    """The spools of this host that are bound for one ledger: what waits to be shipped."""

    destination: str
    spools: int
    size_bytes: int


class StorageUse(msgspec.Struct, kw_only=True):
    """How much a ledger takes up, and from when until when it reaches.

    ``free_bytes`` of ``size_bytes`` are free within the file (SQLite). ``dropped_events`` had to be
    dropped by recorders whose spool was full. Spools are those of the server's own host and home.
    """

    database: str
    size_bytes: int
    free_bytes: int
    tables: list[TableUse]
    executions: int
    oldest_execution_at: datetime | None
    newest_execution_at: datetime | None
    dropped_events: int
    spools: list[SpoolUse]
