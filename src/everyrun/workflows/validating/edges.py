"""Edges as a graph of numbers, for algorithms; edges that lead nowhere are noted on the way."""

from collections.abc import Mapping
from typing import NamedTuple

from everyrun.domain.graph import OUTCOMES, Edge
from everyrun.domain.suggesting import hint
from everyrun.workflows.problems import Code, EdgeIndex, Findings
from everyrun.workflows.validating.scopes import Scope

Branches = Mapping[str, tuple[str, ...] | None]
"""The branches that each node may choose; None where only its run will tell."""


class Numbered(NamedTuple):
    """A graph whose nodes are numbers: positions in ``keys``.

    ``needs`` has for each node the nodes that it needs, with the outcomes that will do. Edges from
    a node to itself and from nodes that do not exist are left out; ``stuck`` has the nodes that
    they lead to.
    """

    keys: list[str]
    needs: list[dict[int, set[str]]]
    stuck: set[int]


def number_edges(scope: Scope, findings: Findings) -> Numbered:
    """The graph of a scope; its self, duplicate and dangling edges are noted."""
    keys = list(scope.nodes)
    position = {key: index for index, key in enumerate(keys)}
    numbered = Numbered(keys, [], set())
    for index, node in enumerate(scope.nodes.values()):
        needed: dict[int, set[str]] = {}
        for number, edge in enumerate(node.needs):
            other = position.get(edge.node)
            if other is None or other == index:
                _note_loose(scope, keys[index], number, edge, findings)
                if other == index:
                    numbered.stuck.add(index)
                continue
            outcomes = needed.setdefault(other, set())
            if edge.outcome in outcomes:
                message = f"{keys[index]} needs {edge.node} ({edge.outcome}) twice"
                path = scope.path_of(keys[index], "needs", EdgeIndex(number))
                findings.add(Code.DUPLICATE_EDGE, message, path)
            outcomes.add(edge.outcome)
        numbered.needs.append(needed)
    return numbered


def _note_loose(scope: Scope, key: str, number: int, edge: Edge, findings: Findings) -> None:
    path = scope.path_of(key, "needs", EdgeIndex(number))
    if edge.node == key:
        findings.add(Code.SELF_EDGE, f"{key} needs itself", path)
        return
    for outer, loop in scope.around():
        if edge.node in outer.nodes:
            message = (
                f"{key} needs {edge.node}, which is outside the body of {loop}; "
                f"let {loop} need it, then {key} can read its output"
            )
            findings.add(Code.DANGLING_EDGE, message, path)
            return
    suggestion = findings.closest(edge.node, (other for other in scope.nodes if other != key))
    message = f"{key} needs {edge.node}, which does not exist{hint(suggestion)}"
    findings.add(Code.DANGLING_EDGE, message, path, suggestion=suggestion)


def note_unknown_branches(scope: Scope, branches: Branches, findings: Findings) -> None:
    """Note the edges that wait for a branch that the node they come from does not have."""
    for key, node in scope.nodes.items():
        for number, edge in enumerate(node.needs):
            if edge.outcome in OUTCOMES or edge.node not in branches:
                continue
            known = branches[edge.node]
            if known is None or edge.outcome in known:
                continue
            suggestion = findings.closest(edge.outcome, (*OUTCOMES, *known))
            there_are = ", ".join((*known, *OUTCOMES))
            message = (
                f"{key} waits for {edge.outcome!r} of {edge.node}, which has no such branch; "
                f"there are {there_are}{hint(suggestion)}"
            )
            path = scope.path_of(key, "needs", EdgeIndex(number))
            findings.add(Code.UNKNOWN_BRANCH, message, path, suggestion=suggestion)
