"""How often somebody failed to come in, kept where all servers see it. Times are µs UTC.

An attempt is counted before it is looked at, and taken back when it succeeds: many at once cannot
slip past the count. Names and addresses are kept only as hashes.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple, cast

from sqlalchemy import Connection, Table, delete, func, select, update

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.store.append.registering import insert_if_absent
from everyrun.store.tables import LoginFailure

_SECOND = 1_000_000

failures = cast("Table", LoginFailure.__table__)

_f = failures.c


class Patience(NamedTuple):
    """How many failures are borne, and how long one waits after more.

    After ``free`` failures each further one doubles the wait, from one second to ``longest``
    (microseconds). A count that nothing was added to for ``forgotten_after`` begins anew.
    """

    free: int
    longest: int
    forgotten_after: int

    def wait_after(self, count: int) -> int:
        """Microseconds to wait after so many failures."""
        if count < self.free:
            return 0
        doublings = min(count - self.free, 40)
        return min(_SECOND << doublings, self.longest)


class Attempt(NamedTuple):
    """One thing that an attempt is counted under, and how patient to be with it."""

    key: str
    patience: Patience


def attempt_by(kind: str, what: str, patience: Patience) -> Attempt:
    """To count under a name or an address, say."""
    return Attempt(hashlib.sha256(f"{kind}:{what}".encode()).hexdigest(), patience)


def blocked_for(connection: Connection, attempts: Iterable[Attempt], now: int) -> int:
    """The microseconds that an attempt would have to wait; counts nothing."""
    keys = [each.key for each in attempts]
    query = select(func.max(_f.blocked_until)).where(_f.key.in_(keys))
    until = connection.execute(query).scalar()
    return 0 if until is None else max(0, to_microseconds(until) - now)


def count_attempt(connection: Connection, attempts: Iterable[Attempt], now: int) -> int:
    """Count an attempt to come in; answers the microseconds it is to wait, 0 when it may go on.

    One that must wait is not counted.
    """
    ordered = sorted(set(attempts))
    moment = to_datetime(now)
    fresh = {"failures": 0, "first_at": moment, "last_at": moment, "blocked_until": None}
    insert_if_absent(connection, failures, [{"key": each.key, **fresh} for each in ordered])
    keys = [each.key for each in ordered]
    query = select(failures).where(_f.key.in_(keys)).order_by(_f.key).with_for_update()
    rows = {row.key: row for row in connection.execute(query)}
    blocks = [row.blocked_until for row in rows.values() if row.blocked_until is not None]
    wait = max((to_microseconds(until) - now for until in blocks), default=0)
    if wait > 0:
        return wait
    for key, patience in ordered:
        row = rows[key]
        is_over = to_microseconds(row.last_at) + patience.forgotten_after < now
        count = 1 if is_over else row.failures + 1
        block = patience.wait_after(count)
        connection.execute(
            update(failures)
            .where(_f.key == key)
            .values(
                failures=count,
                first_at=moment if is_over else row.first_at,
                last_at=moment,
                blocked_until=to_datetime(now + block) if block else None,
            )
        )
    return 0


def forget_attempts(connection: Connection, attempt: Attempt) -> None:
    """Begin anew with somebody who came in."""
    connection.execute(delete(failures).where(_f.key == attempt.key))


def take_back(connection: Connection, attempt: Attempt) -> None:
    """Count one attempt less: it succeeded. Those before it still count."""
    connection.execute(
        update(failures)
        .where(_f.key == attempt.key, _f.failures > 0)
        .values(failures=_f.failures - 1, blocked_until=None)
    )


def forget_login_failures(connection: Connection, before: int) -> int:
    """Forget what nothing was added to since a moment; answers how many."""
    old = delete(failures).where(_f.last_at < to_datetime(before))
    return connection.execute(old).rowcount
