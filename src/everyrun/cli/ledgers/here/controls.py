"""Asking something of executions by the database that they are on record in."""

from typing import TYPE_CHECKING, Any

from everyrun.cli.errors import RunsElsewhere
from everyrun.cli.messages import say

if TYPE_CHECKING:
    from everyrun.store.database import Database


class ControlsHere:
    """What can be asked of the executions of an open database."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    def cancel(self, execution_id: str, *, by: str | None, kill: bool, reason: str | None) -> bool:
        """Have it end; answers whether it has already."""
        from everyrun.workflows import controlling

        return controlling.cancel(self._database, execution_id, by=by, kill=kill, reason=reason)

    def pause(self, execution_id: str, *, by: str | None) -> None:
        """Start no further nodes of it."""
        from everyrun.workflows import controlling

        controlling.pause(self._database, execution_id, by=by)

    def unpause(self, execution_id: str, *, by: str | None) -> bool:
        """Let it go on; answers whether somebody else does that.

        Raises :class:`RunsElsewhere` when somebody has it and it was not paused,
        ``AlreadySettled`` and ``NotTheEngines``.
        """
        from everyrun.domain.clock import SystemClock
        from everyrun.store.leases import lease_of
        from everyrun.workflows import controlling

        with self._database.reading() as connection:
            lease = lease_of(connection, execution_id)
        paused = lease is not None and lease.paused_at is not None
        if lease is None or paused:
            controlling.unpause(self._database, execution_id, by=by)
        if lease is None or lease.owner is None:
            return False
        if controlling.is_abandoned(lease, SystemClock().now()):
            return False
        if not paused:
            raise RunsElsewhere(say("runs_elsewhere", id=execution_id, host=lease.host))
        return True

    def answer(
        self, execution_id: str, node: str, *, approved: bool, comment: str, by: str | None
    ) -> None:
        """Say yes or no to an approval."""
        from everyrun.workflows import controlling

        controlling.answer(
            self._database, execution_id, node, approved=approved, comment=comment, by=by
        )

    def signal(self, execution_id: str, node: str, data: Any, *, by: str | None) -> None:
        """Send something to a node."""
        from everyrun.workflows import controlling

        controlling.signal(self._database, execution_id, node, data, by=by)
