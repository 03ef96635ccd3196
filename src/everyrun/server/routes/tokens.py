"""Tokens: made, listed, revoked."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import Query

from everyrun.domain.clock import to_microseconds
from everyrun.domain.errors import InvalidCursor, InvalidQuery, NotOnRecord
from everyrun.domain.person_names import BadName
from everyrun.domain.roles import Role
from everyrun.domain.views.access import NewToken, TokenPage
from everyrun.server.access.errors import NotAllowed
from everyrun.server.identifying import id_in_path
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.access.tokens import find_token, list_tokens, make_token, revoke_token
from everyrun.store.connections import Connection

routes = Routes("/api/v1/tokens", tag="access")


class TokenRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A token to be made; it is good for ever where nothing says when it expires.

    ``own`` makes it the caller's own: it can do no more than they can, and goes when they go.
    Whoever is no administrator makes only such.
    """

    name: str
    role: Role
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    own: bool | None = None


@routes.get("", role=Role.VIEWER, answers=TokenPage, raises=(InvalidCursor, InvalidQuery))
def list_all_tokens(
    visit: Visit,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    revoked: bool = False,
) -> TokenPage:
    """Tokens, the newest first: one's own, and for administrators all.

    Nobody learns a token's plain text again: `hint` is how it begins.
    """
    user_id, token_id = _reach(visit)
    with visit.reading() as connection:
        return list_tokens(
            connection,
            limit=limit,
            after=cursor,
            user_id=user_id,
            token_id=token_id,
            revoked=revoked,
        )


@routes.post(
    "",
    role=Role.VIEWER,
    body=TokenRequest,
    answers=NewToken,
    status=201,
    audit="token.create",
    raises=(NotAllowed, BadName, InvalidQuery),
)
def create_token(visit: Visit, body: TokenRequest) -> NewToken:
    """Make a token. The answer is the only place where its plain text ever stands.

    Nobody makes a token that may do more than they may. Who is no administrator makes their own,
    and only when signed in: a token that fell into wrong hands makes no further ones.
    """
    caller, now = visit.caller, visit.now
    if not caller.role.allows(body.role):
        raise NotAllowed(f"{caller.role} makes no token for {body.role}")
    if caller.role is not Role.ADMIN and caller.kind != "user":
        raise NotAllowed("a token makes further tokens only for an administrator")
    own = caller.role is not Role.ADMIN if body.own is None else body.own
    if not own and caller.role is not Role.ADMIN:
        raise NotAllowed("only an administrator makes tokens that are nobody's own")
    if own and caller.user_id is None:
        raise NotAllowed("only a user has tokens of their own")
    expires_at = None if body.expires_at is None else to_microseconds(body.expires_at)
    if expires_at is not None and expires_at <= now:
        raise InvalidQuery("expires_at lies in the past")
    visit.target = body.name
    return visit.database.transact(
        lambda connection: make_token(
            connection,
            body.name,
            body.role,
            now,
            user_id=caller.user_id if own else None,
            created_by=caller.name,
            expires_at=expires_at,
        )
    )


@routes.delete(
    "/{token_id}",
    role=Role.VIEWER,
    answers=None,
    status=204,
    audit="token.revoke",
    raises=(NotOnRecord,),
)
def delete_token(visit: Visit, token_id: str) -> None:
    """Revoke a token, one's own or as an administrator any; sessions that it opened end too.

    Other servers of the same ledger let it in for 5 more seconds.
    """
    id_, now = id_in_path(token_id), visit.now
    user_id, own_token = _reach(visit)

    def revoke(connection: Connection) -> None:
        if own_token not in {None, id_}:
            raise NotOnRecord(f"there is no token {id_}")
        find_token(connection, id_, user_id=user_id)
        revoke_token(connection, id_, now)

    visit.database.transact(revoke)
    visit.server.recogniser.forget()


def _reach(visit: Visit) -> tuple[str | None, str | None]:
    """Whose tokens, or which token, the caller may see; all where both are None."""
    caller = visit.caller
    if caller.role is Role.ADMIN:
        return None, None
    return (caller.user_id, None) if caller.user_id is not None else (None, caller.id)
