"""The chore of noticing canvases of Celery that hang: what waits in them will not be sent.

Whether the body of a chord is sent is decided by a counter in the result backend; when that is gone
or stuck, no signal says so, and the canvas would wait for ever. So it would when a message is lost
on its way, or was sent to where no worker takes from. What is on record tells: see
``judging_canvases``. Such a canvas shows as ``lost`` with the reason, from its last sign of life
on, so that any sign that comes later, and be it late, takes that back.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from everyrun.domain import events
from everyrun.domain.identifiers import new_id
from everyrun.domain.status import LogLevel, Status, WorkflowKind
from everyrun.scheduler.judging_canvases import why_it_hangs
from everyrun.scheduler.missing import Missing
from everyrun.store.canvases import QuietCanvas, quiet_canvases, read_members, statuses_of
from everyrun.store.database import Database
from everyrun.store.reading.lanes import FIRST_ID
from everyrun.workflows.launching import put_on_record

QUIET = 20 * 1_000_000
"""Microseconds without a sign of life after which a canvas is looked into."""

LOOK_EVERY = 5 * 1_000_000
"""Microseconds between two looks."""

MOST_JUDGED = 300
"""Canvases looked into in one go, those that were quiet for longest first; the rest is next."""

MOST_REMEMBERED = 20_000
_GOES_ON = "It goes on: the canvas does not hang any more."


class Hanging:
    """Remembers which canvases it has looked into, and of which it told."""

    def __init__(self, on_hung: Callable[[str, str], None] | None = None) -> None:
        self._on_hung = on_hung
        self._next_at = 0
        self._after = FIRST_ID
        self._judged: dict[str, int] = {}
        self._hung: dict[str, QuietCanvas] = {}
        self._missing = Missing()

    def notice(self, database: Database, now: int) -> int:
        """Tell of canvases that hang, when it is time to look, and of those that go on; how many
        hang that did not before.
        """
        if now < self._next_at:
            return 0
        self._next_at = now + LOOK_EVERY
        with database.reading() as connection:
            quiet, end = quiet_canvases(connection, now - QUIET, self._after)
        unknown = [each for each in quiet if self._judged.get(each.id) != each.updated_at]
        judged = sorted(unknown, key=lambda each: each.seen_at)[:MOST_JUDGED]
        hung = [(each, why) for each in judged if (why := _why(database, each)) is not None]
        if end is None and self._after == FIRST_ID:
            # What does not run or is not quiet any more need not be remembered.
            still = {each.id for each in quiet}
            self._judged = {id_: at for id_, at in self._judged.items() if id_ in still}
        self._after = end or FIRST_ID
        self._judged.update((each.id, each.updated_at) for each in judged)
        while len(self._judged) > MOST_REMEMBERED:
            del self._judged[next(iter(self._judged))]
        self._take_back(database, now)
        told = {each.id for each, _ in hung} | self._hung.keys()
        hung += self._missing.found(database, now - QUIET, now, told)
        for canvas, why in hung:
            self._tell(database, canvas, why, now)
        return len(hung)

    def _tell(self, database: Database, canvas: QuietCanvas, why: str, now: int) -> None:
        lost = events.ExecutionLost(**_of(canvas), at=canvas.seen_at, reason=why)
        database.transact(_recording([lost, _line(canvas, now, LogLevel.WARNING, why)], now))
        self._hung[canvas.id] = canvas
        if self._on_hung is not None:
            self._on_hung(canvas.id, why)

    def _take_back(self, database: Database, now: int) -> None:
        """Say of those that go on that they do."""
        if not self._hung:
            return
        with database.reading() as connection:
            statuses = statuses_of(connection, list(self._hung))
        for id_, canvas in list(self._hung.items()):
            status = statuses.get(id_)
            if status == Status.LOST:
                continue
            del self._hung[id_]
            if status is not None:
                line = _line(canvas, now, LogLevel.INFO, _GOES_ON)
                database.transact(_recording([line], now))


def _why(database: Database, canvas: QuietCanvas) -> str | None:
    with database.reading() as connection:
        return why_it_hangs(read_members(connection, canvas.id))


def _of(canvas: QuietCanvas) -> dict[str, Any]:
    return {
        "execution_id": canvas.id,
        "workflow": canvas.workflow,
        "kind": WorkflowKind.CELERY.value,
    }


def _line(canvas: QuietCanvas, now: int, level: LogLevel, message: str) -> events.LineLogged:
    return events.LineLogged(**_of(canvas), id=new_id(), at=now, level=level, message=message)


def _recording(told: list[events.AnyEvent], now: int) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        put_on_record(connection, told, now)

    return work
