"""Log lines: one execution's, read and followed by cursor, and all of them, searched."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from everyrun.client.transport import API, Transport, part
from everyrun.domain.views.logs import FoundLine, LogLine, LogPage, LogSearchPage

_MILLISECONDS = 1000


class Logs:
    """``client.logs``. An execution is named by its id, the beginning of it, or its external id."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(
        self,
        execution: str,
        *,
        after: int | None = None,
        before: int | None = None,
        tail: int | None = None,
        limit: int = 500,
        level: Sequence[str] = (),
        node: str | None = None,
    ) -> LogPage:
        """Lines of one execution in the order in which they arrived, 1 to 1,000.

        From the first one on, ``after`` a position, the latest ``before`` one, or the ``tail``.
        Raises ``NotOnRecord`` and ``AmbiguousId``.
        """
        return self._transport.get(
            f"{API}/executions/{part(execution)}/logs",
            LogPage,
            after=after,
            before=before,
            tail=tail,
            limit=limit,
            level=list(level),
            node=node,
        )

    def follow(
        self,
        execution: str,
        *,
        after: int = 0,
        level: Sequence[str] = (),
        node: str | None = None,
    ) -> Iterator[LogLine]:
        """The lines of one execution as they come, until it has settled and all were read.

        It asks as often as the server says. One whose process is gone has not settled, and may go
        on: whoever does not want to wait for that ends the loop.
        """
        while True:
            page = self.page(execution, after=after, level=level, node=node)
            yield from page.lines
            if page.done:
                return
            after = page.next
            if page.poll_after_ms:
                self._transport.wait(page.poll_after_ms / _MILLISECONDS)

    def search(
        self,
        text: str | None = None,
        *,
        level: Sequence[str] = (),
        workflow: str | None = None,
        execution: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> LogSearchPage:
        """A page of lines that contain a text, newest first, by bounded work.

        ``searched_to`` says how far back it came where the page is not full.
        """
        return self._transport.get(
            f"{API}/logs",
            LogSearchPage,
            text=text,
            level=list(level),
            workflow=workflow,
            execution=execution,
            since=since,
            until=until,
            limit=limit,
            cursor=cursor,
        )

    def all_found(self, text: str | None = None, **filters: Any) -> Iterator[FoundLine]:
        """All lines that are found, newest first; the filters of :meth:`search`."""
        cursor: str | None = None
        while True:
            page = self.search(text, **{"limit": 500, **filters, "cursor": cursor})
            yield from page.lines
            cursor = page.next
            if cursor is None:
                return
