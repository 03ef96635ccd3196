"""Graphs on record and executions of them that wait or are held."""

from typing import Any

from everyrun.domain.identifiers import new_id
from everyrun.store import leases
from everyrun.store.database import Database
from everyrun.store.leases import Lease
from everyrun.store.versions import NodeIdentity, SavedVersion, save_version
from tests.support.facts import NOON, SECOND

LATER = NOON + 30 * SECOND
"""When the leases of these tests expire."""


def save(
    database: Database,
    name: str = "nightly",
    digest: str = "one",
    *,
    nodes: dict[str, NodeIdentity] | None = None,
    now: int = NOON,
    **more: Any,
) -> SavedVersion:
    """A graph with a version of this digest."""
    definition = {"workflow": name, "nodes": {}, "digest": digest, **more.pop("definition", {})}
    return database.transact(
        lambda connection: save_version(
            connection,
            definition,
            name=name,
            digest=digest,
            by=more.pop("by", "ana"),
            now=now,
            nodes=nodes or {},
            **more,
        )
    )


def queue_up(
    database: Database, workflow_id: str, execution_id: str | None = None, **more: Any
) -> str:
    """An execution that waits for somebody, from noon on."""
    execution_id = execution_id or new_id()
    of: dict[str, Any] = {"available_at": NOON, **more}
    database.transact(
        lambda connection: leases.enqueue(connection, execution_id, workflow_id, **of)
    )
    return execution_id


def take_next(database: Database, owner: str, **more: Any) -> str | None:
    """What ``owner`` gets to run at noon, until LATER."""
    return database.transact(
        lambda connection: leases.take_next(connection, owner, "host-a", NOON, LATER, **more)
    )


def take(database: Database, execution_id: str, owner: str, now: int = NOON) -> bool:
    """Whether ``owner`` gets this one."""
    until = now + 30 * SECOND
    return database.transact(
        lambda connection: leases.take(connection, execution_id, owner, "host-a", now, until)
    )


def lease_of(database: Database, execution_id: str) -> Lease | None:
    """The execution's lease as it is on record."""
    with database.reading() as connection:
        return leases.lease_of(connection, execution_id)
