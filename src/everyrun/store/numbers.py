"""Small whole numbers for workflows and node executions: the seeds' ``script_id`` and ``log_id``.

Given when first asked for, in bulk for a page, once for all: two who ask at the same time get the
same number. A number is never used again, whatever is deleted.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Table, select

from everyrun.store.append.registering import insert_if_absent
from everyrun.store.reading.known_ids import one_of
from everyrun.store.tables import NodeExecutionNumber, WorkflowNumber

LARGEST = (1 << 63) - 1

workflow_numbers = cast("Table", WorkflowNumber.__table__)
node_numbers = cast("Table", NodeExecutionNumber.__table__)


class NodePlace(NamedTuple):
    """Where a node execution lies in the ledger."""

    execution_id: str
    node_execution_id: str


def numbers_of_workflows(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Workflow id -> its number, of those that have one."""
    w = workflow_numbers.c
    return _known(connection, w.workflow_id, w.number, ids)


def number_workflows(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Workflow id -> its number, given where it has none. Needs a writing transaction."""
    known = numbers_of_workflows(connection, ids)
    missing = sorted(set(ids) - known.keys())
    if missing:
        insert_if_absent(connection, workflow_numbers, [{"workflow_id": id_} for id_ in missing])
        known |= numbers_of_workflows(connection, missing)
    return known


def workflow_numbered(connection: Connection, number: int) -> str | None:
    """The id of the workflow that has this number."""
    w = workflow_numbers.c
    query = select(w.workflow_id).where(w.number == number)
    return cast("str | None", connection.execute(query).scalar()) if _may_be(number) else None


def numbers_of_nodes(connection: Connection, places: Sequence[NodePlace]) -> dict[str, int]:
    """Node execution id -> its number, of those that have one."""
    n = node_numbers.c
    ids = [place.node_execution_id for place in places]
    return _known(connection, n.node_execution_id, n.number, ids)


def number_nodes(connection: Connection, places: Sequence[NodePlace]) -> dict[str, int]:
    """Node execution id -> its number, given where it has none. Needs a writing transaction."""
    known = numbers_of_nodes(connection, places)
    missing = sorted(place for place in set(places) if place.node_execution_id not in known)
    if missing:
        rows = [
            {"node_execution_id": node, "workflow_execution_id": execution}
            for execution, node in missing
        ]
        insert_if_absent(connection, node_numbers, rows)
        known |= numbers_of_nodes(connection, missing)
    return known


def node_numbered(connection: Connection, number: int) -> NodePlace | None:
    """Where the node execution lies that has this number."""
    n = node_numbers.c
    query = select(n.workflow_execution_id, n.node_execution_id).where(n.number == number)
    row = connection.execute(query).one_or_none() if _may_be(number) else None
    return None if row is None else NodePlace(*row)


def node_with_number(connection: Connection, id_: str) -> NodePlace | None:
    """Where the node execution of this id lies, of those that have a number."""
    n = node_numbers.c
    query = select(n.workflow_execution_id, n.node_execution_id).where(n.node_execution_id == id_)
    row = connection.execute(query).one_or_none()
    return None if row is None else NodePlace(*row)


def _known(connection: Connection, id_: Any, number: Any, ids: Sequence[str]) -> dict[str, int]:
    if not ids:
        return {}
    found = connection.execute(select(id_, number).where(one_of(connection, id_, ids)))
    return {row[0]: row[1] for row in found}


def _may_be(number: int) -> bool:
    """Whether the database can hold such a number at all."""
    return 0 < number <= LARGEST
