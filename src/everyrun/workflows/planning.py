"""What comes next in a graph: history in, next steps out.

Pure: no clock, no database, nothing but the definition and what has settled. Every executor plans
with this; ``docs/reference/workflow-file.md`` states the rules for people:

* an edge asks for an outcome of a node; several edges from one node to another are alternatives,
* ``join: all`` is ready when each needed node settled as asked, and skipped once one did not,
* ``join: any`` is ready when all needed nodes have settled and at least one of them as asked,
* a failure is handled where it is allowed, or where a ``failure`` edge led to a node that
  completed.
"""

from collections.abc import Mapping, Set
from typing import NamedTuple

from everyrun.domain.graph import ALWAYS, FAILURE, SUCCESS, Join, NodeDefinition
from everyrun.domain.status import Status


class Outcome(NamedTuple):
    """How a node settled, and the branch that it chose where it has any."""

    status: Status
    branch: str | None = None


class Skip(NamedTuple):
    """A node that will not run, and why."""

    node: str
    reason: str


class Steps(NamedTuple):
    """What is to be done next, each in the order of the definition."""

    ready: list[str]
    skipped: list[Skip]


class _Waiting:
    """A node that has not settled: what it needs, and what of that is still open."""

    __slots__ = ("any_met", "join", "needs", "open")

    def __init__(self, node: NodeDefinition) -> None:
        self.needs: dict[str, list[str]] = {}
        for edge in node.needs:
            self.needs.setdefault(edge.node, []).append(edge.outcome)
        self.join = node.join
        self.open = len(self.needs)
        self.any_met = False


class Plan:
    """A graph under way. Deterministic: the same history gives the same steps, in any order."""

    def __init__(
        self, nodes: Mapping[str, NodeDefinition], history: Mapping[str, Outcome] | None = None
    ) -> None:
        self.outcomes: dict[str, Outcome] = dict(history or {})
        self._nodes = nodes
        self._position = {key: position for position, key in enumerate(nodes)}
        self._waiting = {key: _Waiting(node) for key, node in nodes.items()}
        self._dependents = dependents_of(nodes)

    @property
    def finished(self) -> bool:
        """Whether every node has settled."""
        return len(self.outcomes) == len(self._nodes)

    def begin(self) -> Steps:
        """What can be done given the history. Call it once, first."""
        known = list(self.outcomes)
        ready = [
            key
            for key, waiting in self._waiting.items()
            if not waiting.open and key not in self.outcomes
        ]
        steps = self._spread(known)
        return self._in_order(Steps(ready + steps.ready, steps.skipped))

    def settle(self, node: str, outcome: Outcome) -> Steps:
        """A node has settled: what follows. Nodes that can no longer run are settled as skipped."""
        self.outcomes[node] = outcome
        return self._in_order(self._spread([node]))

    def failures(self) -> list[str]:
        """The failed nodes that nothing handled, in the order of the definition."""
        failed = [key for key, outcome in self.outcomes.items() if outcome.status == Status.FAILED]
        return sorted(
            (key for key in failed if not self._is_handled(key)), key=self._position.__getitem__
        )

    def _is_handled(self, key: str) -> bool:
        if self._nodes[key].allow_failure:
            return True
        return any(
            FAILURE in self._waiting[dependent].needs[key]
            and self.outcomes.get(dependent, Outcome(Status.PENDING)).status == Status.COMPLETED
            for dependent in self._dependents[key]
        )

    def _spread(self, settled: list[str]) -> Steps:
        """Carry what has settled to what needs it, and what is skipped thereby further on."""
        steps = Steps([], [])
        while settled:
            key = settled.pop()
            outcome = self.outcomes[key]
            for dependent in self._dependents[key]:
                if dependent in self.outcomes:
                    continue
                waiting = self._waiting[dependent]
                met = any(is_met(asked, outcome) for asked in waiting.needs[key])
                waiting.open -= 1
                waiting.any_met = waiting.any_met or met
                if waiting.join is Join.ALL and not met:
                    steps.skipped.append(Skip(dependent, _unmet(key, waiting.needs[key], outcome)))
                elif waiting.open:
                    continue
                elif waiting.join is Join.ANY and not waiting.any_met:
                    steps.skipped.append(Skip(dependent, "none of what it needs came about"))
                else:
                    steps.ready.append(dependent)
                    continue
                self.outcomes[dependent] = Outcome(Status.SKIPPED)
                settled.append(dependent)
        return steps

    def _in_order(self, steps: Steps) -> Steps:
        position = self._position
        if len(steps.ready) > 1:
            steps.ready.sort(key=position.__getitem__)
        if len(steps.skipped) > 1:
            steps.skipped.sort(key=lambda skip: position[skip.node])
        return steps


def plan(nodes: Mapping[str, NodeDefinition], history: Mapping[str, Outcome]) -> Steps:
    """What can be done next in a graph of which ``history`` has settled."""
    return Plan(nodes, history).begin()


def dependents_of(nodes: Mapping[str, NodeDefinition]) -> dict[str, list[str]]:
    """Node -> the nodes that need it, in the order of the definition."""
    dependents: dict[str, list[str]] = {key: [] for key in nodes}
    for key, node in nodes.items():
        for needed in dict.fromkeys(edge.node for edge in node.needs):
            dependents[needed].append(key)
    return dependents


def leads_nowhere(
    nodes: Mapping[str, NodeDefinition],
    dependents: Mapping[str, list[str]],
    key: str,
    outcome: Outcome,
    settled: Set[str],
) -> bool:
    """Whether nothing follows from a node's outcome: what needs it waits for others, too.

    ``settled`` are the nodes that settled before it. What a :class:`Plan` would say, without one.
    """
    if len(settled | {key}) == len(nodes):
        return False
    return all(
        dependent in settled or _goes_on_waiting(nodes[dependent], key, outcome, settled)
        for dependent in dependents[key]
    )


def _goes_on_waiting(node: NodeDefinition, key: str, outcome: Outcome, settled: Set[str]) -> bool:
    if all(edge.node == key or edge.node in settled for edge in node.needs):
        return False
    asked = [edge.outcome for edge in node.needs if edge.node == key]
    return node.join is Join.ANY or any(is_met(each, outcome) for each in asked)


def is_met(asked: str, outcome: Outcome) -> bool:
    """Whether a node settled as an edge asks."""
    if asked == ALWAYS:
        return True
    if asked == FAILURE:
        return outcome.status == Status.FAILED
    if outcome.status != Status.COMPLETED:
        return False
    return asked in (SUCCESS, outcome.branch)


def _unmet(needed: str, asked: list[str], outcome: Outcome) -> str:
    if outcome.status == Status.COMPLETED and outcome.branch is not None and FAILURE not in asked:
        return f"needs {needed} to choose {' or '.join(asked)}, it chose {outcome.branch}"
    verbs = {SUCCESS: "complete", FAILURE: "fail"}
    wanted = " or ".join(verbs.get(each, f"choose {each}") for each in asked)
    return f"needs {needed} to {wanted}, it {_PAST[outcome.status]}"


_PAST = {
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
    Status.CANCELLED: "was cancelled",
    Status.SKIPPED: "was skipped",
}
