"""What one server process has: its ledger, its settings, its clock, its threads."""

from anyio import CapacityLimiter

from everyrun.domain.clock import Clock, SystemClock
from everyrun.domain.errors import EventRejected, SinkUnavailable
from everyrun.domain.events import Batch
from everyrun.server.access.callers import Caller
from everyrun.server.access.noting import Notes
from everyrun.server.access.oidc.flow import OpenIdProvider
from everyrun.server.access.origins import KnownOrigins
from everyrun.server.access.passwords import Passwords
from everyrun.server.access.rates import Rates
from everyrun.server.access.recognising import Recogniser, Shown
from everyrun.server.answers import Answers
from everyrun.server.gathering import Gathering
from everyrun.server.lanes import Lane
from everyrun.server.metrics import Metrics
from everyrun.server.metrics.figures import Figures
from everyrun.server.newest import NewestChange
from everyrun.server.settings import ServerSettings
from everyrun.server.standing import Standing
from everyrun.server.watching import Watching
from everyrun.store.database import Database
from everyrun.store.explaining import explained
from everyrun.store.intake import Intake
from everyrun.store.marks import Mark, marks_of
from everyrun.tracking.settings import Settings

_RETRY_SECONDS = 1.0
_AT_THE_DOOR = 4
_WAITING_AT_THE_DOOR = 100


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
        self.ingest = Lane(self.settings.ingest_at_once, self.settings.ingest_waiting)
        """Where batches of events wait for their turn."""
        self.metrics = Metrics()
        self.figures = Figures(database, self.clock, Settings.from_environment())
        self.is_ending = False
        """Whether it takes no new work any more and is about to end."""
        self._intake = Intake(database, self.clock)
        self.notes = Notes(database)
        self.newest = NewestChange(database, self.settings.remembered_seconds)
        self._told = ""
        self.standing = Standing(self.settings.remembered_seconds)
        self.answers = Answers()
        self.watching = Watching(self._marks, self.threads, self.settings.remembered_seconds)
        self.recogniser = Recogniser(database, self.clock, self.settings, self.notes)
        self.callers = Gathering(self._recognise, self.threads)
        """Whom those who knock stand for."""
        self.passwords = Passwords()
        self.door = Lane(_AT_THE_DOOR, _WAITING_AT_THE_DOOR)
        """Where those wait whose passwords are looked at."""
        self.provider_lane = Lane(_AT_THE_DOOR, _WAITING_AT_THE_DOOR)
        """Where those wait for whom the OpenID provider is asked."""
        self.openid = (
            OpenIdProvider(self.settings, self.clock) if self.settings.oidc_issuer else None
        )
        self.origins = KnownOrigins(self.settings)
        rate, burst = self.settings.rate_limit, self.settings.rate_burst
        self.rates = Rates(rate, burst, self.clock)
        """How often each caller may ask."""
        self.strangers = Rates(rate, burst, self.clock)
        """How often each address may try a token or a cookie that lets nobody in."""

    def take(self, batch: Batch) -> None:
        """Take events into the ledger. Raises :class:`EventRejected`, :class:`SinkUnavailable`."""
        self.metrics.waiting.set(self.ingest.depth)
        try:
            self._intake.take(batch)
        except EventRejected:
            self.metrics.batch("rejected")
            raise
        except SinkUnavailable as error:
            self.metrics.batch("unavailable")
            error.retry_after = error.retry_after or _RETRY_SECONDS
            raise
        self.metrics.batch("taken")
        self.metrics.ingested.inc(len(batch.events))

    def _recognise(self, shown: list[Shown]) -> dict[Shown, Caller | None]:
        with explained():
            return self.recogniser.recognise_all(shown)

    def _marks(self, ids: list[str]) -> dict[str, Mark]:
        with explained(), self.database.reading(self.settings.query_seconds) as connection:
            return marks_of(connection, ids)

    def told(self, cursor: str) -> None:
        """Somebody is told of changes up to ``cursor``: no poll is answered from before them."""
        if cursor != self._told:
            self._told = cursor
            self.standing.forget()
            self.watching.forget()

    def forget_what_was(self) -> None:
        """Answer no poll by what was read before: something was written here."""
        self.newest.forget()
        self.standing.forget()
        self.watching.forget()

    def close(self) -> None:
        """Write what is to be noted; the ledger stays open."""
        self.notes.close()
