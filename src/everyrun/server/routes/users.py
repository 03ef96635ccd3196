"""Users, for administrators."""

from typing import Annotated

import msgspec
from fastapi import Query

from everyrun.domain.errors import InvalidCursor, InvalidQuery, NotOnRecord
from everyrun.domain.person_names import BadName
from everyrun.domain.roles import Role
from everyrun.domain.views.access import UserPage, UserView
from everyrun.server.access.errors import WeakPassword
from everyrun.server.identifying import id_in_path
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.access.errors import LastAdmin, NameTaken
from everyrun.store.access.users import (
    create_user,
    delete_user,
    disable_user,
    enable_user,
    list_users,
    read_user,
    set_password_hash,
    set_role,
)
from everyrun.store.connections import Connection

routes = Routes("/api/v1/users", tag="access")


class UserRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A user to be made."""

    name: str
    role: Role
    password: str


class UserChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What shall be otherwise about a user; what is left out stays."""

    role: Role | None = None
    disabled: bool | None = None
    password: str | None = None


@routes.get("", role=Role.ADMIN, answers=UserPage, raises=(InvalidCursor, InvalidQuery))
def list_all_users(
    visit: Visit,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> UserPage:
    """Users, the newest first."""
    with visit.reading() as connection:
        return list_users(connection, limit=limit, after=cursor)


@routes.get("/{user_id}", role=Role.ADMIN, answers=UserView, raises=(NotOnRecord,))
def one_user(visit: Visit, user_id: str) -> UserView:
    """One user."""
    id_ = id_in_path(user_id)
    with visit.reading() as connection:
        return read_user(connection, id_)


@routes.post(
    "",
    role=Role.ADMIN,
    body=UserRequest,
    answers=UserView,
    status=201,
    audit="user.create",
    raises=(NameTaken, BadName, WeakPassword, InvalidQuery),
)
def add_user(visit: Visit, body: UserRequest) -> UserView:
    """Make a user, who signs in with a password of at least 12 characters.

    Names that differ in case alone are one.
    """
    _require_persons_role(body.role)
    password_hash, now = visit.server.passwords.hash(body.password, body.name), visit.now
    visit.target = body.name
    return visit.database.transact(
        lambda connection: create_user(
            connection, body.name, body.role, now, password_hash=password_hash
        )
    )


@routes.patch(
    "/{user_id}",
    role=Role.ADMIN,
    body=UserChange,
    answers=UserView,
    audit="user.change",
    raises=(NotOnRecord, LastAdmin, WeakPassword, InvalidQuery),
)
def change_user(visit: Visit, user_id: str, body: UserChange) -> UserView:
    """Give a user another role or password, or disable or enable them.

    Who is disabled is out at once, with all sessions and tokens. The last administrator who can
    sign in stays one.
    """
    id_, now = id_in_path(user_id), visit.now
    if body.role is not None:
        _require_persons_role(body.role)
    with visit.reading() as connection:
        user = read_user(connection, id_)
    visit.target = user.name
    password_hash = None
    if body.password is not None:
        password_hash = visit.server.passwords.hash(body.password, user.name)

    def change(connection: Connection) -> UserView:
        if body.role is not None:
            set_role(connection, id_, body.role)
        if password_hash is not None:
            kept = visit.caller.session_id if visit.caller.user_id == id_ else None
            set_password_hash(connection, id_, password_hash, now, kept_session=kept)
        if body.disabled is not None:
            if body.disabled:
                disable_user(connection, id_, now)
            else:
                enable_user(connection, id_)
        return read_user(connection, id_)

    changed = visit.database.transact(change)
    visit.server.recogniser.forget()
    return changed


@routes.delete(
    "/{user_id}",
    role=Role.ADMIN,
    answers=None,
    status=204,
    audit="user.delete",
    raises=(NotOnRecord, LastAdmin),
)
def remove_user(visit: Visit, user_id: str) -> None:
    """Forget a user with their tokens and sessions; what they did stays in the audit log."""
    id_ = id_in_path(user_id)

    def remove(connection: Connection) -> str:
        name = read_user(connection, id_).name
        delete_user(connection, id_)
        return name

    visit.target = visit.database.transact(remove)
    visit.server.recogniser.forget()


def _require_persons_role(role: Role) -> None:
    if role is Role.INGEST:
        raise InvalidQuery("a user's role is viewer, operator or admin; ingest is for tokens")
