"""The campaign's graph: layers of nodes that nap and leave marks, each with a few needs."""

import random
from pathlib import Path

from benchmarks.graph_runs.definitions import definition_of
from everyrun.domain.graph import NodeDefinition, WorkflowDefinition

WIDTH = 10
LONGEST_NAP = 0.03
_DOING = "benchmarks.engine_campaign.doing"


def random_parents(nodes: int, draw: random.Random) -> dict[str, tuple[str, ...]]:
    """Layers of ten; each node needs one to three of the layer before."""
    parents: dict[str, tuple[str, ...]] = {}
    for number in range(nodes):
        layer = number // WIDTH
        before = [f"n{other}" for other in range((layer - 1) * WIDTH, layer * WIDTH)]
        parents[f"n{number}"] = tuple(draw.sample(before, draw.randint(1, 3)) if layer else ())
    return parents


def marking_graph(
    parents: dict[str, tuple[str, ...]], marks: Path, draw: random.Random
) -> WorkflowDefinition:
    """The graph with these edges. Every fourth node is asynchronous."""

    def marking_node(key: str) -> NodeDefinition:
        function = "work_awaited" if int(key[1:]) % 4 == 3 else "work"
        arguments = {"marks": str(marks), "seconds": round(draw.uniform(0, LONGEST_NAP), 4)}
        parameters = {"function": f"{_DOING}:{function}", "arguments": arguments}
        return NodeDefinition(type="python", parameters=parameters)

    return definition_of("killed again and again", parents, marking_node)
