"""What changed between two versions of a graph, as plain data for a command or a page."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from everyrun.domain.graph import (
    PATH_SEPARATOR,
    NodeDefinition,
    WorkflowDefinition,
    to_plain,
)
from everyrun.domain.views.comparing import Difference, EdgeChange, FieldChange, NodeChange


def compare(before: WorkflowDefinition, after: WorkflowDefinition) -> Difference:
    """What became of one definition in another. Falsy where they say the same."""
    old, new = dict(_flat(before.nodes)), dict(_flat(after.nodes))
    old_edges, new_edges = dict.fromkeys(_edges(old)), dict.fromkeys(_edges(new))
    return Difference(
        fields=list(_changes(_own_fields(before), _own_fields(after))),
        nodes_added=[key for key in new if key not in old],
        nodes_removed=[key for key in old if key not in new],
        nodes_changed=[
            NodeChange(key, changes)
            for key, node in new.items()
            if key in old
            and (changes := list(_changes(_node_fields(old[key]), _node_fields(node))))
        ],
        edges_added=[edge for edge in new_edges if edge not in old_edges],
        edges_removed=[edge for edge in old_edges if edge not in new_edges],
        reordered=[key for key in old if key in new] != [key for key in new if key in old],
    )


def _flat(nodes: Mapping[str, NodeDefinition]) -> Iterator[tuple[str, NodeDefinition]]:
    """All nodes by their whole keys, those of bodies after their loops."""
    waiting = list(nodes.items())[::-1]
    while waiting:
        key, node = waiting.pop()
        yield key, node
        inner = [(f"{key}{PATH_SEPARATOR}{child}", each) for child, each in node.do.items()]
        waiting += reversed(inner)


def _edges(nodes: Mapping[str, NodeDefinition]) -> Iterator[EdgeChange]:
    for key, node in nodes.items():
        loop, separator, _ = key.rpartition(PATH_SEPARATOR)
        for edge in node.needs:
            yield EdgeChange(f"{loop}{separator}{edge.node}", key, edge.outcome)


def _own_fields(definition: WorkflowDefinition) -> dict[str, Any]:
    plain = to_plain(definition)
    del plain["nodes"]
    return plain


def _node_fields(node: NodeDefinition) -> dict[str, Any]:
    return {name: value for name, value in to_plain(node).items() if name not in ("needs", "do")}


def _changes(before: Any, after: Any, field: str = "") -> Iterator[FieldChange]:
    """Into mappings, field by field; lists and all else as a whole."""
    old, new = _entries(before), _entries(after)
    if old is None or new is None or not (old or new):
        if _differ(before, after):
            yield FieldChange(field, before, after)
        return
    for name in {**old, **new}:
        path = f"{field}.{name}" if field else name
        yield from _changes(old.get(name, UNSET), new.get(name, UNSET), path)


def _entries(value: Any) -> dict[str, Any] | None:
    """What a mapping holds; what is not there holds nothing."""
    if value is UNSET:
        return {}
    return value if isinstance(value, dict) else None


def _differ(before: Any, after: Any) -> bool:
    """Whether they are written differently: 1, 1.0 and true are."""
    if UNSET in (before, after):
        return before is not after
    return msgspec.json.encode(before) != msgspec.json.encode(after)
