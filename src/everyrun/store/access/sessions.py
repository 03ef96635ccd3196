"""Sessions: browsers that are in. Only hashes of their secrets are kept.

Times are microseconds UTC. A login link is a session that nobody has opened yet.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    RowMapping,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from everyrun.domain.clock import to_datetime
from everyrun.domain.identifiers import new_id
from everyrun.domain.plain_secrets import new_secret, secret_hash
from everyrun.domain.views.access import SessionView
from everyrun.domain.views.limits import LONGEST_PAGE
from everyrun.store.access.callers import (
    is_for_somebody,
    is_open_session,
    role_of_session,
    sessions,
    tokens,
    user_of_session,
    users,
)
from everyrun.store.access.errors import LoginLinkSpent
from everyrun.store.append.registering import insert_if_absent

SEEN_NOTED_EVERY = 60_000_000
"""Microseconds between two notes that a session was used, at least."""
_LONGEST_AGENT = 300

_s = sessions.c


class Browser(NamedTuple):
    """Where somebody sits, as far as the request tells."""

    address: str | None = None
    user_agent: str | None = None


class OpenedSession(NamedTuple):
    """A session with the secret that its cookie carries, which is told only now."""

    id: str
    secret: str
    user_id: str | None
    token_id: str | None
    expires_at: int


def open_session(
    connection: Connection,
    now: int,
    expires_at: int,
    browser: Browser,
    *,
    user_id: str | None = None,
    token_id: str | None = None,
) -> OpenedSession:
    """Let a browser in, for a user or for a token."""
    opened = OpenedSession(new_id(), new_secret(), user_id, token_id, expires_at)
    row = {
        **_row(opened, now),
        "opened_at": to_datetime(now),
        "last_seen_at": to_datetime(now),
        **_browser_columns(browser),
    }
    connection.execute(insert(sessions), row)
    return opened


def make_login_link(
    connection: Connection,
    now: int,
    expires_at: int,
    *,
    user_id: str | None = None,
    token_id: str | None = None,
) -> OpenedSession:
    """A session to be opened once, until ``expires_at``, by whoever has its secret."""
    link = OpenedSession(new_id(), new_secret(), user_id, token_id, expires_at)
    connection.execute(insert(sessions), _row(link, now))
    return link


def open_login_link(
    connection: Connection, secret: str, now: int, expires_at: int, browser: Browser
) -> OpenedSession:
    """Open a login link: the session gets another secret, and its own time.

    Of several who open it at once one comes in. Raises :class:`LoginLinkSpent`.
    """
    fresh = new_secret()
    moment = to_datetime(now)
    opened = connection.execute(
        update(sessions)
        .where(
            _s.secret_hash == secret_hash(secret),
            _s.opened_at.is_(None),
            _s.ended_at.is_(None),
            _s.expires_at > moment,
        )
        .values(
            secret_hash=secret_hash(fresh),
            opened_at=moment,
            last_seen_at=moment,
            expires_at=to_datetime(expires_at),
            **_browser_columns(browser),
        )
        .returning(_s.id, _s.user_id, _s.token_id)
    ).one_or_none()
    if opened is None:
        raise LoginLinkSpent
    return OpenedSession(opened.id, fresh, opened.user_id, opened.token_id, expires_at)


def spend_once(connection: Connection, secret: str, now: int, until: int, user_id: str) -> bool:
    """Remember a one-time secret ``until`` a moment; answers False where it was spent before.

    It lies among the sessions as one that ended as it began.
    """
    row = {
        "id": new_id(),
        "user_id": user_id,
        "secret_hash": secret_hash(secret),
        "created_at": to_datetime(now),
        "expires_at": to_datetime(until),
        "ended_at": to_datetime(now),
    }
    insert_if_absent(connection, sessions, [row])
    kept = connection.execute(
        select(_s.id).where(_s.secret_hash == row["secret_hash"])
    ).scalar_one()
    return bool(kept == row["id"])


class SessionUse(NamedTuple):
    """A session was used, at ``at`` (microseconds UTC), from an address."""

    session_id: str
    at: int
    address: str | None


def note_seen(connection: Connection, uses: Sequence[SessionUse]) -> None:
    """Note that sessions were used, unless that was noted less than a minute before, by each."""
    connection.execute(
        _NOTE_SEEN,
        [
            {
                "session": use.session_id,
                "at": to_datetime(use.at),
                "before": to_datetime(use.at - SEEN_NOTED_EVERY),
                "from": use.address,
            }
            for use in sorted(uses)  # two servers that note the same take the same order
        ],
    )


_NOTE_SEEN = (
    update(sessions)
    .where(_s.id == bindparam("session"), _s.last_seen_at <= bindparam("before"))
    .values(last_seen_at=bindparam("at"), address=bindparam("from"))
)


def list_sessions(
    connection: Connection,
    now: int,
    idle: int,
    *,
    user_id: str | None = None,
    token_id: str | None = None,
) -> list[SessionView]:
    """Who is in at ``now``, the latest first: one user, one token, or everybody; 500 at most."""
    query = (
        select(
            _s.id,
            user_of_session().label("user_id"),
            _s.token_id,
            func.coalesce(users.c.name, tokens.c.name).label("name"),
            users.c.role.label("user_role"),
            tokens.c.role.label("token_role"),
            _s.opened_at,
            _s.last_seen_at,
            _s.expires_at,
            _s.address,
            _s.user_agent,
        )
        .select_from(sessions)
        .join(tokens, tokens.c.id == _s.token_id, isouter=True)
        .join(users, users.c.id == user_of_session(), isouter=True)
        .where(is_open_session(now, idle), is_for_somebody(now))
        .order_by(_s.id.desc())
        .limit(LONGEST_PAGE)
    )
    if user_id is not None:
        query = query.where(user_of_session() == user_id)
    if token_id is not None:
        query = query.where(_s.token_id == token_id)
    views = (_view(row) for row in connection.execute(query).mappings())
    return [view for view in views if view is not None]


def end_session(
    connection: Connection,
    session_id: str,
    now: int,
    *,
    user_id: str | None = None,
    token_id: str | None = None,
) -> bool:
    """End a session; with ``user_id`` or ``token_id`` only one of this user's or token's.

    Answers False where it had ended, or there is none.
    """
    statement = update(sessions).where(_s.id == session_id, _s.ended_at.is_(None))
    if user_id is not None:
        own_tokens = select(tokens.c.id).where(tokens.c.user_id == user_id)
        statement = statement.where(or_(_s.user_id == user_id, _s.token_id.in_(own_tokens)))
    if token_id is not None:
        statement = statement.where(_s.token_id == token_id)
    return bool(connection.execute(statement.values(ended_at=to_datetime(now))).rowcount)


def end_sessions_of_user(
    connection: Connection, user_id: str, now: int, *, but: str | None = None
) -> int:
    """End all sessions of a user, also those that came in with their tokens, except one.

    Answers how many there were.
    """
    own_tokens = select(tokens.c.id).where(tokens.c.user_id == user_id)
    statement = update(sessions).where(
        or_(_s.user_id == user_id, _s.token_id.in_(own_tokens)), _s.ended_at.is_(None)
    )
    if but is not None:
        statement = statement.where(_s.id != but)
    return connection.execute(statement.values(ended_at=to_datetime(now))).rowcount


def forget_sessions(connection: Connection, expired_before: int) -> int:
    """Forget sessions and login links whose time was over by then; answers how many."""
    old = delete(sessions).where(_s.expires_at < to_datetime(expired_before))
    return connection.execute(old).rowcount


def _row(opened: OpenedSession, now: int) -> dict[str, Any]:
    return {
        "id": opened.id,
        "user_id": opened.user_id,
        "token_id": opened.token_id,
        "secret_hash": secret_hash(opened.secret),
        "created_at": to_datetime(now),
        "expires_at": to_datetime(opened.expires_at),
    }


def _browser_columns(browser: Browser) -> dict[str, Any]:
    agent = browser.user_agent
    return {
        "address": browser.address,
        "user_agent": None if agent is None else agent[:_LONGEST_AGENT],
    }


def _view(row: RowMapping) -> SessionView | None:
    role = role_of_session(row)
    if role is None:
        return None
    names = SessionView.__struct_fields__
    return SessionView(**{name: row[name] for name in names if name in row}, role=role)
