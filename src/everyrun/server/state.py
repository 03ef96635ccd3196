"""What one server process has: its ledger, its settings, its clock, its threads."""

from anyio import CapacityLimiter

from everyrun.domain.clock import Clock, SystemClock
from everyrun.server.access.noting import Notes
from everyrun.server.access.oidc.flow import OpenIdProvider
from everyrun.server.access.origins import KnownOrigins
from everyrun.server.access.passwords import Passwords
from everyrun.server.access.rates import Rates
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
        self.notes = Notes(database)
        self.recogniser = Recogniser(database, self.clock, self.settings, self.notes)
        self.passwords = Passwords()
        self.openid = (
            OpenIdProvider(self.settings, self.clock) if self.settings.oidc_issuer else None
        )
        self.origins = KnownOrigins(self.settings)
        rate, burst = self.settings.rate_limit, self.settings.rate_burst
        self.rates = Rates(rate, burst, self.clock)
        """How often each caller may ask."""
        self.strangers = Rates(rate, burst, self.clock)
        """How often each address may try a token or a cookie that lets nobody in."""

    def close(self) -> None:
        """Write what is to be noted; the ledger stays open."""
        self.notes.close()
