"""Workflows by name: which ids a name or a piece of one stands for."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Connection, Select, Table, select

from everyrun.store.reading.matching import as_stored, contains
from everyrun.store.tables import Workflow

workflows = cast("Table", Workflow.__table__)

WORKFLOWS_BY_ID = 200


@dataclass(frozen=True)
class WorkflowChoice:
    """Some workflows: by their ids, or by a query where they are too many; neither means all."""

    ids: tuple[str, ...] | None = None
    query: Select[tuple[str]] | None = None

    def condition(self, workflow_id: ColumnElement[str]) -> ColumnElement[bool] | None:
        """Whether a row's workflow is among them; None when all are."""
        if self.ids is not None:
            return workflow_id.in_(self.ids)
        return None if self.query is None else workflow_id.in_(self.query)


def choose_workflows(
    connection: Connection,
    *,
    name: str | None = None,
    kind: str | None = None,
    text: str | None = None,
) -> WorkflowChoice:
    """The workflows of this name and kind whose names contain ``text``; None leaves out."""
    if name is None and text is None:
        return WorkflowChoice()
    query = select(workflows.c.id)
    if name is not None:
        query = query.where(workflows.c.name == as_stored(name))
    if kind is not None:
        query = query.where(workflows.c.kind == as_stored(kind))
    if text is not None:
        query = query.where(contains(workflows.c.name, text, connection.dialect.name))
    ids = connection.execute(query.limit(WORKFLOWS_BY_ID + 1)).scalars().all()
    if len(ids) > WORKFLOWS_BY_ID:
        return WorkflowChoice(query=query)
    return WorkflowChoice(ids=tuple(ids))
