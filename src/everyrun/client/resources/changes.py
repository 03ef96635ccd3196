"""What changed lately, asked for again and again."""

from collections.abc import Iterator

from everyrun.client.transport import API, Transport
from everyrun.domain.views.changes import ChangesAnswer

_MILLISECONDS = 1000


class Changes:
    """``client.changes``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(self, after: str | None = None, *, limit: int = 100) -> ChangesAnswer:
        """Changes after a cursor, oldest first; without one, only the cursor to begin with."""
        return self._transport.get(f"{API}/changes", ChangesAnswer, after=after, limit=limit)

    def follow(self, after: str | None = None) -> Iterator[ChangesAnswer]:
        """The answers that have something to tell, for ever.

        The first one has nothing but the cursor ``next``. One with ``reset`` says that changes may
        have been missed. It asks as often as the server says.
        """
        is_first = True
        while True:
            page = self.page(after)
            after = page.next
            if page.items or page.reset or is_first:
                yield page
            is_first = False
            if page.poll_after_ms:
                self._transport.wait(page.poll_after_ms / _MILLISECONDS)
