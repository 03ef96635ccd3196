"""The engine's way of putting on record what it decided, before it acts on it."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self, cast

from sqlalchemy import Connection, Table, select

from everyrun.domain import events
from everyrun.domain.errors import LeaseLost
from everyrun.store import leases
from everyrun.store.append import append
from everyrun.store.database import Database
from everyrun.store.partitions import ensure_months, missing_months
from everyrun.store.tables import ExecutionLease

__all__ = ["Journal"]

_leases = cast("Table", ExecutionLease.__table__)


class Journal:
    """Commits one execution's events while ``owner`` holds its lease."""

    def __init__(
        self,
        database: Database,
        execution_id: str,
        workflow: str,
        recorder: events.RecorderInfo,
        owner: str,
    ) -> None:
        self.execution_id = execution_id
        self.workflow = workflow
        self.owner = owner
        self._database = database
        self._recorder = recorder
        if database.dialect == "postgresql":
            months = missing_months([execution_id], database.known_months)
            if months:
                database.transact(lambda connection: ensure_months(connection, months))
                database.known_months |= months

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def commit(self, batch: Sequence[events.AnyEvent], now: int, *, release: bool = False) -> None:
        """Put events on record in one transaction; ``release`` gives the lease up with it.

        ``now`` is microseconds UTC. Raises :class:`LeaseLost`, with nothing written, when another
        process has the execution by now.
        """
        told = events.Batch(
            version=events.WIRE_VERSION, recorder=self._recorder, events=list(batch)
        )

        def work(connection: Connection) -> None:
            self._require_lease(connection)
            append(connection, told, now)
            if release:
                leases.release(connection, self.execution_id, self.owner)

        self._database.transact(work)

    def _require_lease(self, connection: Connection) -> None:
        held = connection.execute(
            select(_leases.c.owner)
            .where(
                _leases.c.workflow_execution_id == self.execution_id,
                _leases.c.owner == self.owner,
            )
            .with_for_update(read=True)
        ).scalar()
        if held is None:
            raise LeaseLost

    def close(self) -> None:
        """Let go of what the journal keeps open."""
