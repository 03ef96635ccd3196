"""Keeping PostgreSQL's planner to the indexes that bound a read.

Its estimates assume that values are spread evenly, and a generic plan knows no values at all: for
a page of newest rows it may then read and sort everything that matches. With sorting and bitmaps
priced out and the values known, the ordered index is what remains.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from everyrun.domain.errors import EveryrunError

_SETTINGS = {
    "enable_sort": "off",
    "enable_incremental_sort": "off",
    "enable_bitmapscan": "off",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
}
_KEEP_TO_INDEXES = "; ".join(f"SET LOCAL {name} = {value}" for name, value in _SETTINGS.items())
_AS_BEFORE = "; ".join(f"RESET {name}" for name in _SETTINGS)


@contextmanager
def kept_to_indexes(connection: Connection) -> Iterator[None]:
    """Within, PostgreSQL reads through indexes in their order. SQLite needs no such help."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.exec_driver_sql(_KEEP_TO_INDEXES)
    try:
        yield
    except EveryrunError:
        # Ours leave the transaction as it was; after the database's own there is no going on.
        connection.exec_driver_sql(_AS_BEFORE)
        raise
    connection.exec_driver_sql(_AS_BEFORE)
