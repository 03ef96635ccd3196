"""What we and our users test with."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from everyrun.testing.hand_clock import HandClock
from everyrun.testing.recorded import Runs, recorded
from everyrun.testing.recorded_executions import RecordedExecution, RecordedLine, RecordedNode

if TYPE_CHECKING:
    from everyrun.testing.node_contexts import NodeContext, node_context

__all__ = [
    "HandClock",
    "NodeContext",
    "RecordedExecution",
    "RecordedLine",
    "RecordedNode",
    "Runs",
    "node_context",
    "recorded",
]

_OF_NODE_TYPES = ("NodeContext", "node_context")


def __getattr__(name: str) -> Any:
    if name in _OF_NODE_TYPES:  # loaded late: not every test is of a node type
        return getattr(import_module("everyrun.testing.node_contexts"), name)
    raise AttributeError(f"module 'everyrun.testing' has no attribute {name!r}")
