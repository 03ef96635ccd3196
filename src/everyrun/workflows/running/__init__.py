"""Running graphs in this process.

``engine`` holds executions and finds work; ``run`` takes one execution from its first node to its
end: it plans, commits, then acts. ``activities`` are the attempts that are under way, ``scopes``
the graphs that are worked through: an execution's own, and one for each turn of a loop.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from everyrun.workflows.running.engine import Engine
    from everyrun.workflows.running.run import Finished

__all__ = ["Engine", "Finished"]

_PLACES = {
    "Engine": "everyrun.workflows.running.engine",
    "Finished": "everyrun.workflows.running.run",
}


def __getattr__(name: str) -> Any:
    # Late, for who only asks something of an execution needs parts of this and no engine.
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(place), name)
