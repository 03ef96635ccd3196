"""Which nodes can never run, because what they need cannot come to pass together.

For each node it is worked out how the others must have ended for it to run: of every node that is
waited for in ways that exclude each other, the set of its ends that are out of the question. The
sets are bits of one number, so that a graph of thousands costs milliseconds. With ``join: all``
that is exact; with ``join: any`` only what every alternative excludes counts, so that no node is
ever called unreachable that could run.
"""

from typing import NamedTuple

from everyrun.domain.graph import ALWAYS, FAILURE, SUCCESS, Join
from everyrun.workflows.validating.edges import Branches, Numbered

_OTHER = object()
"""Completed, with none of the branches that are waited for."""


class Unreachable(NamedTuple):
    """A node that can never run: for want of ``needed``, or by what is asked of ``torn``."""

    node: int
    needed: int | None = None
    torn: int | None = None


class _Ends:
    """The ends of the nodes that matter, as bits; a guard bit stands above those of each node."""

    def __init__(self, graph: Numbered, branches: Branches) -> None:
        asked: dict[int, set[frozenset[str]]] = {}
        for needed in graph.needs:
            for other, outcomes in needed.items():
                if ALWAYS not in outcomes:
                    asked.setdefault(other, set()).add(frozenset(outcomes))
        self._bits: dict[int, dict[object, int]] = {}
        self.lowest = self.guards = 0
        self._guard_of: dict[int, int] = {}
        position = 0
        for node, ways in asked.items():
            if len(ways) < 2:
                continue
            ends = _ends_of(set().union(*ways), branches.get(graph.keys[node]))
            self._bits[node] = {end: 1 << position + at for at, end in enumerate(ends)}
            self.lowest |= 1 << position
            position += len(ends)
            self._guard_of[node] = 1 << position
            self.guards |= 1 << position
            position += 1

    def excluded(self, node: int, outcomes: set[str]) -> int:
        """The bits of the ends of ``node`` that are none of these outcomes."""
        bits = self._bits.get(node)
        if bits is None:
            return 0
        return sum(bit for end, bit in bits.items() if not _is_one_of(end, outcomes))

    def torn(self, excluded: int) -> int | None:
        """A node of which every end is excluded, if there is one."""
        # Adding one to a field of ones carries into its guard.
        carried = (excluded + self.lowest) & self.guards
        if not carried:
            return None
        return next(node for node, guard in self._guard_of.items() if guard & carried)


def _ends_of(asked: set[str], branches: tuple[str, ...] | None) -> list[object]:
    waited_for = sorted(asked - {SUCCESS, FAILURE})
    all_known = branches is not None and len(branches) > 0 and set(branches) <= set(waited_for)
    return [FAILURE, *waited_for, *([] if all_known else [_OTHER])]


def _is_one_of(end: object, outcomes: set[str]) -> bool:
    return end in outcomes or (SUCCESS in outcomes and end != FAILURE)


def unreachable(
    graph: Numbered, order: list[int], joins: list[Join], branches: Branches
) -> list[Unreachable]:
    """The nodes of ``order`` (each after what it needs) that can never run, in that order."""
    ends = _Ends(graph, branches)
    excluded: list[int | None] = [None] * len(graph.keys)
    found = []
    for node in order:
        ways = [
            (other, None if (inner := excluded[other]) is None else inner | out)
            for other, outcomes in graph.needs[node].items()
            if ALWAYS not in outcomes
            for out in (ends.excluded(other, outcomes),)
        ]
        together = 0
        possible = [way for _, way in ways if way is not None]
        if joins[node] is Join.ALL:
            if len(possible) < len(ways):
                missing = next(other for other, way in ways if way is None)
                found.append(Unreachable(node, needed=missing))
                continue
            for way in possible:
                together |= way
        elif ways and len(ways) == len(graph.needs[node]):
            if not possible:
                found.append(Unreachable(node, needed=ways[0][0]))
                continue
            together = -1
            for way in possible:
                together &= way
        torn = ends.torn(together)
        if torn is None:
            excluded[node] = together
        else:
            found.append(Unreachable(node, torn=torn))
    return found
