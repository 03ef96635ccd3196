"""What an execution had done before this process took it."""

from collections.abc import Sequence

from everyrun.domain.status import SETTLED, Status
from everyrun.store.history import NodeHistory
from everyrun.workflow.running.outputs import Result, from_record
from everyrun.workflow.running.preparing import PreparedGraph


class Past:
    """The history of one execution, by full key and turn."""

    def __init__(self, history: Sequence[NodeHistory]) -> None:
        self._rows: dict[tuple[str, str | None], NodeHistory] = {}
        for row in history:
            self._rows[row.key, row.iteration] = row
        self.last_order = max((row.order or 0 for row in history), default=0)

    def results(self, graph: PreparedGraph, label: str | None) -> dict[str, Result]:
        """Node key -> result, of those nodes of a graph that have settled."""
        found = {}
        for key, prepared in graph.nodes.items():
            row = self._rows.get((prepared.key, label))
            if row is not None and row.status in SETTLED:
                found[key] = _result(row, has_branches=has_branches(prepared.node_type))
        return found

    def unsettled(self, full_key: str, label: str | None) -> NodeHistory | None:
        """The row of a node that was begun and has no outcome."""
        row = self._rows.get((full_key, label))
        return row if row is not None and row.status not in SETTLED else None


def has_branches(node_type: type) -> bool:
    """Whether nodes of a type choose a branch."""
    from everyrun.nodes.base import NodeType

    return node_type.branches_of.__func__ is not NodeType.branches_of.__func__  # type: ignore[attr-defined]


def _result(row: NodeHistory, *, has_branches: bool) -> Result:
    status = Status(row.status)
    if status != Status.COMPLETED or row.output is None:
        return Result(status, error_message=row.error_message)
    output, gone = from_record(row.key, row.output)
    branch = None
    if has_branches and isinstance(row.output, dict):
        branch = row.output.get("branch")
    return Result(status, output, branch, gone=gone)
