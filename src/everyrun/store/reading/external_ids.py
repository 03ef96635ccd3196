"""Callers' own ids: which executions they stand for."""

from typing import cast

from sqlalchemy import Connection, Table, select

from everyrun.store.reading.matching import as_stored
from everyrun.store.reading.workflow_names import workflows
from everyrun.store.tables import ExternalId

external_ids = cast("Table", ExternalId.__table__)


def owners_of(connection: Connection, external_id: str, kind: str | None = None) -> list[str]:
    """The executions that own this external id, one a workflow kind at most, newest first."""
    kinds = [as_stored(kind)] if kind is not None else _kinds(connection)
    statement = select(external_ids.c.workflow_execution_id).where(
        external_ids.c.kind.in_(kinds), external_ids.c.external_id == as_stored(external_id)
    )
    return sorted(connection.execute(statement).scalars(), reverse=True)


def _kinds(connection: Connection) -> list[str]:
    return list(connection.execute(select(workflows.c.kind).distinct()).scalars())
