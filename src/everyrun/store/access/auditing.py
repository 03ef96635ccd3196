"""The audit log, as the ledger keeps it."""

from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Table, insert, update

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import new_id
from everyrun.store.tables import AuditEntry

audit_entries = cast("Table", AuditEntry.__table__)


class AuditStart(NamedTuple):
    """Somebody who asks for a change."""

    actor: str
    actor_kind: str
    actor_id: str | None
    role: str | None
    action: str
    target: str | None
    data: Any
    address: str | None
    user_agent: str | None


def begin_entry(connection: Connection, start: AuditStart, now: int) -> str:
    """Put on record that a change is asked for, at ``now`` (µs UTC); answers the entry's id."""
    id_ = new_id()
    connection.execute(
        insert(audit_entries), {"id": id_, "at": to_datetime(now), **start._asdict()}
    )
    return id_


def finish_entry(connection: Connection, entry_id: str, status_code: int) -> None:
    """Put on record how the change ended."""
    connection.execute(
        update(audit_entries).where(audit_entries.c.id == entry_id).values(status_code=status_code)
    )
