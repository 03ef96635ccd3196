"""Whether there is anybody at all who may come in."""

from sqlalchemy import Connection, select

from everyrun.store.access.callers import is_good_token, tokens, users


def may_anybody_come_in(connection: Connection, now: int) -> bool:
    """Whether a token is good at ``now`` (µs UTC), or a user is not switched off."""
    good = (
        select(tokens.c.id)
        .join_from(tokens, users, users.c.id == tokens.c.user_id, isouter=True)
        .where(is_good_token(now))
        .limit(1)
    )
    enabled = select(users.c.id).where(users.c.disabled_at.is_(None)).limit(1)
    return any(connection.execute(each).first() is not None for each in (good, enabled))
