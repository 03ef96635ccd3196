"""Which node executions are drawn, and how they hang together. Pure: structs in, rows out."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from everyrun.cli.marks import TROUBLED
from everyrun.domain.status import Status
from everyrun.domain.views.nodes import EarlierAttempt, NodeSummary

SUMMARISED_ABOVE = 200
"""More nodes than this are summarised."""
SLOWEST_MARKED = 3
SLOW_FACTOR = 2.0
FEWEST_COMPARED = 3
SLOWEST_KEPT = 10
_INTERESTING = TROUBLED | {Status.RUNNING}


@dataclass(frozen=True)
class TreeRow:
    """One line of a tree: a node, an earlier attempt of the node above, or a count of hidden ones.

    ``guide`` is the drawing before it; ``below`` continues that drawing on lines under it.
    """

    guide: str
    below: str
    node: NodeSummary | None = None
    attempt: EarlierAttempt | None = None
    hidden: Counter[str] = field(default_factory=Counter)


def label(node: NodeSummary) -> str:
    """A node's key with its iteration: ``verify[3]``."""
    return node.node if node.iteration is None else f"{node.node}[{node.iteration}]"


def slowest(nodes: Sequence[NodeSummary], count: int) -> list[NodeSummary]:
    """The ``count`` slowest nodes that contain no other, slowest first."""
    parents = {node.parent_node_execution_id for node in nodes}
    timed = [node for node in nodes if node.duration_seconds is not None and node.id not in parents]
    return sorted(timed, key=lambda node: -(node.duration_seconds or 0.0))[:count]


def marked_slowest(nodes: Sequence[NodeSummary]) -> dict[str, int]:
    """Node execution id -> rank, for the few that took at least twice as long as most."""
    leaves = slowest(nodes, len(nodes))
    if len(leaves) < FEWEST_COMPARED:
        return {}
    from statistics import median

    usual = median(node.duration_seconds or 0.0 for node in leaves)
    slow = [node for node in leaves if (node.duration_seconds or 0.0) >= SLOW_FACTOR * usual]
    return {node.id: rank for rank, node in enumerate(slow[:SLOWEST_MARKED], start=1)}


def summary_of(nodes: Sequence[NodeSummary], limit: int = SUMMARISED_ABOVE) -> set[str]:
    """The ids worth drawing among very many: failed, running and slowest ones, then the first."""
    kept = {node.id for node in slowest(nodes, SLOWEST_KEPT)}
    interesting = [node.id for node in nodes if node.status in _INTERESTING]
    kept.update(interesting[: limit - len(kept)])
    if len(kept) < SLOWEST_KEPT * 2:
        kept.update(node.id for node in nodes[:SLOWEST_KEPT])
    return with_ancestors(nodes, kept)


def troubled(nodes: Sequence[NodeSummary]) -> set[str]:
    """The ids of the nodes that did not go well, and of those around them."""
    return with_ancestors(nodes, {node.id for node in nodes if node.status in TROUBLED})


def with_ancestors(nodes: Iterable[NodeSummary], kept: Collection[str]) -> set[str]:
    """``kept`` and every node around one of them."""
    parent_of = {node.id: node.parent_node_execution_id for node in nodes}
    answer: set[str] = set()
    for start in kept:
        current: str | None = start
        while current is not None and current in parent_of and current not in answer:
            answer.add(current)
            current = parent_of[current]
    return answer


def arrange(
    nodes: Sequence[NodeSummary],
    kept: Collection[str] | None = None,
    attempts: Sequence[EarlierAttempt] = (),
    *,
    count_hidden: bool = True,
) -> list[TreeRow]:
    """The rows of the tree in drawing order, however deep; all nodes when ``kept`` is None.

    A node whose parent is not among them stands at the root.
    """
    tries: dict[str, list[EarlierAttempt]] = {}
    for attempt in attempts:
        tries.setdefault(attempt.node_execution_id, []).append(attempt)
    children = _children(nodes)
    rows: list[TreeRow] = []
    waiting = _branch(children, None, "", kept, count_hidden)[::-1]
    while waiting:
        row = waiting.pop()
        rows.append(row)
        if row.node is None:
            continue
        inner = _branch(children, row.node.id, row.below, kept, count_hidden)
        tail = "│  " if inner else "   "
        rows.extend(
            TreeRow(row.below + tail, row.below + tail, attempt=attempt)
            for attempt in tries.get(row.node.id, ())
        )
        waiting.extend(reversed(inner))
    return rows


def _children(nodes: Sequence[NodeSummary]) -> dict[str | None, list[NodeSummary]]:
    known = {node.id for node in nodes}
    children: dict[str | None, list[NodeSummary]] = {}
    for node in nodes:
        parent = node.parent_node_execution_id
        children.setdefault(parent if parent in known else None, []).append(node)
    return children


def _branch(
    children: dict[str | None, list[NodeSummary]],
    parent: str | None,
    below: str,
    kept: Collection[str] | None,
    count_hidden: bool,
) -> list[TreeRow]:
    siblings = children.get(parent, [])
    shown = [node for node in siblings if kept is None or node.id in kept]
    hidden = _hidden(children, siblings, kept) if count_hidden else Counter()
    rows = []
    for position, node in enumerate(shown):
        last = position == len(shown) - 1 and not hidden
        rows.append(
            TreeRow(below + ("└─ " if last else "├─ "), below + ("   " if last else "│  "), node)
        )
    if hidden:
        rows.append(TreeRow(f"{below}└─ ", f"{below}   ", hidden=hidden))
    return rows


def _hidden(
    children: dict[str | None, list[NodeSummary]],
    siblings: Sequence[NodeSummary],
    kept: Collection[str] | None,
) -> Counter[str]:
    statuses: Counter[str] = Counter()
    waiting = [node for node in siblings if kept is not None and node.id not in kept]
    while waiting:
        node = waiting.pop()
        statuses[node.status] += 1
        waiting.extend(children.get(node.id, ()))
    return statuses
