"""Every run, on record: a durable ledger for everything a team's Python runs.

``docs/reference/api.md`` describes every name. What not every program needs is loaded when it is
first asked for, so that ``import everyrun`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from everyrun.domain.payloads import Secret, register_secret, restore
from everyrun.tracking.binding import bind
from everyrun.tracking.decorating import node, workflow
from everyrun.tracking.executions import Execution, current_execution, execution
from everyrun.tracking.logs import log
from everyrun.tracking.nodes import NodeExecution, current_node
from everyrun.tracking.progress import progress
from everyrun.tracking.recording import configure, flush

if TYPE_CHECKING:
    from everyrun import testing
    from everyrun.tracking.capturing_output import capture_output
    from everyrun.tracking.jobs import Job
    from everyrun.tracking.logging_handler import Handler
    from everyrun.tracking.submitting import submit
    from everyrun.workflows.building import Graph

__all__ = [
    "Execution",
    "Graph",
    "Handler",
    "Job",
    "NodeExecution",
    "Secret",
    "bind",
    "capture_output",
    "configure",
    "current_execution",
    "current_node",
    "execution",
    "flush",
    "log",
    "node",
    "progress",
    "register_secret",
    "restore",
    "submit",
    "testing",
    "workflow",
]

_LOADED_LATE = {
    "Graph": "everyrun.workflows.building",
    "Handler": "everyrun.tracking.logging_handler",
    "Job": "everyrun.tracking.jobs",
    "capture_output": "everyrun.tracking.capturing_output",
    "submit": "everyrun.tracking.submitting",
}


def __getattr__(name: str) -> Any:
    if name == "testing":
        return import_module("everyrun.testing")
    module = _LOADED_LATE.get(name)
    if module is None:
        raise AttributeError(f"module 'everyrun' has no attribute {name!r}")
    value = getattr(import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
