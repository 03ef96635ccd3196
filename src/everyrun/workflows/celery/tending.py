"""Seeing to what no message brings: what is due, was asked, was not begun, or was left behind.

Any number of processes may tend at once: each thing is done in a transaction that looks again.
"""

import logging
from collections.abc import Callable
from threading import Event

from everyrun.domain.clock import to_datetime
from everyrun.store import claims, leases
from everyrun.store.claims import Claim
from everyrun.store.database import is_unavailable
from everyrun.tracking import recording
from everyrun.workflows.celery.hosting import Host
from everyrun.workflows.celery.passes import Passes
from everyrun.workflows.running.presence import who_is_dead

_log = logging.getLogger("everyrun.workers")

MOST_AT_ONCE = 200

IsDead = Callable[[str, str], bool]


class Tender:
    """Looks again and again."""

    def __init__(self, passes: Passes, host: Host, *, is_dead: IsDead | None = None) -> None:
        self._passes = passes
        self._host = host
        self._is_dead = is_dead or who_is_dead(recording.current().settings.home)

    def run(self, stop: Event) -> None:
        """Look until ``stop`` is set. A ledger that is away is waited for."""
        while not stop.wait(self._passes.settings.tend_seconds):
            try:
                self.look()
            except Exception as error:
                if not is_unavailable(error):
                    raise
                _log.warning("the ledger does not answer, it is tried again: %s", error)

    def look(self) -> int:
        """See to everything that is there; answers how much that was."""
        return (
            self._lose_what_was_left()
            + self._advance_what_is_due()
            + self._send_again()
            + self._adopt()
        )

    def _lose_what_was_left(self) -> int:
        now, host = self._passes.clock.now(), self._passes.host
        with self._passes.database.reading() as connection:
            dead = [id_ for id_ in claims.owners_on(connection, host) if self._is_dead(id_, host)]
            left = claims.left_behind(connection, now, dead, MOST_AT_ONCE)
        for claim in left:
            is_dead = claim.owner in dead
            self._passes.lose(claim, _evidence(claim, is_dead=is_dead), is_dead=is_dead)
        return len(left)

    def _advance_what_is_due(self) -> int:
        with self._passes.database.reading() as connection:
            due = leases.to_look_at(connection, self._passes.clock.now(), MOST_AT_ONCE)
        for execution_id in due:
            self._passes.advance(execution_id, if_due=True)
        return len(due)

    def _send_again(self) -> int:
        with self._passes.database.reading() as connection:
            found = claims.to_send(connection, self._passes.clock.now(), MOST_AT_ONCE)
        return self._passes.send(found) if found else 0

    def _adopt(self) -> int:
        with self._passes.database.reading() as connection:
            found = claims.to_host(connection, self._passes.clock.now(), MOST_AT_ONCE)
        return sum(self._host.adopt(claim) for claim in found)


def _evidence(claim: Claim, *, is_dead: bool) -> str:
    what = f"worker {claim.owner} on {claim.host}"
    if is_dead or claim.expires_at is None:
        return f"{what} has ended"
    expired = to_datetime(claim.expires_at).isoformat(timespec="seconds")
    return f"{what} did not renew its claim, which ran out at {expired}"
