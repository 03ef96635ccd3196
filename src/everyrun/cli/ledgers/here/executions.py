"""What ran, read from the database, and deleted from it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from everyrun.cli.ledgers.ports import ShownExecution
from everyrun.domain.clock import SystemClock
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.views.executions import (
    ExecutionDetail,
    ExecutionFilters,
    ExecutionPage,
    ExecutionSummary,
)
from everyrun.domain.views.nodes import NodeDetail

if TYPE_CHECKING:
    from everyrun.domain.graph import WorkflowDefinition
    from everyrun.store.database import Database

DELETED_AT_ONCE = 200


class ExecutionsHere:
    """Executions of an open database."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    def find(self, text: str) -> str:
        """The id that ``text`` means."""
        from everyrun.store.reading.finding import find_execution

        with self._database.reading() as connection:
            return find_execution(connection, text)

    def page(self, filters: ExecutionFilters, *, limit: int, cursor: str | None) -> ExecutionPage:
        """One bounded search."""
        from everyrun.store.reading.executions import list_executions

        with self._database.reading() as connection:
            return list_executions(connection, filters, limit=limit, cursor=cursor)

    def summary(self, execution_id: str) -> ExecutionSummary:
        """How one stands."""
        from everyrun.store.explaining import explained
        from everyrun.store.reading.summaries import read_summaries

        with explained(), self._database.reading() as connection:
            for summary in read_summaries(connection, [execution_id]):
                return summary
        raise NotOnRecord

    def detail(self, execution_id: str) -> ExecutionDetail:
        """One, whole."""
        from everyrun.store.reading.execution import read_execution

        with self._database.reading() as connection:
            return read_execution(connection, execution_id)

    def shown(self, execution_id: str) -> ShownExecution:
        """One, with what its tree needs besides."""
        from everyrun.store.reading.attempts import read_earlier_attempts
        from everyrun.store.reading.execution import read_execution

        with self._database.reading() as connection:
            detail = read_execution(connection, execution_id)
            retried = any(node.attempts > 1 for node in detail.nodes)
            attempts = read_earlier_attempts(connection, execution_id) if retried else []
            return ShownExecution(detail, attempts)

    def node(self, execution_id: str, node_execution_id: str) -> NodeDetail:
        """One node execution, whole."""
        from everyrun.store.reading.execution import read_node

        with self._database.reading() as connection:
            return read_node(connection, execution_id, node_execution_id)

    def definition(self, execution_id: str) -> "WorkflowDefinition":
        """What a graph's execution was run with."""
        from everyrun.domain.graph import from_plain
        from everyrun.store.history import read_execution
        from everyrun.store.versions import version_by_id
        from everyrun.workflows.controlling import NotTheEngines

        with self._database.reading() as connection:
            version_id = read_execution(connection, execution_id).version_id
            if version_id is None:
                raise NotTheEngines
            return from_plain(version_by_id(connection, version_id).definition)

    def delete(self, execution_ids: Sequence[str], tell: Callable[[int], None]) -> int:
        """Delete in batches, each its own transaction, so that recorders are not kept waiting."""
        from everyrun.store.deleting import delete_executions

        deleted = 0
        for start in range(0, len(execution_ids), DELETED_AT_ONCE):
            batch = execution_ids[start : start + DELETED_AT_ONCE]
            now = SystemClock().now()
            work = partial(delete_executions, execution_ids=batch, now=now)
            deleted += self._database.transact(work)
            tell(len(batch))
        if deleted:
            self._database.give_space_back()
        return deleted
