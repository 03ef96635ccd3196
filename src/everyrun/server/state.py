"""What one server process has: its ledger, its settings, its clock, its threads."""

from anyio import CapacityLimiter

from everyrun.domain.clock import Clock, SystemClock
from everyrun.server.access.recognising import Recogniser
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database


class Server:
    """One process that answers. Shared by all of its requests."""

    def __init__(
        self,
        database: Database,
        settings: ServerSettings | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        self.database = database
        self.settings = settings or ServerSettings()
        self.clock = clock or SystemClock()
        self.threads = CapacityLimiter(self.settings.threads)
        self.recogniser = Recogniser(database, self.clock)
