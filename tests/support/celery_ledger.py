"""What a ledger says of Celery's tasks, read by SQL as anybody may."""

from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from everyrun.domain.status import SETTLED
from everyrun.store.database import Database
from everyrun.store.tables import Node, NodeExecution, Workflow, WorkflowExecution


class Row(NamedTuple):
    """One node execution."""

    id: str
    workflow: str
    name: str
    status: str
    attempt: int
    metadata: dict[str, Any]
    error: str | None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is expected of it."""
        return self.status in SETTLED


class Ledger:
    """Reads a ledger that other processes write."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)

    def executions(self) -> list[tuple[str, str, str | None]]:
        """Name, status and error of every execution; none before there is a ledger."""
        query = select(Workflow.name, WorkflowExecution.status, WorkflowExecution.error_message)
        joined = query.join(Workflow, Workflow.id == WorkflowExecution.workflow_id)
        try:
            with self._database.reading() as connection:
                return [(row[0], row[1], row[2]) for row in connection.execute(joined)]
        except OperationalError:
            return []

    def unsettled(self) -> list[str]:
        """The names of executions of which something is still expected."""
        return [name for name, status, _ in self.executions() if status not in SETTLED]

    def rows(self) -> list[Row]:
        """Every node execution."""
        query = (
            select(
                NodeExecution.id,
                Workflow.name,
                Node.key,
                NodeExecution.status,
                NodeExecution.attempt,
                NodeExecution.metadata_,
                NodeExecution.error_message,
            )
            .join(Node, Node.id == NodeExecution.node_id)
            .join(Workflow, Workflow.id == Node.workflow_id)
        )
        with self._database.reading() as connection:
            return [_row(found) for found in connection.execute(query)]


def _row(found: Any) -> Row:
    metadata = found[5] if isinstance(found[5], dict) else {}
    return Row(found[0], found[1], found[2], found[3], found[4], metadata, found[6])
