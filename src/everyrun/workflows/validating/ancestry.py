"""Which nodes surely settle before which: the ancestors, as bits of one number a node."""

from functools import cached_property

from everyrun.workflows.validating.edges import Numbered


class Ancestry:
    """Who comes before whom in one graph. Only worked out when somebody asks for it."""

    def __init__(self, graph: Numbered, order: list[int]) -> None:
        self._graph = graph
        self._order = order
        self._position = {key: index for index, key in enumerate(graph.keys)}
        self._ordered = frozenset(order)

    def is_known(self, key: str) -> bool:
        """Whether the node has a place in the order: it is in no cycle and behind none."""
        return self._position[key] in self._ordered

    def comes_before(self, earlier: str, later: str) -> bool:
        """Whether ``later`` needs ``earlier``, itself or through others."""
        first, second = self._position[earlier], self._position[later]
        return first in self._graph.needs[second] or bool(self._masks[second] >> first & 1)

    @cached_property
    def _masks(self) -> list[int]:
        masks = [0] * len(self._graph.keys)
        for node in self._order:
            mask = 0
            for other in self._graph.needs[node]:
                mask |= masks[other] | 1 << other
            masks[node] = mask
        return masks
