"""Graphs in Python: ``everyrun.Graph``.

``nodes`` gathers what is added, ``references`` is what adding answers: it stands for the node's
output wherever a value is wanted. ``functions`` says how another process finds a function.
"""

from everyrun.workflows.building.graph import Graph

__all__ = ["Graph"]
