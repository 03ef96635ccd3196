"""Reading a log from its tail onwards by the reading room's cursor, as the page and curl do."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.status import LogLevel

if TYPE_CHECKING:
    from everyrun.store.database import Database
    from everyrun.store.reading.logs import LogLine
    from everyrun.store.reading.summaries import ExecutionSummary

PAGE = 500
_MILLISECONDS = 1000


class Tail:
    """The lines of one execution, or of one of its node executions."""

    def __init__(
        self,
        database: "Database",
        execution_id: str,
        levels: Sequence[LogLevel] = (),
        node_execution_id: str | None = None,
    ) -> None:
        self.database = database
        self.execution_id = execution_id
        self.levels = tuple(levels)
        self.node_execution_id = node_execution_id

    def pages(
        self, *, begin: int | None, follow: bool, pause: Callable[[float], object]
    ) -> "Iterator[list[LogLine]]":
        """Pages of lines as they come.

        Begins with the last ``begin`` lines, None for the first one on. With ``follow`` it goes on
        until the execution has settled and every line was read; ``pause`` waits seconds between
        polls, as many as the ledger asks for.
        """
        from everyrun.store.reading.logs import tail

        after = 0
        if begin is not None:
            lines, after, done = self._last(begin)
            yield lines
            if done or not follow:
                return
        while True:
            with self.database.reading() as connection:
                page = tail(
                    connection,
                    self.execution_id,
                    after=after,
                    limit=PAGE,
                    levels=self.levels,
                    node_execution_id=self.node_execution_id,
                )
            if page.lines:
                yield page.lines
            stuck = page.next == after
            after = page.next
            if page.done or (stuck and not follow):
                return
            if stuck:
                pause(page.poll_after_ms / _MILLISECONDS)

    def summary(self) -> "ExecutionSummary":
        """How the execution stands. Raises :class:`NotOnRecord` when it was deleted meanwhile."""
        from everyrun.store.reading.summaries import read_summaries

        with self.database.reading() as connection:
            for summary in read_summaries(connection, [self.execution_id]):
                return summary
        raise NotOnRecord

    def _last(self, count: int) -> "tuple[list[LogLine], int, bool]":
        from everyrun.store.reading.logs import last_lines

        with self.database.reading() as connection:
            page = last_lines(
                connection,
                self.execution_id,
                count,
                levels=self.levels,
                node_execution_id=self.node_execution_id,
            )
        return page.lines, page.next, page.done
