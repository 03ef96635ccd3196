"""Graphs that are worked through: an execution's own, and one for each turn of a loop."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from everyrun.workflows.planning import Outcome, Plan
from everyrun.workflows.running.outputs import OutputGone, Result
from everyrun.workflows.running.preparing import PreparedGraph

if TYPE_CHECKING:
    from everyrun.workflows.running.loops import Loop


class Scope:
    """One working through of a graph.

    ``label`` is the turn's, as its rows carry it; ``index`` the turn's number from 0.
    """

    def __init__(
        self,
        graph: PreparedGraph,
        names: Mapping[str, Any],
        *,
        results: dict[str, Result] | None = None,
        outer: "Scope | None" = None,
        loop: "Loop | None" = None,
        label: str | None = None,
        index: int = 0,
    ) -> None:
        self.graph = graph
        self.results = results or {}
        self.outer = outer
        self.loop = loop
        self.label = label
        self.index = index
        history = {key: Outcome(each.status, each.branch) for key, each in self.results.items()}
        self.plan = Plan(graph.definitions, history)
        self.names = {**names, "nodes": NodeNames(self)}
        self.length_after = 0.0
        """Seconds from the end of this graph to the end of the whole."""
        if outer is not None and loop is not None:
            self.length_after = outer.length_after + outer.graph.lengths[loop.activity.key]

    @property
    def parent_id(self) -> str | None:
        """The node execution of the loop around it."""
        return None if self.loop is None else self.loop.activity.id

    def is_called_off(self) -> bool:
        """Whether a loop around it was told to stop."""
        scope: Scope | None = self
        while scope is not None:
            if scope.loop is not None and scope.loop.stopped:
                return True
            scope = scope.outer
        return False

    def is_inside(self, loop: "Loop") -> bool:
        """Whether it is a turn of this loop, or of one in it."""
        scope: Scope | None = self
        while scope is not None:
            if scope.loop is loop:
                return True
            scope = scope.outer
        return False

    def output(self) -> Any:
        """Of a turn: what its last node gave back, or {key: output} of several last ones."""
        last = {key: self.results[key].output for key in self.graph.leaves if key in self.results}
        if len(self.graph.leaves) == 1:
            return last.get(self.graph.leaves[0])
        return last


class NodeNames(Mapping[str, Mapping[str, Any]]):
    """``nodes`` in a template: what has settled, here and in the graphs around."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def __getitem__(self, key: str) -> Mapping[str, Any]:
        scope: Scope | None = self._scope
        while scope is not None:
            result = scope.results.get(key)
            if result is not None:
                if result.gone is not None:
                    raise OutputGone(result.gone)
                return {
                    "output": result.output,
                    "status": result.status.value,
                    "error": result.error_message,
                    "branch": result.branch,
                }
            scope = scope.outer
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        seen: set[str] = set()
        scope: Scope | None = self._scope
        while scope is not None:
            for key in scope.results:
                if key not in seen:
                    seen.add(key)
                    yield key
            scope = scope.outer

    def __len__(self) -> int:
        return sum(1 for _ in self)
