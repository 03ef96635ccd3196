"""Roles that one process at a time has, until it gives them up or is not heard of in time.

Times are microseconds UTC. A role is for doing work once instead of twice; what must not happen
twice is kept from it by the rows that it is about.
"""

from typing import NamedTuple, cast

from sqlalchemy import Connection, Table, or_, select, update

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.store.append.registering import insert_if_absent
from everyrun.store.tables import Leadership

leaderships = cast("Table", Leadership.__table__)

_r = leaderships.c


class Leader(NamedTuple):
    """Who has a role until ``expires_at``; ``epoch`` counts those who had it."""

    owner: str
    host: str
    epoch: int
    expires_at: int


def lead(
    connection: Connection,
    name: str,
    owner: str,
    host: str,
    now: int,
    expires_at: int,
    *,
    dead_owner: str | None = None,
) -> Leader:
    """Take a role, or keep it for longer; answers who has it.

    Free is a role that nobody had, one that has expired, and that of ``dead_owner``, of whom it is
    known that its process has ended.
    """
    moment = to_datetime(expires_at)
    row = {"name": name, "owner": owner, "host": host, "epoch": 0, "expires_at": to_datetime(now)}
    insert_if_absent(connection, leaderships, [row])
    kept = connection.execute(
        update(leaderships).where(_r.name == name, _r.owner == owner, _r.epoch > 0)
        .values(expires_at=moment)
    )  # fmt: skip
    if not kept.rowcount:
        is_free = or_(_r.epoch == 0, _r.expires_at <= to_datetime(now), _r.owner == dead_owner)
        connection.execute(
            update(leaderships)
            .where(_r.name == name, is_free)
            .values(owner=owner, host=host, epoch=_r.epoch + 1, expires_at=moment)
        )
    found = leader_of(connection, name)
    assert found is not None
    return found


def leader_of(connection: Connection, name: str) -> Leader | None:
    """Who had a role last, None when nobody ever had it."""
    row = connection.execute(select(leaderships).where(_r.name == name)).one_or_none()
    if row is None:
        return None
    return Leader(row.owner, row.host, row.epoch, to_microseconds(row.expires_at))


def resign(connection: Connection, name: str, owner: str, now: int) -> bool:
    """Give a role up, for the next one to take at once; answers whether it was ``owner``'s."""
    given = connection.execute(
        update(leaderships)
        .where(_r.name == name, _r.owner == owner, _r.expires_at > to_datetime(now))
        .values(expires_at=to_datetime(now))
    )
    return bool(given.rowcount)
