"""Graphs to measure with: any edges, and nodes that do nothing or sleep."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum

import msgspec

from everyrun.domain.graph import Edge, NodeDefinition, WorkflowDefinition

Parents = Mapping[str, Collection[str]]


class Work(StrEnum):
    """What an empty node is, and thereby where the engine has it done."""

    THREAD = "thread"
    """A Python function, called in a worker thread."""
    TASK = "task"
    """A coroutine function, awaited on the event loop."""
    AT_ONCE = "at once"
    """A ``set`` node without values, done on the spot."""


def definition_of(
    name: str, parents: Parents, make_node: Callable[[str], NodeDefinition]
) -> WorkflowDefinition:
    """A graph with these edges; ``make_node`` says what the node with a key does."""
    nodes = {
        key: msgspec.structs.replace(
            make_node(key), needs=[Edge(node=parent) for parent in sorted(needed)]
        )
        for key, needed in parents.items()
    }
    return WorkflowDefinition(workflow=name, nodes=nodes)


def empty_node(work: Work) -> NodeDefinition:
    """A node that does nothing."""
    if work is Work.AT_ONCE:
        return NodeDefinition(type="set", parameters={"values": {}})
    name = "nothing" if work is Work.THREAD else "nothing_awaited"
    return _python(name)


def sleeping_node(seconds: float) -> NodeDefinition:
    """A node that sleeps in a worker thread."""
    return _python("sleep", seconds=seconds)


def _python(name: str, **arguments: float) -> NodeDefinition:
    parameters: dict[str, object] = {"function": f"benchmarks.graph_runs.doing:{name}"}
    if arguments:
        parameters["arguments"] = arguments
    return NodeDefinition(type="python", parameters=parameters)
