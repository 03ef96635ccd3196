"""Which node executions of a rerun were taken over from an earlier execution."""

from collections.abc import Iterable
from typing import NamedTuple, cast

from sqlalchemy import Connection, Table, select

from everyrun.store.append.registering import insert_if_absent
from everyrun.store.tables import ReusedNode

reused = cast("Table", ReusedNode.__table__)


class Reuse(NamedTuple):
    """A node execution of a rerun, and the one whose outcome it took over."""

    node_execution_id: str
    origin_execution_id: str
    origin_node_execution_id: str


def record_reuse(connection: Connection, execution_id: str, taken_over: Iterable[Reuse]) -> None:
    """Note what an execution took over. Repeating it is harmless."""
    rows = [{"workflow_execution_id": execution_id, **each._asdict()} for each in taken_over]
    if rows:
        insert_if_absent(connection, reused, rows)


def read_reuse(connection: Connection, execution_id: str) -> dict[str, Reuse]:
    """What an execution took over, by the node execution that it became."""
    query = (
        select(
            reused.c.node_execution_id,
            reused.c.origin_execution_id,
            reused.c.origin_node_execution_id,
        )
        .where(reused.c.workflow_execution_id == execution_id)
        .order_by(reused.c.node_execution_id)
    )
    return {row[0]: Reuse(*row) for row in connection.execute(query)}
