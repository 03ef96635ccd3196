"""The graphs of a definition: its own, and the body of each loop."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from everyrun.domain.graph import PATH_SEPARATOR, NodeDefinition, WorkflowDefinition
from everyrun.workflows.problems import Code, Findings, Path

DEEPEST_BODY = 20
"""Loops within loops."""


class Scope(NamedTuple):
    """One graph. ``path`` leads to its nodes; of a body, ``outer`` and ``loop`` say whose it is."""

    nodes: Mapping[str, NodeDefinition]
    path: Path
    outer: "Scope | None" = None
    loop: str | None = None

    def path_of(self, key: str, *further: str | int) -> Path:
        """The path of a node, or of something in it."""
        return (*self.path, key, *further)

    def around(self) -> "Iterator[tuple[Scope, str]]":
        """The graphs around this one, from the innermost, each with the loop that leads here."""
        scope = self
        while scope.outer is not None and scope.loop is not None:
            yield scope.outer, scope.loop
            scope = scope.outer


def scopes_of(definition: WorkflowDefinition, findings: Findings) -> list[Scope]:
    """All graphs, outer ones first. Bodies too deep are noted and left out."""
    scopes = [Scope(definition.nodes, ("nodes",))]
    for scope in scopes:  # grows meanwhile
        for key, node in scope.nodes.items():
            if not node.do:
                continue
            if len(scope.path) // 2 >= DEEPEST_BODY:
                message = f"loops stand within each other more than {DEEPEST_BODY} deep"
                findings.add(Code.TOO_DEEP, message, scope.path_of(key, "do"), at_key=True)
            else:
                scopes.append(Scope(node.do, scope.path_of(key, "do"), scope, key))
    return scopes


def full_key(scope: Scope, key: str) -> str:
    """A node's key with those of the loops around it, as it stands on record."""
    loops = [str(part) for part in scope.path[1::2]]
    return PATH_SEPARATOR.join([*loops, key])
