"""Running graphs in this process.

``engine`` holds executions and finds work; ``run`` takes one execution from its first node to its
end: it plans, commits, then acts. ``activities`` are the attempts that are under way, ``scopes``
the graphs that are worked through: an execution's own, and one for each turn of a loop.
"""

from everyrun.workflow.running.engine import Engine
from everyrun.workflow.running.run import Finished

__all__ = ["Engine", "Finished"]
