"""The nodes that were added, as a workflow file would have them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from everyrun.workflows.building.nodes import Added, Nodes
from everyrun.workflows.building.spots import Spots
from everyrun.workflows.problems import Path
from everyrun.workflows.templates import references

_AT_THE_END = frozenset({"until"})
"""What a loop asks of its own finished body."""


class Writer:
    """Writes nodes. ``name_of`` says how a function is found; ``spots`` learns where nodes are."""

    def __init__(self, name_of: Callable[[Callable[..., Any]], str], spots: Spots) -> None:
        self._name_of = name_of
        self._spots = spots

    def write(self, nodes: Nodes, path: Path = ("nodes",), around: Sequence[Nodes] = ()) -> Any:
        """A graph's nodes, or those of a body with the graphs ``around`` it."""
        written = {}
        for key, added in nodes.added.items():
            here = (*path, key)
            self._spots.note(here, added.spot)
            written[key] = self._node(added, here, [*around, nodes])
        return written

    def _node(self, added: Added, path: Path, graphs: Sequence[Nodes]) -> dict[str, Any]:
        node = {"type": added.type, **added.fields, "with": dict(added.parameters)}
        if added.function is not None:
            node["with"] = {"function": self._name_of(added.function), **added.parameters}
        named = {key for each in added.fields["needs"] for key in _keys(each)}
        known = graphs[-1].added
        reads = [key for key in _read_by(added, graphs) if key in known and key not in named]
        node["needs"] = [*added.fields["needs"], *reads]
        if added.body is not None:
            node["do"] = self.write(added.body, (*path, "do"), graphs)
        return node


def _keys(need: Any) -> Iterator[str]:
    yield from [need] if isinstance(need, str) else need


def _read_by(added: Added, graphs: Sequence[Nodes]) -> Iterator[str]:
    """The nodes that a node reads, and those that its body reads of the graphs around it."""
    early = {name: each for name, each in added.parameters.items() if name not in _AT_THE_END}
    concurrency = added.fields.get("concurrency")
    yield from sorted(references([early, concurrency]).nodes)
    if added.body is not None:
        for inner in added.body.added.values():
            for key in _read_by(inner, [*graphs, added.body]):
                if key not in added.body.added:
                    yield key
