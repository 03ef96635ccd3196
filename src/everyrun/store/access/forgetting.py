"""Forgetting who was in, and who tried, once it does not matter any more."""

from sqlalchemy import Connection

from everyrun.store.access.login_failures import forget_login_failures
from everyrun.store.access.sessions import forget_sessions

KEPT = 86_400_000_000
"""Microseconds after which an expired session and a failed login are forgotten."""


def forget_visitors(connection: Connection, now: int) -> int:
    """Forget expired sessions and login links, and old failures to come in; answers how many."""
    before = now - KEPT
    return forget_sessions(connection, before) + forget_login_failures(connection, before)
