"""The chore of noticing silence: what the silent left unsettled shows as lost, until they speak.

A process that is killed with its whole machine says nothing, and nobody finds its spool. Its
heartbeats stop. They are counted by this process's own clock, from when it first saw the last one,
so that neither another machine's clock nor a ledger that was down makes anybody look silent.
"""

from collections.abc import Callable
from functools import partial

from everyrun.domain.clock import to_datetime
from everyrun.store.append import presume_gone
from everyrun.store.database import Database
from everyrun.store.silences import Promise, promises

LOOK_EVERY = 5 * 1_000_000
"""Microseconds between two looks."""

HEARTBEATS = 4
"""Heartbeats that may be missed; with 15 seconds between them, the lease is a minute."""

_BLIND = 30 * 1_000_000
"""Microseconds without a look after which nothing that was seen before counts: the machine slept,
or the ledger did not answer, and did not hear anybody either."""


class Silence:
    """Remembers what was heard of whom, and when."""

    def __init__(self, on_silent: Callable[[Promise], None] | None = None) -> None:
        self._on_silent = on_silent
        self._next_at = 0
        self._looked_at = 0
        self._heard: dict[str, tuple[int, int]] = {}

    def notice(self, database: Database, now: int) -> int:
        """Take for gone who has been silent for too long, when it is time to look; how many."""
        if now < self._next_at:
            return 0
        if now - self._looked_at > _BLIND:
            self._heard.clear()
        with database.reading() as connection:
            promised = promises(connection)
        self._next_at, self._looked_at = now + LOOK_EVERY, now
        self._heard = {each.id: self._last_heard(each, now) for each in promised}
        silent = [each for each in promised if self._is_silent(each, now)]
        return sum(self._presume(database, each, now) for each in silent)

    def _last_heard(self, promise: Promise, now: int) -> tuple[int, int]:
        known = self._heard.get(promise.id)
        if known is None or known[0] != promise.last_seen_at:
            return promise.last_seen_at, now
        return known

    def _is_silent(self, promise: Promise, now: int) -> bool:
        lease = promise.heartbeat_seconds * HEARTBEATS * 1_000_000
        return now - self._heard[promise.id][1] >= lease

    def _presume(self, database: Database, promise: Promise, now: int) -> bool:
        presumed = database.transact(
            partial(
                presume_gone,
                recorder_id=promise.id,
                seen_at=promise.last_seen_at,
                now=now,
                reason=_evidence(promise, now - self._heard[promise.id][1]),
            )
        )
        if presumed and self._on_silent is not None:
            self._on_silent(promise)
        return presumed


def _evidence(promise: Promise, silent_for: int) -> str:
    heard = to_datetime(promise.last_seen_at).isoformat(timespec="seconds")
    program = f" ({promise.program})" if promise.program else ""
    return (
        f"process {promise.pid} on {promise.host}{program} was last heard of at {heard} and "
        f"silent for {silent_for // 1_000_000} s; "
        f"its heartbeat is every {promise.heartbeat_seconds:g} s"
    )
