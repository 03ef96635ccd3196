"""What was logged, read from the database."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from everyrun.domain.clock import SystemClock
from everyrun.domain.views.logs import LogPage, LogSearchPage

if TYPE_CHECKING:
    from everyrun.cli.log_search import SearchRequest
    from everyrun.store.database import Database


class LogsHere:
    """Log lines of an open database."""

    def __init__(self, database: "Database") -> None:
        self._database = database

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
        from everyrun.store.explaining import explained
        from everyrun.store.reading.logs import tail

        with explained(), self._database.reading() as connection:
            return tail(
                connection,
                execution_id,
                after=position,
                limit=limit,
                levels=levels,
                node_execution_id=node_execution_id,
                now=SystemClock().now(),
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
        from everyrun.store.reading.logs import last_lines

        with self._database.reading() as connection:
            return last_lines(
                connection,
                execution_id,
                count,
                levels=levels,
                node_execution_id=node_execution_id,
                now=SystemClock().now(),
            )

    def search(
        self, request: "SearchRequest", execution_id: str | None, *, limit: int, cursor: str | None
    ) -> LogSearchPage:
        """One bounded search."""
        from everyrun.store.reading.logs import search

        with self._database.reading() as connection:
            return search(
                connection,
                text=request.text,
                levels=request.levels,
                workflow=request.workflow,
                execution_id=execution_id,
                since=request.since,
                until=request.until,
                limit=limit,
                cursor=cursor,
            )
