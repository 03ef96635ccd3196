"""Orders and cycles of a graph, without recursion: a chain of 10,000 nodes is no trouble."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

Needs = Sequence[Mapping[int, object]]
"""For each node the nodes that it needs."""


def order(needs: Needs, stuck: Iterable[int] = ()) -> list[int]:
    """The nodes, each after all that it needs.

    Left out are the nodes in a cycle, those in ``stuck``, and all that need one of these.
    """
    dependents: list[list[int]] = [[] for _ in needs]
    open_needs = [len(needed) for needed in needs]
    for node, needed in enumerate(needs):
        for other in needed:
            dependents[other].append(node)
    for node in stuck:
        open_needs[node] += 1
    ordered = [node for node, count in enumerate(open_needs) if not count]
    for node in ordered:  # grows meanwhile
        for dependent in dependents[node]:
            open_needs[dependent] -= 1
            if not open_needs[dependent]:
                ordered.append(dependent)
    return ordered


class Knot(NamedTuple):
    """Nodes that all need each other, and a shortest cycle through the first of them.

    ``path`` begins and ends with that one, and each of its nodes needs the one before it.
    """

    members: set[int]
    path: list[int]


def cycles(needs: Needs, among: set[int]) -> list[Knot]:
    """The knots of a graph, as far as they are ``among`` these nodes."""
    knots = [set(knot) for knot in _knots(needs, among) if len(knot) > 1]
    return [Knot(knot, _shortest(needs, min(knot), knot)) for knot in knots]


def _shortest(needs: Needs, first: int, knot: set[int]) -> list[int]:
    """Back from ``first`` through what each node needs until ``first`` comes again."""
    needed_by: dict[int, int] = {}
    waiting = deque([first])
    while waiting:
        node = waiting.popleft()
        for other in needs[node]:
            if other == first:
                path = [first, node]
                while node != first:
                    node = needed_by[node]
                    path.append(node)
                return path
            if other in knot and other not in needed_by:
                needed_by[other] = node
                waiting.append(other)
    raise AssertionError("a knot without a cycle")


def _knots(needs: Needs, among: set[int]) -> list[list[int]]:
    """The strongly connected components (Tarjan), in order of their first nodes."""
    numbers: dict[int, int] = {}
    lowest: dict[int, int] = {}
    open_nodes: dict[int, None] = {}
    found: list[list[int]] = []
    for root in sorted(among):
        if root in numbers:
            continue
        walk: list[tuple[int, Iterator[int]]] = [(root, iter(needs[root]))]
        numbers[root] = lowest[root] = len(numbers)
        open_nodes[root] = None
        while walk:
            node, others = walk[-1]
            for other in others:
                if other not in among:
                    continue
                if other not in numbers:
                    numbers[other] = lowest[other] = len(numbers)
                    open_nodes[other] = None
                    walk.append((other, iter(needs[other])))
                    break
                if other in open_nodes:
                    lowest[node] = min(lowest[node], numbers[other])
            else:
                walk.pop()
                if walk:
                    above = walk[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == numbers[node]:
                    found.append(_pop_until(open_nodes, node))
    return sorted(found, key=min)


def _pop_until(open_nodes: dict[int, None], node: int) -> list[int]:
    knot = []
    while True:
        last, _ = open_nodes.popitem()
        knot.append(last)
        if last == node:
            return knot
