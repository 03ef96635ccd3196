"""What we and our users test with."""

from everyrun.testing.hand_clock import HandClock
from everyrun.testing.node_context import NodeContext, node_context
from everyrun.testing.recorded import Runs, recorded
from everyrun.testing.recorded_executions import RecordedExecution, RecordedLine, RecordedNode

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
