"""What was logged, as a server tells it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from everyrun.domain.views.logs import LogPage, LogSearchPage

if TYPE_CHECKING:
    from everyrun.cli.log_search import SearchRequest
    from everyrun.client import Client


class LogsThere:
    """Log lines of a server's ledger."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def after(
        self,
        execution_id: str,
        position: int,
        *,
        limit: int,
        levels: Sequence[str],
        node_execution_id: str | None,
    ) -> LogPage:
        """The lines after a position."""
        return self._client.logs.page(
            execution_id, after=position, limit=limit, level=levels, node=node_execution_id
        )

    def last(
        self,
        execution_id: str,
        count: int,
        *,
        levels: Sequence[str],
        node_execution_id: str | None,
    ) -> LogPage:
        """The latest lines."""
        return self._client.logs.page(
            execution_id, tail=count, level=levels, node=node_execution_id
        )

    def search(
        self, request: "SearchRequest", execution_id: str | None, *, limit: int, cursor: str | None
    ) -> LogSearchPage:
        """One bounded search."""
        return self._client.logs.search(
            request.text,
            level=request.levels,
            workflow=request.workflow,
            execution=execution_id,
            since=request.since,
            until=request.until,
            limit=limit,
            cursor=cursor,
        )
