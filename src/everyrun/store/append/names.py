"""What hangs on an execution by name: its tags, and the caller's own id."""

from typing import cast

from sqlalchemy import Connection, Table, bindparam, select, update

from everyrun.domain.identifiers import id_bytes, id_text
from everyrun.store.append.joining import ExecutionState
from everyrun.store.append.registering import insert_if_absent
from everyrun.store.tables import ExecutionTag, ExternalId

execution_tags = cast("Table", ExecutionTag.__table__)
external_ids = cast("Table", ExternalId.__table__)


def save_tags(connection: Connection, added: list[tuple[bytes, frozenset[str]]]) -> None:
    """Make executions findable by the tags that they were given."""
    rows = [
        {"tag": tag, "workflow_execution_id": id_text(execution_id)}
        for execution_id, tags in added
        for tag in sorted(tags)
    ]
    if rows:
        insert_if_absent(connection, execution_tags, rows)


def claim_external_ids(connection: Connection, states: list[ExecutionState]) -> None:
    """Give each caller's id to the execution that claims it; the earlier born keeps it.

    The id names, it never lets anyone write into the execution that has it.
    """
    for state in sorted(states, key=lambda state: (state.kind, state.external_id or "", state.id)):
        key = (external_ids.c.kind == state.kind, external_ids.c.external_id == state.external_id)
        owner = connection.execute(
            select(external_ids.c.workflow_execution_id).where(*key).with_for_update()
        ).scalar()
        if owner is None:
            row = {
                "kind": state.kind,
                "external_id": state.external_id,
                "workflow_execution_id": id_text(state.id),
            }
            connection.execute(external_ids.insert(), row)
        elif state.id < id_bytes(owner):
            connection.execute(
                update(external_ids).where(*key).values(workflow_execution_id=bindparam("owner")),
                {"owner": id_text(state.id)},
            )
