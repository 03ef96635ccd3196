"""Asking something of executions by a server. Who asks is known to it by the token."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from everyrun.client import Client


class ControlsThere:
    """What can be asked of the executions of a server's ledger."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def cancel(self, execution_id: str, *, by: str | None, kill: bool, reason: str | None) -> bool:
        """Have it end; answers whether it has already."""
        return self._client.executions.cancel(execution_id, kill=kill, reason=reason).cancelled

    def pause(self, execution_id: str, *, by: str | None) -> None:
        """Start no further nodes of it."""
        self._client.executions.pause(execution_id)

    def unpause(self, execution_id: str, *, by: str | None) -> bool:
        """Let it go on, which is the server's to do."""
        self._client.executions.resume(execution_id)
        return True

    def answer(
        self, execution_id: str, node: str, *, approved: bool, comment: str, by: str | None
    ) -> None:
        """Say yes or no to an approval."""
        self._client.executions.answer(execution_id, node, approved=approved, comment=comment)

    def signal(self, execution_id: str, node: str, data: Any, *, by: str | None) -> None:
        """Send something to a node."""
        self._client.executions.signal(execution_id, node, data)
