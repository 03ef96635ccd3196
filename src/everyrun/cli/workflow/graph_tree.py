"""A graph as a tree: each node below the one that it waits for longest. Pure.

What it needs besides is said behind it, so that nothing of the graph is lost.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from everyrun.domain.graph import Edge, NodeDefinition


@dataclass(frozen=True)
class GraphRow:
    """One node: its place in the drawing, the edges that it hangs on, and its other edges.

    ``in_body`` tells a node of a loop's body; the outermost ones hang on the loop itself.
    """

    guide: str
    key: str
    definition: NodeDefinition
    edges: list[Edge] = field(default_factory=list)
    others: list[Edge] = field(default_factory=list)
    in_body: bool = False


class _Level:
    """One graph: the whole, or the body of a loop."""

    def __init__(self, nodes: Mapping[str, NodeDefinition], *, in_body: bool) -> None:
        self.nodes = nodes
        self.in_body = in_body
        self.upper = _uppers(nodes)
        self.below: dict[str | None, list[str]] = {}
        for key in nodes:
            self.below.setdefault(self.upper[key], []).append(key)

    def row(self, key: str, guide: str) -> GraphRow:
        definition, upper = self.nodes[key], self.upper[key]
        return GraphRow(
            guide,
            key,
            definition,
            [edge for edge in definition.needs if edge.node == upper],
            [edge for edge in definition.needs if edge.node != upper],
            self.in_body,
        )


def graph_rows(nodes: Mapping[str, NodeDefinition]) -> list[GraphRow]:
    """The rows in drawing order, however deep; a loop's body comes before what needs the loop."""
    whole = _Level(nodes, in_body=False)
    rows: list[GraphRow] = []
    waiting = _entries([(whole, key) for key in whole.below.get(None, [])], "")
    while waiting:
        level, key, guide, last = waiting.pop()
        rows.append(level.row(key, guide + ("└─ " if last else "├─ ")))
        hanging = [(level, each) for each in level.below.get(key, [])]
        body = level.nodes[key].do
        if body:
            inner = _Level(body, in_body=True)
            hanging = [(inner, each) for each in inner.below.get(None, [])] + hanging
        waiting.extend(_entries(hanging, guide + ("   " if last else "│  ")))
    return rows


def _entries(
    hanging: Iterable[tuple[_Level, str]], guide: str
) -> list[tuple[_Level, str, str, bool]]:
    """To be taken from the end: the first one last."""
    entries = [(level, key, guide, False) for level, key in hanging]
    if entries:
        entries[-1] = (*entries[-1][:3], True)
    return entries[::-1]


def _uppers(nodes: Mapping[str, NodeDefinition]) -> dict[str, str | None]:
    """For each node the needed one with the longest way from the start, None where it needs none.

    What a cycle keeps from ever being ready hangs on nothing.
    """
    upper: dict[str, str | None] = dict.fromkeys(nodes)
    depth = dict.fromkeys(nodes, 0)
    needed = {
        key: {edge.node for edge in definition.needs} & nodes.keys()
        for key, definition in nodes.items()
    }
    dependents: dict[str, list[str]] = {key: [] for key in nodes}
    for key, others in needed.items():
        for other in others:
            dependents[other].append(key)
    missing = {key: len(others) for key, others in needed.items()}
    ready = deque(key for key in nodes if not missing[key])
    while ready:
        key = ready.popleft()
        for dependent in dependents[key]:
            missing[dependent] -= 1
            if not missing[dependent]:
                deepest = max(
                    (edge.node for edge in nodes[dependent].needs if edge.node in nodes),
                    key=lambda each: depth[each],
                )
                upper[dependent], depth[dependent] = deepest, depth[deepest] + 1
                ready.append(dependent)
    return upper
