"""What ran, as a server tells it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from everyrun.cli.ledgers.ports import ShownExecution
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.views.executions import (
    ExecutionDetail,
    ExecutionFilters,
    ExecutionPage,
    ExecutionSummary,
)
from everyrun.domain.views.nodes import NodeDetail

if TYPE_CHECKING:
    from everyrun.client import Client
    from everyrun.domain.graph import WorkflowDefinition


class ExecutionsThere:
    """Executions of a server's ledger."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def find(self, text: str) -> str:
        """The id that ``text`` means."""
        return self._client.executions.find(text)

    def page(self, filters: ExecutionFilters, *, limit: int, cursor: str | None) -> ExecutionPage:
        """One bounded search."""
        return self._client.executions.page(filters, limit=limit, cursor=cursor)

    def summary(self, execution_id: str) -> ExecutionSummary:
        """How one stands."""
        return self._client.executions.summary(execution_id)

    def detail(self, execution_id: str) -> ExecutionDetail:
        """One, whole."""
        return self._client.executions.get(execution_id)

    def shown(self, execution_id: str) -> ShownExecution:
        """One, with what its tree needs besides."""
        detail = self._client.executions.get(execution_id)
        retried = any(node.attempts > 1 for node in detail.nodes)
        attempts = self._client.executions.attempts(execution_id).items if retried else []
        return ShownExecution(detail, attempts)

    def node(self, execution_id: str, node_execution_id: str) -> NodeDetail:
        """One node execution, whole."""
        return self._client.executions.node(execution_id, node_execution_id)

    def definition(self, execution_id: str) -> "WorkflowDefinition":
        """What a graph's execution was run with."""
        from everyrun.domain.graph import from_plain
        from everyrun.workflows.controlling import NotTheEngines

        detail = self._client.executions.get(execution_id)
        if detail.graph is None:
            raise NotTheEngines
        version = self._client.workflows.version(
            detail.workflow, detail.graph.version, form="canonical"
        )
        return from_plain(version.definition)

    def delete(self, execution_ids: Sequence[str], tell: Callable[[int], None]) -> int:
        """Delete these, each by itself: those that were shown, and no others."""
        deleted = 0
        for execution_id in execution_ids:
            with suppress(NotOnRecord):  # somebody else was faster
                deleted += self._client.executions.delete(execution_id, force=True).deleted
            tell(1)
        return deleted
