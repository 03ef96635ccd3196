"""A panel that polls for changes, as a test's eye."""

from everyrun.domain.views.changes import ChangeItem
from everyrun.store.database import Database
from everyrun.store.reading.changes import read_changes


class Follower:
    """Remembers its cursor; ``poll`` answers what is new. It must never have to begin anew."""

    def __init__(self, database: Database, limit: int = 100) -> None:
        self._database = database
        self._limit = limit
        with database.reading() as connection:
            self.cursor = read_changes(connection, None).next

    def poll(self) -> list[ChangeItem]:
        """Everything since the last poll, page by page."""
        found: list[ChangeItem] = []
        more = True
        while more:
            with self._database.reading() as connection:
                page = read_changes(connection, self.cursor, self._limit)
            assert not page.reset
            assert len(page.items) <= self._limit
            self.cursor, more = page.next, page.more
            found += page.items
        return found

    def types(self) -> list[str]:
        """The types of everything since the last poll."""
        return [item.type for item in self.poll()]
