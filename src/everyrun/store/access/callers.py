"""Whom a secret stands for, as things stand now. Times are microseconds UTC."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, and_, func, or_, select

from everyrun.domain.clock import to_datetime, to_microseconds
from everyrun.domain.roles import Role
from everyrun.store.tables import Session, Token, User

tokens = cast("Table", Token.__table__)
users = cast("Table", User.__table__)
sessions = cast("Table", Session.__table__)

_t = tokens.c
_u = users.c
_s = sessions.c


class TokenCaller(NamedTuple):
    """A token that is good now. ``role`` is the token's, and no more than its user's."""

    id: str
    name: str
    role: Role
    user_id: str | None
    user_name: str | None
    expires_at: int | None
    last_used_at: int | None


class SessionCaller(NamedTuple):
    """A session that is good now, for a user, or for a token that is nobody's own."""

    id: str
    name: str
    role: Role
    user_id: str | None
    token_id: str | None
    expires_at: int
    last_seen_at: int


def caller_of_token(connection: Connection, token_hash: str, now: int) -> TokenCaller | None:
    """The token with this hash, as :func:`callers_of_tokens` finds it."""
    return callers_of_tokens(connection, [token_hash], now).get(token_hash)


def callers_of_tokens(
    connection: Connection, token_hashes: Sequence[str], now: int
) -> dict[str, TokenCaller]:
    """By hash, the tokens with these hashes that are neither revoked, expired, nor a disabled
    user's.
    """
    query = (
        select(
            _t.token_hash,
            _t.id,
            _t.name,
            _t.role,
            _t.user_id,
            _t.expires_at,
            _t.last_used_at,
            _u.name.label("user_name"),
            _u.role.label("user_role"),
        )
        .join_from(tokens, users, _u.id == _t.user_id, isouter=True)
        .where(_t.token_hash.in_(token_hashes), is_good_token(now))
    )
    found: dict[str, TokenCaller] = {}
    for row in connection.execute(query):
        role = _role_of_token(row.role, row.user_role)
        if role is not None:
            found[row.token_hash] = TokenCaller(
                row.id,
                row.name,
                role,
                row.user_id,
                row.user_name,
                _microseconds(row.expires_at),
                _microseconds(row.last_used_at),
            )
    return found


def caller_of_session(
    connection: Connection, secret_hash: str, now: int, idle: int
) -> SessionCaller | None:
    """The session with this hash, as :func:`callers_of_sessions` finds it."""
    return callers_of_sessions(connection, [secret_hash], now, idle).get(secret_hash)


def callers_of_sessions(
    connection: Connection, secret_hashes: Sequence[str], now: int, idle: int
) -> dict[str, SessionCaller]:
    """By hash, the opened sessions with these hashes that have not ended.

    A session ends at its time, after ``idle`` microseconds without a request, and with the user or
    the token that it is for.
    """
    query = (
        select(
            _s.secret_hash,
            _s.id,
            user_of_session().label("user_id"),
            _s.token_id,
            _s.expires_at,
            _s.last_seen_at,
            _t.name.label("token_name"),
            _t.role.label("token_role"),
            _u.name.label("user_name"),
            _u.role.label("user_role"),
        )
        .select_from(sessions)
        .join(tokens, _t.id == _s.token_id, isouter=True)
        .join(users, _u.id == user_of_session(), isouter=True)
        .where(_s.secret_hash.in_(secret_hashes), is_open_session(now, idle), is_for_somebody(now))
    )
    found: dict[str, SessionCaller] = {}
    for row in connection.execute(query).mappings():
        role = role_of_session(row)
        if role is not None:
            found[row["secret_hash"]] = SessionCaller(
                row["id"],
                row["user_name"] or row["token_name"],
                role,
                row["user_id"],
                row["token_id"],
                to_microseconds(row["expires_at"]),
                to_microseconds(row["last_seen_at"]),
            )
    return found


def user_of_session() -> ColumnElement[Any]:
    """The user that a session is for: itself, or the one whose token it came in with."""
    return func.coalesce(_s.user_id, _t.user_id)


def is_good_token(now: int) -> ColumnElement[bool]:
    """Whether a token (with its user, if any, joined) is neither revoked nor over nor orphaned."""
    return and_(
        _t.revoked_at.is_(None),
        or_(_t.expires_at.is_(None), _t.expires_at > to_datetime(now)),
        _u.disabled_at.is_(None),
    )


def is_open_session(now: int, idle: int) -> ColumnElement[bool]:
    """Whether a session was opened, was not ended, and did neither expire nor fall asleep."""
    return and_(
        _s.opened_at.is_not(None),
        _s.ended_at.is_(None),
        _s.expires_at > to_datetime(now),
        _s.last_seen_at > to_datetime(now - idle),
    )


def is_for_somebody(now: int) -> ColumnElement[bool]:
    """Whether the user or the token of a session (both joined) may still come in."""
    return or_(
        and_(_s.user_id.is_not(None), _s.token_id.is_(None), _u.disabled_at.is_(None)),
        and_(_s.token_id.is_not(None), is_good_token(now)),
    )


def role_of_session(row: RowMapping) -> Role | None:
    """What a session may do: as much as its user, or as the token that it came in with."""
    if row["token_id"] is None:
        return Role(row["user_role"])
    return _role_of_token(row["token_role"], row["user_role"])


def _role_of_token(role: str, of_user: str | None) -> Role | None:
    """The lesser of a token's role and its user's; None where neither includes the other."""
    token_role = Role(role)
    if of_user is None:
        return token_role
    user_role = Role(of_user)
    if user_role.allows(token_role):
        return token_role
    return user_role if token_role.allows(user_role) else None


def _microseconds(moment: Any) -> int | None:
    return None if moment is None else to_microseconds(moment)
