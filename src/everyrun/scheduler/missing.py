"""Canvases of Celery that wait for what is nowhere.

A broker may lose a message with the process that had just taken it, and a message may lie in a
queue that no worker takes from. No signal says so. But where all workers that are up have had
nothing to do for a while, and all their queues were empty, whatever was sent before is with none of
them.
"""

from collections.abc import Collection

from everyrun.domain.clock import to_datetime
from everyrun.scheduler.judging_canvases import why_it_is_nowhere
from everyrun.store.canvases import QuietCanvas, read_waiting, waiting_canvases
from everyrun.store.database import Database
from everyrun.store.idle_workers import idle_since

ON_ITS_WAY = 5 * 1_000_000
"""Microseconds that a message may take from its sender to where it is seen."""

MOST_JUDGED = 300
"""Canvases looked into in one go; the rest is next."""


class Missing:
    """Remembers which canvases it has looked into."""

    def __init__(self) -> None:
        self._judged: dict[str, int] = {}

    def found(
        self, database: Database, quiet_since: int, now: int, told: Collection[str]
    ) -> list[tuple[QuietCanvas, str]]:
        """Those that wait for what is nowhere, with the reason, without those that were told of.

        ``quiet_since`` and ``now`` in microseconds UTC.
        """
        found: list[tuple[QuietCanvas, str]] = []
        with database.reading() as connection:
            idle = idle_since(connection)
            if idle is None:
                self._judged.clear()
                return []
            quiet = waiting_canvases(connection, min(quiet_since, idle - ON_ITS_WAY))
            unknown = [
                each
                for each in quiet
                if each.id not in told and self._judged.get(each.id) != each.updated_at
            ]
            for canvas in unknown[:MOST_JUDGED]:
                self._judged[canvas.id] = canvas.updated_at
                why = why_it_is_nowhere(read_waiting(connection, canvas.id), to_datetime(now))
                if why is not None:
                    found.append((canvas, why))
        still = {each.id for each in quiet}
        self._judged = {id_: at for id_, at in self._judged.items() if id_ in still}
        return found
