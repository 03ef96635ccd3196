"""Nodes that may start, the longest way to the end first, each in the lane that it takes."""

import heapq
from itertools import count

from everyrun.workflows.running.preparing import Lane, Prepared
from everyrun.workflows.running.scopes import Scope

Entry = tuple[Scope, str]


class Ready:
    """Three queues, one a lane; of equals the one that was ready first goes first."""

    def __init__(self) -> None:
        self._numbers = count()
        self._lanes: dict[Lane, list[tuple[float, int, Scope, str]]] = {lane: [] for lane in Lane}

    def add(self, scope: Scope, key: str, prepared: Prepared) -> None:
        """A node may start."""
        length = scope.length_after + scope.graph.lengths[key]
        entry = (-length, next(self._numbers), scope, key)
        heapq.heappush(self._lanes[prepared.lane], entry)

    def next_of(self, lane: Lane) -> Entry | None:
        """The next node of a lane, taken; None when there is none. Those called off are dropped."""
        queue = self._lanes[lane]
        while queue:
            _length, _number, scope, key = heapq.heappop(queue)
            if not scope.is_called_off():
                return scope, key
        return None

    def __bool__(self) -> bool:
        return any(self._lanes.values())
