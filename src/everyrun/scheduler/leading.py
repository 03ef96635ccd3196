"""One scheduler leads; the others stand by until it gives up the lead or is not heard of."""

from collections.abc import Callable

from sqlalchemy import Connection

from everyrun.store.database import Database
from everyrun.store.leaderships import Leader, lead, leader_of, resign

ROLE = "scheduler"
RENEWALS_A_LEASE = 3
"""How often the lead is renewed before it would run out."""


def is_served(connection: Connection, now: int) -> bool:
    """Whether a scheduler runs somewhere: without one nothing starts by itself."""
    leader = leader_of(connection, ROLE)
    return leader is not None and leader.expires_at > now


class Leading:
    """This process's part in the lead. Times are microseconds UTC.

    ``is_surely_dead`` answers whether the process behind an owner on a host is known to have ended.
    """

    def __init__(
        self,
        database: Database,
        owner: str,
        host: str,
        lease_seconds: float,
        is_surely_dead: Callable[[str, str], bool],
    ) -> None:
        self._database = database
        self._owner = owner
        self._host = host
        self._lease = round(lease_seconds * 1_000_000)
        self._is_surely_dead = is_surely_dead
        self._renew_at = 0
        self.leader: Leader | None = None

    @property
    def is_ours(self) -> bool:
        """Whether this process had the lead when it last looked."""
        return self.leader is not None and self.leader.owner == self._owner

    def try_to_lead(self, now: int) -> bool:
        """Take the lead where it is free, and keep it where it is ours; answers whether it is."""
        if self.is_ours and now < self._renew_at:
            return True
        with self._database.reading() as connection:
            known = leader_of(connection, ROLE)
        dead = None
        if known is not None and known.owner != self._owner and known.expires_at > now:
            if not self._is_surely_dead(known.owner, known.host):
                self.leader = known
                return False
            dead = known.owner
        self.leader = self._database.transact(
            lambda connection: lead(
                connection,
                ROLE,
                self._owner,
                self._host,
                now,
                now + self._lease,
                dead_owner=dead,
            )
        )
        self._renew_at = now + self._lease // RENEWALS_A_LEASE
        return self.is_ours

    def resign(self, now: int) -> None:
        """Give the lead up, so that the next one need not wait."""
        if self.is_ours:
            self._database.transact(lambda connection: resign(connection, ROLE, self._owner, now))
        self.leader = None
