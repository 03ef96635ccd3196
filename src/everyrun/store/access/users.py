"""Users: made, listed, changed, disabled. Times are microseconds UTC.

Whoever changes who is an administrator takes turns with the others, so that two of them cannot
lock everybody out by doing it to each other at once.
"""

from contextlib import suppress
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, RowMapping, Select, Table, delete, or_, select, update

from everyrun.domain.clock import to_datetime
from everyrun.domain.errors import NotOnRecord
from everyrun.domain.identifiers import canonical_id, new_id
from everyrun.domain.person_names import checked_name, is_name, name_key
from everyrun.domain.roles import Role
from everyrun.domain.views.access import UserPage, UserView
from everyrun.store.access.errors import LastAdmin, NameTaken
from everyrun.store.access.paging import older_than, page_of
from everyrun.store.access.sessions import end_sessions_of_user
from everyrun.store.append.registering import insert_if_absent
from everyrun.store.locking import take_turns
from everyrun.store.reading.limits import checked_limit
from everyrun.store.tables import User

_CURSOR = b"u"

users = cast("Table", User.__table__)

_u = users.c


class KnownPassword(NamedTuple):
    """What is needed to check somebody's password."""

    user_id: str
    name: str
    password_hash: str


def create_user(
    connection: Connection,
    name: str,
    role: Role,
    now: int,
    *,
    password_hash: str | None = None,
    issuer: str | None = None,
    subject: str | None = None,
) -> UserView:
    """Make a user. Raises :class:`NameTaken` and ``BadName``."""
    row = {
        "id": new_id(),
        "name": checked_name(name),
        "name_key": name_key(name),
        "role": role.value,
        "password_hash": password_hash,
        "created_at": to_datetime(now),
        "issuer": issuer,
        "subject": subject,
    }
    insert_if_absent(connection, users, [row])
    made = connection.execute(_whole().where(_u.id == row["id"])).mappings().one_or_none()
    if made is None:
        raise NameTaken
    return _view(made)


def read_user(connection: Connection, user_id: str) -> UserView:
    """A user by id. Raises :class:`NotOnRecord`."""
    row = connection.execute(_whole().where(_u.id == user_id)).mappings().one_or_none()
    if row is None:
        raise NotOnRecord(f"there is no user {user_id}")
    return _view(row)


def find_user(connection: Connection, text: str) -> UserView:
    """The user of this name (in any case), or of this whole id. Raises :class:`NotOnRecord`."""
    if not is_name(text):
        raise NotOnRecord("there is no such user")
    matching = _u.name_key == name_key(text)
    with suppress(ValueError):
        matching = or_(matching, _u.id == canonical_id(text.strip()))
    rows = connection.execute(_whole().where(matching).limit(2)).mappings().all()
    by_name = [row for row in rows if name_key(row["name"]) == name_key(text)]
    if not rows:
        raise NotOnRecord(f"there is no user {text!r}")
    return _view((by_name or rows)[0])


def list_users(connection: Connection, *, limit: int = 50, after: str | None = None) -> UserPage:
    """Users, the newest first. Raises :class:`InvalidQuery` and :class:`InvalidCursor`."""
    query = _whole().order_by(_u.id.desc()).limit(checked_limit(limit) + 1)
    rows = connection.execute(older_than(query, _u.id, _CURSOR, after)).mappings().all()
    items, following = page_of([_view(row) for row in rows], limit, _CURSOR)
    return UserPage(items=items, next=following)


def known_password(
    connection: Connection, name: str, *, lock: bool = False
) -> KnownPassword | None:
    """The password of the user of this name; None where nobody may come in that way.

    ``lock`` keeps it as it is until the transaction ends.
    """
    if not is_name(name):
        return None
    query = select(_u.id, _u.name, _u.password_hash).where(
        _u.name_key == name_key(name),
        _u.password_hash.is_not(None),
        _u.disabled_at.is_(None),
    )
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else KnownPassword(*row)


def user_of_subject(connection: Connection, issuer: str, subject: str) -> UserView | None:
    """The user for whom an OpenID provider vouches by this subject; a disabled one too."""
    query = _whole().where(_u.issuer == issuer, _u.subject == subject)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else _view(row)


def set_role(connection: Connection, user_id: str, role: Role) -> UserView:
    """Give a user another role. Raises :class:`NotOnRecord` and :class:`LastAdmin`."""
    if role is not Role.ADMIN:
        _keep_an_admin_beside(connection, user_id)
    connection.execute(update(users).where(_u.id == user_id).values(role=role.value))
    return read_user(connection, user_id)


def set_password_hash(
    connection: Connection,
    user_id: str,
    password_hash: str,
    now: int,
    *,
    kept_session: str | None = None,
) -> UserView:
    """Give a user another password, and end their sessions but one. Raises :class:`NotOnRecord`."""
    connection.execute(update(users).where(_u.id == user_id).values(password_hash=password_hash))
    end_sessions_of_user(connection, user_id, now, but=kept_session)
    return read_user(connection, user_id)


def replace_password_hash(
    connection: Connection, user_id: str, old: str, password_hash: str
) -> None:
    """Keep the same password as another hash, unless it was changed meanwhile."""
    connection.execute(
        update(users)
        .where(_u.id == user_id, _u.password_hash == old)
        .values(password_hash=password_hash)
    )


def disable_user(connection: Connection, user_id: str, now: int) -> UserView:
    """Let a user in no more, by whatever means; their sessions end.

    Raises :class:`NotOnRecord` and :class:`LastAdmin`.
    """
    _keep_an_admin_beside(connection, user_id)
    connection.execute(
        update(users)
        .where(_u.id == user_id, _u.disabled_at.is_(None))
        .values(disabled_at=to_datetime(now))
    )
    end_sessions_of_user(connection, user_id, now)
    return read_user(connection, user_id)


def enable_user(connection: Connection, user_id: str) -> UserView:
    """Let a disabled user in again. Raises :class:`NotOnRecord`."""
    connection.execute(update(users).where(_u.id == user_id).values(disabled_at=None))
    return read_user(connection, user_id)


def delete_user(connection: Connection, user_id: str) -> None:
    """Forget a user, with their tokens and sessions; what they did stays on record.

    Raises :class:`NotOnRecord` and :class:`LastAdmin`.
    """
    _keep_an_admin_beside(connection, user_id)
    if not connection.execute(delete(users).where(_u.id == user_id)).rowcount:
        raise NotOnRecord(f"there is no user {user_id}")


def note_login(connection: Connection, user_id: str, now: int) -> None:
    """Note that a user signed in."""
    connection.execute(update(users).where(_u.id == user_id).values(last_login_at=to_datetime(now)))


def _keep_an_admin_beside(connection: Connection, user_id: str) -> None:
    take_turns(connection, "users", "admins")
    can_sign_in = or_(_u.password_hash.is_not(None), _u.subject.is_not(None))
    query = select(_u.id).where(_u.role == Role.ADMIN.value, _u.disabled_at.is_(None), can_sign_in)
    admins = set(connection.execute(query.limit(1_000)).scalars())
    if admins == {user_id}:
        raise LastAdmin


def _whole() -> Select[Any]:
    return select(
        _u.id,
        _u.name,
        _u.role,
        _u.password_hash.is_not(None).label("has_password"),
        _u.issuer,
        _u.created_at,
        _u.disabled_at,
        _u.last_login_at,
    )


def _view(row: RowMapping) -> UserView:
    known = {"role": Role(row["role"]), "has_password": bool(row["has_password"])}
    return UserView(**{**row, **known})
