"""Running one node as the engine would: built from its parameters, awaited where it is async."""

import asyncio
from inspect import isawaitable
from typing import Any

import pytest

from everyrun.nodes.base import BadParameters, NodeFailed, NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.parameters import build

TIMEOUT = 60.0


def output_of(kind: type[NodeType], context: Context, **parameters: Any) -> Any:
    """What a node with these parameters answers."""
    return run_node(build(kind, parameters), context)


def failure_of(kind: type[NodeType], context: Context, **parameters: Any) -> NodeFailed:
    """How a node with these parameters fails."""
    with pytest.raises(NodeFailed) as caught:
        output_of(kind, context, **parameters)
    return caught.value


def problem_with(kind: type[NodeType], parameters: dict[str, Any]) -> str:
    """What is said of parameters that cannot work."""
    with pytest.raises(BadParameters) as caught:
        build(kind, parameters)
    return str(caught.value)


def run_node(node: NodeType, context: Context) -> Any:
    """Run a node to its end."""
    value = node.run(context)
    return asyncio.run(_within_limits(value)) if isawaitable(value) else value


async def _within_limits(value: Any) -> Any:
    async with asyncio.timeout(TIMEOUT):
        return await value
