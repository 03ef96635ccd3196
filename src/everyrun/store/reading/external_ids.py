"""Callers' own ids: which executions they stand for."""

from typing import cast

from sqlalchemy import Connection, Table, Text, bindparam, select

from everyrun.store.reading.matching import as_stored
from everyrun.store.reading.prepared import Prepared
from everyrun.store.reading.workflow_names import workflows
from everyrun.store.tables import ExternalId

external_ids = cast("Table", ExternalId.__table__)

_OWNER = Prepared(
    select(external_ids.c.workflow_execution_id).where(
        external_ids.c.kind == bindparam("kind", type_=Text),
        external_ids.c.external_id == bindparam("external_id", type_=Text),
    )
)


def owners_of(connection: Connection, external_id: str, kind: str | None = None) -> list[str]:
    """The executions that own this external id, one a workflow kind at most, newest first."""
    found = []
    for of_kind in _kinds(connection) if kind is None else [as_stored(kind)]:
        asked = {"kind": of_kind, "external_id": as_stored(external_id)}
        found += [row[0] for row in _OWNER.rows(connection, asked)]
    return sorted(found, reverse=True)


def _kinds(connection: Connection) -> list[str]:
    return list(connection.execute(select(workflows.c.kind).distinct()).scalars())
