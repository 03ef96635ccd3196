"""Reading a log from its tail onwards by the reading room's cursor, as the page and curl do."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import NotOnRecord, SinkUnavailable
from everyrun.domain.status import LogLevel, Status

if TYPE_CHECKING:
    from everyrun.domain.views.executions import ExecutionSummary
    from everyrun.domain.views.logs import LogLine, LogPage
    from everyrun.store.database import Database

PAGE = 500
TRIES_IN_AN_OUTAGE = 30
SECONDS_BETWEEN_TRIES = 2.0
_MILLISECONDS = 1000

Answer = TypeVar("Answer")


class Tail:
    """The lines of one execution, or of one of its node executions."""

    def __init__(
        self,
        database: "Database",
        execution_id: str,
        levels: Sequence[LogLevel] = (),
        node_execution_id: str | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.database = database
        self.execution_id = execution_id
        self.levels = tuple(levels)
        self.node_execution_id = node_execution_id
        self.clock = clock or SystemClock()

    def pages(
        self, *, begin: int | None, follow: bool, pause: Callable[[float], object]
    ) -> "Iterator[list[LogLine]]":
        """Pages of lines as they come.

        Begins with the last ``begin`` lines, None for the first one on. With ``follow`` it goes on
        until the execution has settled and every line was read, or until it is lost; ``pause``
        waits seconds between polls, as many as the ledger asks for.
        """
        page = self._first(begin)
        while True:
            if page.lines:
                yield page.lines
            if page.done or (page.poll_after_ms and not follow):
                return
            if page.poll_after_ms:
                if outlasting(self.summary, pause).status == Status.LOST:
                    return
                pause(page.poll_after_ms / _MILLISECONDS)
            page = outlasting(partial(self._after, page.next), pause)

    def summary(self) -> "ExecutionSummary":
        """How the execution stands. Raises :class:`NotOnRecord` when it was deleted meanwhile."""
        from everyrun.store.reading.summaries import read_summaries

        with self.database.reading() as connection:
            for summary in read_summaries(connection, [self.execution_id]):
                return summary
        raise NotOnRecord

    def _first(self, begin: int | None) -> "LogPage":
        from everyrun.store.reading.logs import last_lines

        if begin is None:
            return self._after(0)
        with self.database.reading() as connection:
            page = last_lines(
                connection,
                self.execution_id,
                max(begin, 1),
                levels=self.levels,
                node_execution_id=self.node_execution_id,
                now=self.clock.now(),
            )
        if begin == 0:
            page.lines = []
        return page

    def _after(self, position: int) -> "LogPage":
        from everyrun.store.reading.logs import tail

        with self.database.reading() as connection:
            return tail(
                connection,
                self.execution_id,
                after=position,
                limit=PAGE,
                levels=self.levels,
                node_execution_id=self.node_execution_id,
                now=self.clock.now(),
            )


def outlasting(ask: Callable[[], Answer], pause: Callable[[float], object]) -> Answer:
    """What the ledger answers, also when it is away for a minute: who follows a log can wait."""
    from everyrun.store.explaining import explained

    for _ in range(TRIES_IN_AN_OUTAGE):
        try:
            with explained():
                return ask()
        except SinkUnavailable:
            pause(SECONDS_BETWEEN_TRIES)
    return ask()
