"""What is counted, as a server tells it."""

from datetime import datetime
from typing import TYPE_CHECKING

from everyrun.cli.errors import NeedsDatabase
from everyrun.cli.messages import say

if TYPE_CHECKING:
    from everyrun.cli.statistics import Statistics
    from everyrun.client import Client


class FiguresThere:
    """Figures of a server's ledger."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def statistics(
        self, workflow: str | None, bounds: tuple[datetime | None, ...], zone: str, now: datetime
    ) -> "Statistics":
        """All figures."""
        raise NeedsDatabase(say("needs_database", url=self._client.url))
