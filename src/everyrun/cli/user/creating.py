"""``everyrun user create``: let a person in."""

from typing import Annotated

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import By, Json, Url
from everyrun.cli.user.options import PersonsRole


def create(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="What to sign in as; case makes no difference.", show_default=False
        ),
    ],
    role: Annotated[
        PersonsRole, typer.Option("--role", "-r", help="What they may do.")
    ] = PersonsRole.VIEWER,
    by: By = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Make a user. The password is asked for, or read as a line from standard input."""
    from everyrun.cli import terminal
    from everyrun.cli.access import Change, change
    from everyrun.cli.opening import database_to_run
    from everyrun.cli.passwords import hashed, new_password
    from everyrun.store.access.users import create_user

    password_hash = hashed(new_password(), name)
    with database_to_run(url) as database:
        made = change(
            database,
            Change("user.create", name, by),
            lambda connection, now: create_user(
                connection, name, role.role, now, password_hash=password_hash
            ),
        )
    if as_json:
        terminal.write_json(made)
    else:
        terminal.write(terminal.one_line(say("user_created", name=made.name, role=made.role)))
