"""Which of the ready nodes goes first: the one with the longest way to the end of the graph."""

from collections.abc import Mapping
from statistics import median

from everyrun.domain.graph import NodeDefinition

UNKNOWN_SECONDS = 1.0
"""How long a node is taken to run when nothing of its graph is on record."""


def longest_paths(
    nodes: Mapping[str, NodeDefinition], seconds: Mapping[str, float]
) -> dict[str, float]:
    """Node -> seconds from its start to the end of the graph, by the longest way.

    ``seconds`` are usual durations on record; a node without one is taken for the median, and all
    are taken for equal where none is known. Nodes of a cycle get what the nodes after them give.
    """
    unknown = median(seconds.values()) if seconds else UNKNOWN_SECONDS
    dependents: dict[str, list[str]] = {key: [] for key in nodes}
    needed = {key: {edge.node for edge in node.needs} & nodes.keys() for key, node in nodes.items()}
    for key, sources in needed.items():
        for source in sources:
            dependents[source].append(key)
    order = [key for key, sources in needed.items() if not sources]
    open_needs = {key: len(sources) for key, sources in needed.items()}
    for key in order:  # grows while it is walked
        for dependent in dependents[key]:
            open_needs[dependent] -= 1
            if not open_needs[dependent]:
                order.append(dependent)
    lengths = dict.fromkeys(nodes, 0.0)
    for key in reversed(order):
        after = max((lengths[dependent] for dependent in dependents[key]), default=0.0)
        lengths[key] = seconds.get(key, unknown) + after
    return lengths
