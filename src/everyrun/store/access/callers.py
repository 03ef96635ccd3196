"""Whom a token stands for."""

from typing import NamedTuple, cast

from sqlalchemy import Connection, Table, or_, select

from everyrun.domain.clock import to_datetime
from everyrun.store.tables import Token

tokens = cast("Table", Token.__table__)


class TokenCaller(NamedTuple):
    """A token that is good now."""

    id: str
    name: str
    role: str


def caller_of_token(connection: Connection, token_hash: str, now: int) -> TokenCaller | None:
    """The token with this hash, unless it is revoked or has expired at ``now`` (µs UTC)."""
    t = tokens.c
    statement = select(t.id, t.name, t.role).where(
        t.token_hash == token_hash,
        t.revoked_at.is_(None),
        or_(t.expires_at.is_(None), t.expires_at > to_datetime(now)),
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else TokenCaller(*row)
