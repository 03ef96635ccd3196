"""Telling who calls, by the token or the cookie that they send."""

from collections.abc import Sequence
from threading import Lock
from typing import NamedTuple

from everyrun.domain.clock import Clock
from everyrun.server.access.callers import Caller
from everyrun.server.access.noting import Notes
from everyrun.server.access.settings import AccessSettings
from everyrun.store.access.callers import (
    SessionCaller,
    TokenCaller,
    callers_of_sessions,
    callers_of_tokens,
)
from everyrun.store.access.sessions import SEEN_NOTED_EVERY, note_seen
from everyrun.store.access.tokens import USE_NOTED_EVERY, note_use
from everyrun.store.connections import Connection
from everyrun.store.database import Database

REMEMBERED_MICROSECONDS = 5_000_000
"""How long somebody is believed without asking the ledger: a revocation elsewhere takes as long."""
_MOST_REMEMBERED = 10_000
_SECOND = 1_000_000


class Shown(NamedTuple):
    """What a request shows to be let in: the hash of a ``token`` or of a ``session``'s secret."""

    kind: str
    hashed: str
    address: str


Memory = dict[tuple[str, str], tuple[int, Caller]]
Found = dict[Shown, tuple[Caller, int | None]]
"""Callers, and until when they are good, in microseconds UTC."""


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
        self._known: Memory = {}

    def remembered(self, kind: str, hashed: str) -> Caller | None:
        """Whom a ``token`` or a ``session`` stands for, where that was asked a moment ago."""
        found = self._known.get((kind, hashed))
        if found is None or self._clock.now() >= found[0]:
            return None
        return found[1]

    def recognise(self, kind: str, hashed: str, address: str) -> Caller | None:
        """Whom a ``token`` or a ``session`` stands for; asks the ledger."""
        shown = Shown(kind, hashed, address)
        return self.recognise_all([shown])[shown]

    def recognise_all(self, shown: Sequence[Shown]) -> dict[Shown, Caller | None]:
        """Whom each of these stands for; asks the ledger once for all."""
        now = self._clock.now()
        generation = self._known
        with self._database.reading() as connection:
            tokens = self._tokens(connection, [each for each in shown if each.kind == "token"], now)
            sessions = self._sessions(
                connection, [each for each in shown if each.kind == "session"], now
            )
        found = tokens | sessions
        for each, (caller, expires_at) in found.items():
            self._remember(generation, each, caller, expires_at, now)
        return {each: found[each][0] if each in found else None for each in shown}

    def _remember(
        self,
        generation: Memory,
        shown: Shown,
        caller: Caller,
        expires_at: int | None,
        now: int,
    ) -> None:
        until = now + REMEMBERED_MICROSECONDS
        with self._lock:
            # What was asked before somebody was to be forgotten is not remembered after it.
            if self._known is generation:
                if len(generation) >= _MOST_REMEMBERED:
                    generation.clear()
                generation[shown.kind, shown.hashed] = (
                    until if expires_at is None else min(until, expires_at),
                    caller,
                )

    def forget(self) -> None:
        """Ask the ledger anew for everybody; for when somebody is to be let in no more."""
        with self._lock:
            self._known = {}

    def _tokens(self, connection: Connection, shown: Sequence[Shown], now: int) -> Found:
        hashes = {each.hashed for each in shown}
        found = callers_of_tokens(connection, sorted(hashes), now) if hashes else {}
        return {
            each: self._token(found[each.hashed], each, now)
            for each in shown
            if each.hashed in found
        }

    def _token(self, found: TokenCaller, shown: Shown, now: int) -> tuple[Caller, int | None]:
        if found.last_used_at is None or found.last_used_at <= now - USE_NOTED_EVERY:
            self._notes.add(lambda connection: note_use(connection, found.id, now, shown.address))
        name = found.user_name or found.name
        return Caller("token", found.id, name, found.role, found.user_id), found.expires_at

    def _sessions(self, connection: Connection, shown: Sequence[Shown], now: int) -> Found:
        hashes = {each.hashed for each in shown}
        found = callers_of_sessions(connection, sorted(hashes), now, self._idle) if hashes else {}
        return {
            each: self._session(found[each.hashed], each, now)
            for each in shown
            if each.hashed in found
        }

    def _session(self, found: SessionCaller, shown: Shown, now: int) -> tuple[Caller, int | None]:
        if found.last_seen_at <= now - SEEN_NOTED_EVERY:
            self._notes.add(lambda connection: note_seen(connection, found.id, now, shown.address))
        kind, id_ = ("user", found.user_id) if found.token_id is None else ("token", found.token_id)
        caller = Caller(kind, id_ or "", found.name, found.role, found.user_id, found.id)
        return caller, min(found.expires_at, found.last_seen_at + self._idle)
