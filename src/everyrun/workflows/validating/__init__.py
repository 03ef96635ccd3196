"""Whether a definition can run: every problem at once, each with its place.

``judging`` is the door. Edges, cycles and reachability are judged by graph algorithms that neither
recurse nor grow faster than the graph, so that thousands of nodes are no trouble.
"""

from everyrun.workflows.problems import InvalidDefinition, Problem
from everyrun.workflows.validating.judging import validate

__all__ = ["InvalidDefinition", "Problem", "validate"]
