"""What follows what in a canvas, by what is on record of its members' places in it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from everyrun.domain.views.succession import Follows, Succession
from everyrun.store.reading.nodes import node_executions, nodes
from everyrun.store.reading.planning import kept_to_indexes

MOST_MEMBERS = 50_000
"""Members that are looked at, the oldest first."""

_n = node_executions.c


class Member(NamedTuple):
    """A task of a canvas: its id among Celery's, its name, and what it says of its place."""

    task_id: str
    name: str
    place: Mapping[str, Any]


def read_succession(connection: Connection, execution_id: str) -> Succession:
    """What follows what among the members of one execution; nothing where it is no canvas."""
    query = (
        select(_n.id, nodes.c.key, _n.metadata)
        .join_from(node_executions, nodes, nodes.c.id == _n.node_id)
        .where(_n.workflow_execution_id == execution_id)
        .order_by(_n.id)
        .limit(MOST_MEMBERS)
    )
    with kept_to_indexes(connection):
        return succession_of(_member(*row) for row in connection.execute(query))


def _member(id_: str, name: str, metadata: Any) -> Member:
    place = metadata if isinstance(metadata, dict) else {}
    return Member(str(place.get("task_id", id_)), name, place)


def succession_of(members: Iterable[Member]) -> Succession:
    """By names: a task follows its parent, and a chord's body all of its header."""
    all_members = list(members)
    names = {member.task_id: member.name for member in all_members}
    pairs = set()
    for member in all_members:
        parent, body = member.place.get("parent_id"), member.place.get("chord_id")
        if parent in names:
            pairs.add((member.name, names[parent]))
        if body in names:
            pairs.add((names[body], member.name))
    return Succession(items=[Follows(node, after) for node, after in sorted(pairs)])
