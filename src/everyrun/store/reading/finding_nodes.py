"""A node execution by what a person types: an id, ``key[iteration]``, or a key."""

from sqlalchemy import Connection, select

from everyrun.domain.errors import AmbiguousId, NotOnRecord
from everyrun.domain.identifiers import canonical_id
from everyrun.store.reading.matching import as_stored
from everyrun.store.reading.nodes import node_executions, nodes

_CANDIDATES_NAMED = 5
_n = node_executions.c


def find_node(connection: Connection, execution_id: str, text: str) -> str:
    """The full id of the node execution of an execution that ``text`` names.

    In this order: an id, ``key[iteration]``, a key. Raises :class:`NotOnRecord`, and
    :class:`AmbiguousId` for the key of a node that ran several times.
    """
    found = (
        _by_id(connection, execution_id, text)
        or _by_key(connection, execution_id, *_parted(text))
        or _by_key(connection, execution_id, text, None)
    )
    if not found:
        raise NotOnRecord(f"execution {execution_id} has no node {text!r}")
    if len(found) > 1:
        named = ", ".join(found[:_CANDIDATES_NAMED])
        more = " and more" if len(found) > _CANDIDATES_NAMED else ""
        raise AmbiguousId(f"{text!r} ran several times: {named}{more}; say which")
    return found[0]


def _parted(text: str) -> tuple[str, str | None]:
    """``key[iteration]`` in its parts; iterations may have brackets themselves."""
    key, bracket, rest = text.partition("[")
    if bracket and rest.endswith("]"):
        return key, rest[:-1]
    return text, None


def _by_id(connection: Connection, execution_id: str, text: str) -> list[str]:
    try:
        id_ = canonical_id(text)
    except ValueError:
        return []
    statement = select(_n.id).where(_n.workflow_execution_id == execution_id, _n.id == id_)
    return list(connection.execute(statement).scalars())


def _by_key(
    connection: Connection, execution_id: str, key: str, iteration: str | None
) -> list[str]:
    statement = (
        select(_n.id)
        .join_from(node_executions, nodes, nodes.c.id == _n.node_id)
        .where(_n.workflow_execution_id == execution_id, nodes.c.key == as_stored(key))
        .order_by(_n.workflow_execution_id, _n.id)
        .limit(_CANDIDATES_NAMED + 1)
    )
    if iteration is not None:
        statement = statement.where(_n.iteration == as_stored(iteration))
    return list(connection.execute(statement).scalars())
