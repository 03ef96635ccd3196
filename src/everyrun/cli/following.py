"""Reading a log from its tail onwards by the reading room's cursor, as the page and curl do."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from everyrun.domain.errors import SinkUnavailable
from everyrun.domain.status import LogLevel, Status

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.domain.views.executions import ExecutionSummary
    from everyrun.domain.views.logs import LogLine, LogPage

PAGE = 500
TRIES_IN_AN_OUTAGE = 30
SECONDS_BETWEEN_TRIES = 2.0
_MILLISECONDS = 1000

Answer = TypeVar("Answer")


class Tail:
    """The lines of one execution, or of one of its node executions."""

    def __init__(
        self,
        ledger: "Ledger",
        execution_id: str,
        levels: Sequence[LogLevel] = (),
        node_execution_id: str | None = None,
    ) -> None:
        self.ledger = ledger
        self.execution_id = execution_id
        self.levels = tuple(levels)
        self.node_execution_id = node_execution_id

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
        """How the execution stands. Raises ``NotOnRecord`` when it was deleted meanwhile."""
        return self.ledger.executions.summary(self.execution_id)

    def _first(self, begin: int | None) -> "LogPage":
        if begin is None:
            return self._after(0)
        page = self.ledger.logs.last(
            self.execution_id,
            max(begin, 1),
            levels=self.levels,
            node_execution_id=self.node_execution_id,
        )
        if begin == 0:
            page.lines = []
        return page

    def _after(self, position: int) -> "LogPage":
        return self.ledger.logs.after(
            self.execution_id,
            position,
            limit=PAGE,
            levels=self.levels,
            node_execution_id=self.node_execution_id,
        )


def outlasting(ask: Callable[[], Answer], pause: Callable[[float], object]) -> Answer:
    """What the ledger answers, also when it is away for a minute: who follows a log can wait."""
    for _ in range(TRIES_IN_AN_OUTAGE):
        try:
            return ask()
        except SinkUnavailable:
            pause(SECONDS_BETWEEN_TRIES)
    return ask()
