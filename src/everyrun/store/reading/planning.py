"""Keeping PostgreSQL's planner to the indexes that bound a read.

Its estimates assume that values are spread evenly: for a page of newest rows it may choose to read
and sort everything that matches. With sorting and bitmaps priced out, the ordered index is what
remains, whatever the values.

Reads that name all columns of their index, in their order or by their values, need one plan for any
values, and a ledger of many partitions is not planned anew for each question (a list over 65
partitions: 52 ms, with one plan 9 ms; an execution by its id: 0.9 ms and 0.3). Others are planned
with their values; of one execution that leaves a single partition to plan for.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from everyrun.domain.errors import EveryrunError
from everyrun.store.time_limits import PLANNING

_SETTINGS = {
    "enable_sort": "off",
    "enable_incremental_sort": "off",
    "enable_bitmapscan": "off",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}


def _set(settings: dict[str, str]) -> str:
    return "; ".join(f"SET LOCAL {name} = {value}" for name, value in settings.items())


_PLANNED_ONCE = _set({**_SETTINGS, "plan_cache_mode": "force_generic_plan"})
_PLANNED_EACH_TIME = _set({**_SETTINGS, "plan_cache_mode": "force_custom_plan"})
_AS_BEFORE = "; ".join(f"RESET {name}" for name in (*_SETTINGS, "plan_cache_mode"))


@contextmanager
def kept_to_indexes(connection: Connection, *, plan_once: bool = False) -> Iterator[None]:
    """Within, PostgreSQL reads through indexes in their order. SQLite needs no such help.

    ``plan_once`` is for statements that name every column of their index in their order: another
    index, chosen while a table was still empty, would stay chosen.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    settings = _PLANNED_ONCE if plan_once else _PLANNED_EACH_TIME
    if PLANNING in connection.info:
        # It ends with the transaction, in which nothing is read that would be worse off.
        if connection.info[PLANNING] is not settings:
            connection.exec_driver_sql(settings)
            connection.info[PLANNING] = settings
        yield
        return
    connection.exec_driver_sql(settings)
    try:
        yield
    except EveryrunError:
        # Ours leave the transaction as it was; after the database's own there is no going on.
        connection.exec_driver_sql(_AS_BEFORE)
        raise
    connection.exec_driver_sql(_AS_BEFORE)
