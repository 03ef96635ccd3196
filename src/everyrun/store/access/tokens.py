"""Tokens: made, listed, revoked. Only their hashes are kept. Times are microseconds UTC."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    Table,
    and_,
    bindparam,
    or_,
    select,
    update,
)

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import AmbiguousId, NotOnRecord
from everyrun.domain.identifiers import new_id
from everyrun.domain.person_names import checked_name
from everyrun.domain.plain_secrets import hint_of, new_token, secret_hash
from everyrun.domain.roles import Role
from everyrun.domain.views.access import NewToken, TokenPage, TokenView
from everyrun.store.access.paging import older_than, page_of
from everyrun.store.append.registering import insert_if_absent
from everyrun.store.prefixes import begins_with
from everyrun.store.reading.limits import checked_limit
from everyrun.store.tables import Session, Token, User

USE_NOTED_EVERY = 60_000_000
"""Microseconds between two notes of a token's use, at least."""
_CURSOR = b"t"

tokens = cast("Table", Token.__table__)
users = cast("Table", User.__table__)
sessions = cast("Table", Session.__table__)

_t = tokens.c
_u = users.c


class KeptToken(NamedTuple):
    """A token with its plain text known to the caller; ``is_new`` says whether it was made now."""

    id: str
    role: Role
    is_new: bool
    is_revoked: bool


def make_token(
    connection: Connection,
    name: str,
    role: Role,
    now: int,
    *,
    user_id: str | None = None,
    created_by: str | None = None,
    expires_at: int | None = None,
) -> NewToken:
    """Make a token; what is answered is the only place where its plain text stands.

    Raises :class:`~everyrun.domain.person_names.BadName`.
    """
    token = new_token()
    kept = keep_token(
        connection,
        token,
        name,
        role,
        now,
        user_id=user_id,
        created_by=created_by,
        expires_at=expires_at,
    )
    moment = None if expires_at is None else to_datetime(expires_at)
    return NewToken(token=token, id=kept.id, name=checked_name(name), role=role, expires_at=moment)


def keep_token(
    connection: Connection,
    token: str,
    name: str,
    role: Role,
    now: int,
    *,
    user_id: str | None = None,
    created_by: str | None = None,
    expires_at: int | None = None,
) -> KeptToken:
    """Let a token of somebody's own choosing in, or find it where it is kept already."""
    row = {
        "id": new_id(),
        "user_id": user_id,
        "name": checked_name(name),
        "role": role.value,
        "token_hash": secret_hash(token),
        "hint": hint_of(token),
        "created_at": to_datetime(now),
        "created_by": created_by,
        "expires_at": None if expires_at is None else to_datetime(expires_at),
    }
    insert_if_absent(connection, tokens, [row])
    kept = connection.execute(
        select(_t.id, _t.role, _t.revoked_at).where(_t.token_hash == row["token_hash"])
    ).one()
    is_new = kept.id == row["id"]
    return KeptToken(kept.id, Role(kept.role), is_new, kept.revoked_at is not None)


def find_token(connection: Connection, text: str, *, user_id: str | None = None) -> TokenView:
    """The token that ``text`` names: by its id or the beginning of it, or its name.

    Revoked ones only by their id. With ``user_id`` of this user's alone. Raises
    :class:`NotOnRecord` and :class:`AmbiguousId`.
    """
    by_name = and_(_t.name == text.strip(), _t.revoked_at.is_(None))
    for matching in (begins_with(_t.id, text), by_name):
        if matching is None:
            continue
        query = _whole(user_id).where(matching).order_by(_t.id).limit(2)
        found = connection.execute(query).mappings().all()
        if len(found) > 1:
            raise AmbiguousId(f"several tokens are called {text!r}; give an id")
        if found:
            return _view(found[0])
    raise NotOnRecord(f"there is no token {text!r}")


def find_good_token(connection: Connection, name: str, role: Role, now: int) -> str | None:
    """The id of a token that is nobody's own, has this name and role, and is good now."""
    query = select(_t.id).where(
        _t.name == name,
        _t.role == role.value,
        _t.user_id.is_(None),
        _t.revoked_at.is_(None),
        or_(_t.expires_at.is_(None), _t.expires_at > to_datetime(now)),
    )
    return connection.execute(query.order_by(_t.id).limit(1)).scalar()


def list_tokens(
    connection: Connection,
    *,
    limit: int = 50,
    after: str | None = None,
    user_id: str | None = None,
    token_id: str | None = None,
    revoked: bool = False,
) -> TokenPage:
    """Tokens, the newest first, the ``revoked`` ones too where asked.

    Those of one user, or the one with this id, or all.
    Raises :class:`InvalidQuery` and :class:`InvalidCursor`.
    """
    query = _whole(user_id).order_by(_t.id.desc()).limit(checked_limit(limit) + 1)
    if token_id is not None:
        query = query.where(_t.id == token_id)
    if not revoked:
        query = query.where(_t.revoked_at.is_(None))
    rows = connection.execute(older_than(query, _t.id, _CURSOR, after)).mappings().all()
    items, following = page_of([_view(row) for row in rows], limit, _CURSOR)
    return TokenPage(items=items, next=following)


def revoke_token(connection: Connection, token_id: str, now: int) -> bool:
    """Let a token in no more, nor the sessions that came in with it.

    Answers False where that was so already, or there is no such token.
    """
    moment = to_datetime(now)
    revoked = connection.execute(
        update(tokens).where(_t.id == token_id, _t.revoked_at.is_(None)).values(revoked_at=moment)
    )
    connection.execute(
        update(sessions)
        .where(sessions.c.token_id == token_id, sessions.c.ended_at.is_(None))
        .values(ended_at=moment)
    )
    return bool(revoked.rowcount)


def revoke_others_named(connection: Connection, name: str, kept_id: str, now: int) -> list[str]:
    """Revoke all tokens of this name that are nobody's own, but one; answers their ids."""
    query = select(_t.id).where(
        _t.name == name, _t.user_id.is_(None), _t.id != kept_id, _t.revoked_at.is_(None)
    )
    others = list(connection.execute(query).scalars())
    return [each for each in others if revoke_token(connection, each, now)]


class TokenUse(NamedTuple):
    """A token was used, at ``at`` (microseconds UTC), from an address."""

    token_id: str
    at: int
    address: str | None


def note_uses(connection: Connection, uses: Sequence[TokenUse]) -> None:
    """Note that tokens were used, unless that was noted less than a minute before, by each."""
    connection.execute(
        _NOTE_USE,
        [
            {
                "token": use.token_id,
                "at": to_datetime(use.at),
                "before": to_datetime(use.at - USE_NOTED_EVERY),
                "from": use.address,
            }
            for use in sorted(uses)  # two servers that note the same take the same order
        ],
    )


_NOTE_USE = (
    update(tokens)
    .where(
        _t.id == bindparam("token"),
        or_(_t.last_used_at.is_(None), _t.last_used_at <= bindparam("before")),
    )
    .values(last_used_at=bindparam("at"), last_used_from=bindparam("from"))
)


def _whole(user_id: str | None) -> Select[Any]:
    query = select(
        _t.id,
        _t.name,
        _t.role,
        _t.hint,
        _t.user_id,
        _u.name.label("user"),
        _t.created_at,
        _t.created_by,
        _t.expires_at,
        _t.last_used_at,
        _t.last_used_from,
        _t.revoked_at,
    ).join_from(tokens, users, _u.id == _t.user_id, isouter=True)
    return query if user_id is None else query.where(_t.user_id == user_id)


def _view(row: RowMapping) -> TokenView:
    return TokenView(**{**row, "role": Role(row["role"])})
