"""Recorders that promised heartbeats and of which something is expected: their silence says much.

Something unsettled, that is, or the work of a worker.

They are found through the indexes of what is open, one step a recorder, so that it costs the same
however large the ledger is.
"""

from typing import NamedTuple, cast

from sqlalchemy import CTE, Connection, Table, select, union

from everyrun.domain.clock import to_microseconds
from everyrun.store.reading.planning import kept_to_indexes
from everyrun.store.reading.recorders import recorders
from everyrun.store.tables import CeleryWorker, NodeExecution, WorkflowExecution
from everyrun.store.tables.executions import OPEN_ROWS
from everyrun.store.tables.workers import STANDING_WORKERS

_r = recorders.c
_w = cast("Table", CeleryWorker.__table__).c


class Promise(NamedTuple):
    """A recorder that something is expected of. ``last_seen_at`` is microseconds UTC."""

    id: str
    host: str
    pid: int
    program: str
    last_seen_at: int
    heartbeat_seconds: float


def promises(connection: Connection) -> list[Promise]:
    """Those that are not known to be gone."""
    open_nodes = _holders(cast("Table", NodeExecution.__table__), "open_nodes")
    open_executions = _holders(cast("Table", WorkflowExecution.__table__), "open_executions")
    standing = select(_w.id).where(STANDING_WORKERS)
    holders = union(select(open_nodes.c.id), select(open_executions.c.id), standing).subquery(
        "holders"
    )
    query = (
        select(_r.id, _r.host, _r.pid, _r.program, _r.last_seen_at, _r.heartbeat_seconds)
        .join(holders, holders.c.id == _r.id)
        .where(_r.heartbeat_seconds.is_not(None), _r.gone_at.is_(None))
        .order_by(_r.id)
    )
    with kept_to_indexes(connection):
        rows = connection.execute(query).all()
    return [Promise(*row[:4], to_microseconds(row[4]), row[5]) for row in rows]


def _holders(table: Table, name: str) -> CTE:
    """The recorders of a table's open rows: each found after the one before, in their index."""
    first = (
        select(table.c.recorder_id.label("id"))
        .where(OPEN_ROWS, table.c.recorder_id.is_not(None))
        .order_by(table.c.recorder_id)
        .limit(1)
        .subquery(f"{name}_first")
    )
    found = select(first.c.id).cte(name, recursive=True)
    after = (
        select(table.c.recorder_id)
        .where(OPEN_ROWS, table.c.recorder_id > found.c.id)
        .order_by(table.c.recorder_id)
        .limit(1)
        .correlate(found)
        .scalar_subquery()
    )
    return found.union_all(select(after).where(found.c.id.is_not(None)))
