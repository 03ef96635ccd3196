"""Telling of changes, in the transaction that makes them."""

from typing import Any, cast

from sqlalchemy import Connection, Table, insert

from everyrun.domain.changes import ChangeType
from everyrun.domain.clock import to_datetime
from everyrun.store.tables import Change

changes = cast("Table", Change.__table__)

_INSERT = insert(changes)


def tell_change(
    connection: Connection,
    type_: ChangeType,
    now: int,
    *,
    workflow_id: str | None = None,
    batch_id: str | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Put on record that something changed at ``now`` (µs UTC); ``data`` is told with it."""
    row = {
        "at": to_datetime(now),
        "type": type_.value,
        "workflow_id": workflow_id,
        "batch_id": batch_id,
        "data": data,
    }
    connection.execute(_INSERT, [row])
