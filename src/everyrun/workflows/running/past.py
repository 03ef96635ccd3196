"""What an execution had done before this process took it."""

from collections.abc import Iterable, Sequence

from everyrun.domain.graph import PATH_SEPARATOR
from everyrun.domain.status import SETTLED, Status
from everyrun.store.history import NodeHistory
from everyrun.workflows.running.outputs import Result, from_record
from everyrun.workflows.running.preparing import PreparedGraph


class Past:
    """The history of one execution, by full key and turn."""

    def __init__(self, history: Sequence[NodeHistory]) -> None:
        self._rows: dict[tuple[str, str | None], NodeHistory] = {}
        keys = {row.id: row.key for row in history}
        for row in history:
            # What code inside a node put on record is not the engine's to go on with.
            parent = keys.get(row.parent_node_execution_id or "")
            if parent is None or row.key.startswith(parent + PATH_SEPARATOR):
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

    def row(self, full_key: str, label: str | None) -> NodeHistory | None:
        """The row of a node in a turn."""
        return self._rows.get((full_key, label))

    def settled(self, full_key: str, label: str | None) -> NodeHistory | None:
        """The row of a node that has settled."""
        row = self._rows.get((full_key, label))
        return row if row is not None and row.status in SETTLED else None

    def ended_at(self, full_keys: Iterable[str], label: str | None) -> int | None:
        """When the last of these had settled in a turn, µs UTC; None where none is on record."""
        rows = [self._rows.get((key, label)) for key in full_keys]
        moments = [row.ended_at for row in rows if row is not None and row.ended_at is not None]
        return max(moments, default=None)

    def inside(self, id_: str) -> list[NodeHistory]:
        """The rows that were begun directly inside of one."""
        return [row for row in self._rows.values() if row.parent_node_execution_id == id_]

    def turns(self, loop_id: str) -> list[str]:
        """The labels of a loop's turns."""
        labels = {row.iteration for row in self.inside(loop_id) if row.iteration is not None}
        return sorted(labels)

    def running(self) -> list[NodeHistory]:
        """The rows that somebody was working on, or says so."""
        return [row for row in self._rows.values() if row.status == Status.RUNNING]


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
