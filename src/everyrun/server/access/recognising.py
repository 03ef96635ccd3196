"""Telling who calls, by the token that they send."""

import hashlib
from threading import Lock

from everyrun.domain.clock import Clock
from everyrun.domain.roles import Role
from everyrun.server.access.callers import Caller
from everyrun.store.access.callers import caller_of_token
from everyrun.store.database import Database

REMEMBERED_MICROSECONDS = 5_000_000
"""How long a token is believed without asking the ledger: a revocation elsewhere takes as long."""
_MOST_REMEMBERED = 10_000


def token_hash(token: str) -> str:
    """What is stored of a token: SHA-256, hexadecimal. Tokens are long and random."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class Recogniser:
    """Knows callers by their tokens. Safe to share between threads."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = Lock()
        self._known: dict[str, tuple[int, Caller]] = {}

    def remembered(self, hashed: str) -> Caller | None:
        """Whom a hash stands for, where that was asked a moment ago."""
        found = self._known.get(hashed)
        if found is None or self._clock.now() - found[0] > REMEMBERED_MICROSECONDS:
            return None
        return found[1]

    def recognise(self, hashed: str) -> Caller | None:
        """Whom a hash stands for; asks the ledger."""
        now = self._clock.now()
        with self._database.reading() as connection:
            record = caller_of_token(connection, hashed, now)
        if record is None:
            return None
        caller = Caller("token", record.id, record.name, Role(record.role))
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[hashed] = (now, caller)
        return caller

    def forget(self) -> None:
        """Ask the ledger anew for everybody; for when a token was revoked."""
        with self._lock:
            self._known.clear()
