"""Which nodes are drawn while there is not room for all. Pure: nodes in, ids out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain

from everyrun.domain.status import Status
from everyrun.domain.views.nodes import NodeSummary

MOVING = frozenset({Status.RUNNING, Status.RETRYING})
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

LinesOf = Callable[[NodeSummary], int]


def worth_seeing(nodes: Sequence[NodeSummary]) -> Iterator[NodeSummary]:
    """The nodes, those first that a person wants to see most.

    What moves, the failed ones, what ended last, what waits, the rest.
    """
    moving: list[NodeSummary] = []
    troubled: list[NodeSummary] = []
    ended: list[NodeSummary] = []
    waiting: list[NodeSummary] = []
    for node in nodes:
        if node.status in MOVING:
            moving.append(node)
        elif node.status in (Status.FAILED, Status.LOST):
            troubled.append(node)
        elif node.status == Status.PENDING:
            waiting.append(node)
        else:
            ended.append(node)
    ended.sort(key=lambda node: node.ended_at or _LONG_AGO, reverse=True)
    return chain(_innermost_first(moving), _last_first(troubled), ended, waiting)


def what_fits(nodes: Sequence[NodeSummary], room: int, lines_of: LinesOf) -> set[str] | None:
    """The ids of the nodes to draw into ``room`` lines, with those around them; None for all.

    ``lines_of`` says how many lines a node takes. Where some are left out, a line counts them in
    each branch.
    """
    if len(nodes) <= room and sum(lines_of(node) for node in nodes) <= room:
        return None
    by_id = {node.id: node for node in nodes}
    branching = {node.parent_node_execution_id for node in nodes}
    kept: set[str] = set()
    left = room - 1
    for node in worth_seeing(nodes):
        if left <= 0:
            break
        wanted = [each for each in _way_up(node, by_id) if each.id not in kept]
        needed = sum(lines_of(each) + (each.id in branching) for each in wanted)
        if needed <= left:
            left -= needed
            kept.update(each.id for each in wanted)
    return kept


def _way_up(node: NodeSummary, by_id: dict[str, NodeSummary]) -> Iterator[NodeSummary]:
    current: NodeSummary | None = node
    while current is not None:
        yield current
        current = by_id.get(current.parent_node_execution_id or "")


def _innermost_first(moving: list[NodeSummary]) -> Iterable[NodeSummary]:
    """What works before the loops that only wait for it; these come along as its way up."""
    around = {node.parent_node_execution_id for node in moving}
    return chain(
        (node for node in moving if node.id not in around),
        (node for node in moving if node.id in around),
    )


def _last_first(troubled: list[NodeSummary]) -> list[NodeSummary]:
    return sorted(troubled, key=lambda node: node.ended_at or _LONG_AGO, reverse=True)
