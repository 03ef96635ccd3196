"""What changed: the one thing that an open page polls."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import InvalidCursor
from everyrun.domain.roles import Role
from everyrun.domain.views.changes import ChangesAnswer, ChangesPage
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.changes.positions import Newest
from everyrun.store.reading.changes import MOST_CHANGES, read_changes

routes = Routes("/api/v1", tag="changes")

POLL_MS = 2_000
IDLE_POLL_MS = 5_000
IDLE_AFTER = timedelta(minutes=1)

After = Annotated[
    str | None, Query(max_length=200, description="`next` of the last answer; none at first.")
]
Limit = Annotated[int, Query(ge=1, le=MOST_CHANGES)]


@routes.get(
    "/changes", role=Role.VIEWER, answers=ChangesAnswer, polled=True, raises=(InvalidCursor,)
)
def changes(visit: Visit, after: After = None, limit: Limit = 100) -> ChangesAnswer:
    """What appeared, moved, settled or was altered since the last time.

    Ask without `after` first and remember `next`, then read what is shown, then ask with the
    cursor again and again. Changes come in the order in which they were committed, none twice and
    none left out; one is told a moment after it is committed. With `reset`, changes may have been
    missed: read what is shown anew. Cursors and ETags are those of every server of the ledger.
    """
    newest = visit.server.newest.look()
    page = _page(visit, newest, after, limit)
    if page.next != after:
        visit.server.told(page.next)
    last = page.items[-1].at if page.items else newest.at
    poll_after_ms = 0 if page.more else _pause(last, to_datetime(visit.now))
    visit.known(page.next, page.more, page.reset, poll_after_ms)
    return ChangesAnswer(
        items=page.items,
        next=page.next,
        more=page.more,
        reset=page.reset,
        poll_after_ms=poll_after_ms,
    )


def _page(visit: Visit, newest: Newest, after: str | None, limit: int) -> ChangesPage:
    cursor = newest.position.cursor
    if after is None or after == cursor:
        return ChangesPage(items=[], next=cursor, more=False, reset=False)
    with visit.reading() as connection:
        return read_changes(connection, after, limit)


def _pause(last: datetime | None, now: datetime) -> int:
    """Milliseconds until the next question: more while nothing moves."""
    is_idle = last is None or abs(now - last) > IDLE_AFTER
    return IDLE_POLL_MS if is_idle else POLL_MS
