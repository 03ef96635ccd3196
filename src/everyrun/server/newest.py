"""How far changes can be read by now, remembered for a moment by each process.

So a poll that finds nothing new costs no question to the ledger, however many there are.
"""

from threading import Lock
from time import monotonic

from everyrun.store.changes.positions import Newest, newest_change
from everyrun.store.database import Database


class NewestChange:
    """Asks the ledger at most so often. What it answers may be older than the ledger, never newer:
    who goes by it is told of a change a moment later, and misses none.
    """

    def __init__(self, database: Database, remembered_seconds: float) -> None:
        self._database = database
        self._remembered_seconds = remembered_seconds
        self._lock = Lock()
        self._known: tuple[float, Newest] | None = None

    def look(self) -> Newest:
        """The newest change, as of a moment ago."""
        with self._lock:
            known = self._known
            if known is not None and monotonic() - known[0] < self._remembered_seconds:
                return known[1]
            began = monotonic()
            with self._database.reading() as connection:
                newest = newest_change(connection)
            self._known = (began, newest)
            return newest

    def forget(self) -> None:
        """Ask again next time: this process has just written something."""
        self._known = None
