"""``everyrun user set-role|set-password|disable|enable``: what is otherwise about a user."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import By, Json, Url
from everyrun.cli.user.options import PersonsRole, UserName

if TYPE_CHECKING:
    from everyrun.domain.views.access import UserView
    from everyrun.store.connections import Connection

    Work = Callable[[Connection, UserView, int], UserView]


def set_role(
    user: UserName,
    role: Annotated[
        PersonsRole,
        typer.Argument(
            metavar="ROLE", help="viewer, operator or admin, from now on.", show_default=False
        ),
    ],
    by: By = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Give a user another role. The last administrator who can sign in stays one."""
    from everyrun.store.access import users

    changed = _change(
        user, by, url, lambda connection, found, _: users.set_role(connection, found.id, role.role)
    )
    _tell(changed, say("user_role_set", name=changed.name, role=changed.role), as_json=as_json)


def set_password(user: UserName, by: By = None, as_json: Json = False, url: Url = None) -> None:
    """Give a user another password, asked for or read from standard input; their sessions end."""
    from everyrun.cli.passwords import hashed, new_password
    from everyrun.store.access import users

    password_hash = hashed(new_password(), user)
    changed = _change(
        user,
        by,
        url,
        lambda connection, found, now: users.set_password_hash(
            connection, found.id, password_hash, now
        ),
    )
    _tell(changed, say("user_password_set", name=changed.name), as_json=as_json)


def disable(user: UserName, by: By = None, as_json: Json = False, url: Url = None) -> None:
    """Let a user in no more, with no session and no token. The last administrator stays."""
    from everyrun.store.access import users

    changed = _change(
        user, by, url, lambda connection, found, now: users.disable_user(connection, found.id, now)
    )
    _tell(changed, say("user_disabled", name=changed.name), as_json=as_json)


def enable(user: UserName, by: By = None, as_json: Json = False, url: Url = None) -> None:
    """Let a disabled user in again."""
    from everyrun.store.access import users

    changed = _change(
        user, by, url, lambda connection, found, _: users.enable_user(connection, found.id)
    )
    _tell(changed, say("user_enabled", name=changed.name), as_json=as_json)


def _change(name: str, by: str | None, url: str | None, work: "Work") -> "UserView":
    from everyrun.cli.access import Change, change, ledger_to_read
    from everyrun.store.access.users import find_user

    with ledger_to_read(url) as database:
        with database.reading() as connection:
            found = find_user(connection, name)
        return change(
            database,
            Change("user.change", found.name, by),
            lambda connection, now: work(connection, found, now),
        )


def _tell(user: "UserView", sentence: str, *, as_json: bool) -> None:
    from everyrun.cli import terminal

    if as_json:
        terminal.write_json(user)
    else:
        terminal.write(terminal.one_line(sentence))
