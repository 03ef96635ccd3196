"""One request of somebody who was let in, as its handler sees it."""

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from everyrun.domain.version import VERSION
from everyrun.server.access.callers import Caller
from everyrun.server.access.errors import NotLetIn
from everyrun.server.etags import etag_of, is_known
from everyrun.server.languages import preferred_language
from everyrun.server.settings import ServerSettings
from everyrun.server.state import Server
from everyrun.server.zones import checked_zone, machine_zone
from everyrun.store.connections import Connection
from everyrun.store.database import Database
from everyrun.store.explaining import explained
from everyrun.store.marks import Mark


class NotModified(Exception):
    """The caller has what would be answered already."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


class Visit:
    """Who asks, for what, and the means to answer."""

    def __init__(self, server: Server, request: Request, caller: Caller | None) -> None:
        self.server = server
        self.request = request
        self.guest = caller
        """Who asks, None on public routes."""
        self.etag: str | None = None
        self.headers: dict[str, str] = {}
        """Headers to send with the answer."""
        self.mark: Mark | None = None
        """That of the execution whose state the answer shows, once it was read for that."""
        self.target: str | None = None
        """What a change turned out to be about, for the audit log."""

    @property
    def caller(self) -> Caller:
        """Who asks. Raises :class:`NotLetIn` where nobody had to say who they are."""
        if self.guest is None:
            raise NotLetIn
        return self.guest

    @property
    def by(self) -> str:
        """The caller's name, as what they ask for is put on record."""
        return self.caller.name

    @property
    def database(self) -> Database:
        """The ledger."""
        return self.server.database

    @property
    def settings(self) -> ServerSettings:
        """The server's settings."""
        return self.server.settings

    @property
    def now(self) -> int:
        """Microseconds UTC."""
        return self.server.clock.now()

    @property
    def address(self) -> str:
        """Where the request came from."""
        client = self.request.client
        return "" if client is None else client.host

    @property
    def language(self) -> str:
        """``ko`` or ``en``, as the caller's Accept-Language prefers; English without one."""
        return preferred_language(self.request.headers.get("accept-language", "")) or "en"

    def zone(self, asked: str | None) -> str:
        """The zone asked for, else the server's. Raises :class:`InvalidQuery` for no zone."""
        return checked_zone(asked) if asked else self.settings.timezone or machine_zone()

    @contextmanager
    def reading(self, seconds: float | None = None) -> Iterator[Connection]:
        """A transaction that only reads: one snapshot of the ledger.

        What takes longer than ``seconds`` (None: than the server's limit) is cut off. Raises
        :class:`QueryTooSlow`.
        """
        limit = self.settings.query_seconds if seconds is None else seconds
        with explained(), self.database.reading(limit) as connection:
            yield connection

    @property
    def has_no_state(self) -> bool:
        """Whether the caller names no state of the answer that they have already."""
        return "if-none-match" not in self.request.headers

    def known(self, *parts: object) -> str:
        """Name the answer's state by ``parts``, before making it; answers its ETag.

        They must differ whenever the answer would. Raises :class:`NotModified` when the caller
        has the answer of this state already.
        """
        query = self.request.scope["query_string"].decode("latin-1")
        # With the version, for another may say more of the same state.
        state = (*parts, self.request.url.path, query, VERSION)
        self.etag = etag_of(repr(state).encode())
        if is_known(self.request.headers.get("if-none-match"), self.etag):
            raise NotModified(self.etag)
        return self.etag
