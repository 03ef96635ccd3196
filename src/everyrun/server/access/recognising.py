"""Telling who calls, by the token or the cookie that they send."""

from threading import Lock

from everyrun.domain.clock import Clock
from everyrun.server.access.callers import Caller
from everyrun.server.access.noting import Notes
from everyrun.server.access.settings import AccessSettings
from everyrun.store.access.callers import caller_of_session, caller_of_token
from everyrun.store.access.sessions import SEEN_NOTED_EVERY, note_seen
from everyrun.store.access.tokens import USE_NOTED_EVERY, note_use
from everyrun.store.database import Database

REMEMBERED_MICROSECONDS = 5_000_000
"""How long somebody is believed without asking the ledger: a revocation elsewhere takes as long."""
_MOST_REMEMBERED = 10_000
_SECOND = 1_000_000


class Recogniser:
    """Knows callers by the hashes of their secrets. Safe to share between threads."""

    def __init__(
        self, database: Database, clock: Clock, settings: AccessSettings, notes: Notes
    ) -> None:
        self._database = database
        self._clock = clock
        self._idle = int(settings.session_idle_seconds * _SECOND)
        self._notes = notes
        self._lock = Lock()
        self._known: dict[tuple[str, str], tuple[int, Caller]] = {}

    def remembered(self, kind: str, hashed: str) -> Caller | None:
        """Whom a ``token`` or a ``session`` stands for, where that was asked a moment ago."""
        found = self._known.get((kind, hashed))
        if found is None or self._clock.now() >= found[0]:
            return None
        return found[1]

    def recognise(self, kind: str, hashed: str, address: str) -> Caller | None:
        """Whom a ``token`` or a ``session`` stands for; asks the ledger."""
        now = self._clock.now()
        generation = self._known
        found = (self._token if kind == "token" else self._session)(hashed, address, now)
        if found is None:
            return None
        caller, expires_at = found
        until = now + REMEMBERED_MICROSECONDS
        with self._lock:
            # What was asked before somebody was to be forgotten is not remembered after it.
            if self._known is generation:
                if len(generation) >= _MOST_REMEMBERED:
                    generation.clear()
                generation[kind, hashed] = (
                    until if expires_at is None else min(until, expires_at),
                    caller,
                )
        return caller

    def forget(self) -> None:
        """Ask the ledger anew for everybody; for when somebody is to be let in no more."""
        with self._lock:
            self._known = {}

    def _token(self, hashed: str, address: str, now: int) -> tuple[Caller, int | None] | None:
        with self._database.reading() as connection:
            found = caller_of_token(connection, hashed, now)
        if found is None:
            return None
        if found.last_used_at is None or found.last_used_at <= now - USE_NOTED_EVERY:
            self._notes.add(lambda connection: note_use(connection, found.id, now, address))
        name = found.user_name or found.name
        return Caller("token", found.id, name, found.role, found.user_id), found.expires_at

    def _session(self, hashed: str, address: str, now: int) -> tuple[Caller, int | None] | None:
        with self._database.reading() as connection:
            found = caller_of_session(connection, hashed, now, self._idle)
        if found is None:
            return None
        if found.last_seen_at <= now - SEEN_NOTED_EVERY:
            self._notes.add(lambda connection: note_seen(connection, found.id, now, address))
        kind, id_ = ("user", found.user_id) if found.token_id is None else ("token", found.token_id)
        caller = Caller(kind, id_ or "", found.name, found.role, found.user_id, found.id)
        return caller, min(found.expires_at, found.last_seen_at + self._idle)
