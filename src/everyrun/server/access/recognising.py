"""Telling who calls, by the token or the cookie that they send."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
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
from everyrun.store.access.sessions import SEEN_NOTED_EVERY, SessionUse, note_seen
from everyrun.store.access.tokens import USE_NOTED_EVERY, TokenUse, note_uses
from everyrun.store.connections import Connection
from everyrun.store.database import Database

REMEMBERED_MICROSECONDS = 5_000_000
"""How long somebody is believed without asking the ledger: a revocation elsewhere takes as long."""
RENEWED_MICROSECONDS = 2_500_000
"""So long before somebody is forgotten, who came meanwhile is asked for together with others."""
_RENEWED_EVERY = 500_000
_MOST_RENEWED = 500
_MOST_REMEMBERED = 10_000
_SECOND = 1_000_000


class Shown(NamedTuple):
    """What a request shows to be let in: the hash of a ``token`` or of a ``session``'s secret."""

    kind: str
    hashed: str
    address: str


@dataclass(slots=True)
class Remembered:
    """Somebody who is believed ``until`` then, in microseconds UTC."""

    shown: Shown
    caller: Caller
    until: int
    has_come: bool = False
    """Since the ledger was asked."""


Memory = dict[tuple[str, str], Remembered]
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
        self._renewed_at = 0

    def remembered(self, kind: str, hashed: str) -> Caller | None:
        """Whom a ``token`` or a ``session`` stands for, where that was asked a moment ago."""
        found = self._known.get((kind, hashed))
        if found is None:
            return None
        found.has_come = True
        return found.caller if self._clock.now() < found.until else None

    def recognise(self, kind: str, hashed: str, address: str) -> Caller | None:
        """Whom a ``token`` or a ``session`` stands for; asks the ledger."""
        shown = Shown(kind, hashed, address)
        return self.recognise_all([shown])[shown]

    def recognise_all(self, shown: Sequence[Shown]) -> dict[Shown, Caller | None]:
        """Whom each of these stands for; asks the ledger once for all.

        It asks for others too, who come again and again and would be forgotten soon.
        """
        now = self._clock.now()
        generation = self._known
        asked = {*shown, *self._worth_renewing(shown, now)}
        with self._database.reading() as connection:
            tokens = self._tokens(connection, [each for each in asked if each.kind == "token"], now)
            sessions = self._sessions(
                connection, [each for each in asked if each.kind == "session"], now
            )
        found = tokens | sessions
        self._remember(generation, asked, found, now)
        return {each: found[each][0] if each in found else None for each in shown}

    def _worth_renewing(self, shown: Sequence[Shown], now: int) -> list[Shown]:
        with self._lock:
            if now < self._renewed_at + _RENEWED_EVERY:
                return []
            self._renewed_at = now
            asked = {(each.kind, each.hashed) for each in shown}
            return list(islice(self._soon_forgotten(now, asked), _MOST_RENEWED))

    def _soon_forgotten(self, now: int, asked: set[tuple[str, str]]) -> Iterator[Shown]:
        for key, known in self._known.items():
            if known.has_come and known.until <= now + RENEWED_MICROSECONDS and key not in asked:
                yield known.shown

    def _remember(self, generation: Memory, asked: set[Shown], found: Found, now: int) -> None:
        until = now + REMEMBERED_MICROSECONDS
        with self._lock:
            # What was asked before somebody was to be forgotten is not remembered after it.
            if self._known is not generation:
                return
            if len(generation) + len(found) > _MOST_REMEMBERED:
                generation.clear()
            for each in asked:
                key = (each.kind, each.hashed)
                if each in found:
                    caller, expires_at = found[each]
                    good = until if expires_at is None else min(until, expires_at)
                    generation[key] = Remembered(each, caller, good)
                else:
                    generation.pop(key, None)

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
            self._notes.add(note_uses, TokenUse(found.id, now, shown.address))
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
            self._notes.add(note_seen, SessionUse(found.id, now, shown.address))
        kind, id_ = ("user", found.user_id) if found.token_id is None else ("token", found.token_id)
        caller = Caller(kind, id_ or "", found.name, found.role, found.user_id, found.id)
        return caller, min(found.expires_at, found.last_seen_at + self._idle)
