"""What a list should find, worked out the slow way: every row, one filter after the other."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import birth_of
from everyrun.domain.views.executions import ExecutionFilters
from everyrun.store.database import Database
from everyrun.store.reading.executions import list_executions
from everyrun.store.tables import Workflow, WorkflowExecution


@dataclass(frozen=True)
class Row:
    """An execution as far as filters look at it."""

    id: str
    workflow: str
    kind: str
    status: str
    trigger: str
    tags: tuple[str, ...]
    parent_execution_id: str | None
    batch_id: str | None
    external_id: str | None

    @property
    def born(self) -> datetime:
        return to_datetime(birth_of(self.id))

    def passes(self, filters: ExecutionFilters) -> bool:
        """Whether every filter lets it through."""
        same = ("workflow", "kind", "trigger", "parent_execution_id", "batch_id", "external_id")
        return (
            all(getattr(filters, name) in (None, getattr(self, name)) for name in same)
            and (not filters.statuses or self.status in filters.statuses)
            and (filters.tag is None or filters.tag in self.tags)
            and (filters.since is None or self.born >= filters.since)
            and (filters.until is None or self.born < filters.until)
            and (filters.text is None or self._has(filters.text))
        )

    def _has(self, text: str) -> bool:
        return text.lower() in self.workflow.lower() or text == self.external_id


def all_rows(database: Database) -> list[Row]:
    """Every execution, newest first."""
    e = WorkflowExecution
    statement = select(
        e.id,
        Workflow.name,
        e.kind,
        e.status,
        e.trigger_type,
        e.tags,
        e.parent_execution_id,
        e.batch_id,
        e.external_id,
    ).join(Workflow, Workflow.id == e.workflow_id)
    with database.reading() as connection:
        rows = [Row(*row[:5], tuple(row.tags), *row[6:]) for row in connection.execute(statement)]
    return sorted(rows, key=lambda row: row.id, reverse=True)


def read_through(
    database: Database, filters: ExecutionFilters, limit: int = 500
) -> tuple[list[str], int]:
    """The ids of all pages, and how many pages it took."""
    ids: list[str] = []
    cursor: str | None = None
    pages = 0
    while True:
        with database.reading() as connection:
            page = list_executions(connection, filters, limit=limit, cursor=cursor)
        pages += 1
        ids += [item.id for item in page.items]
        if page.next is None:
            return ids, pages
        cursor = page.next
