"""``everyrun token create``: let a program in."""

from typing import TYPE_CHECKING, Annotated

import typer

from everyrun.cli.errors import BadInput
from everyrun.cli.messages import say
from everyrun.cli.options import By, Json, Url
from everyrun.domain.roles import Role

if TYPE_CHECKING:
    from everyrun.store.connections import Connection


def create(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="What the token is for.", show_default=False),
    ],
    role: Annotated[
        Role,
        typer.Option(
            "--role",
            "-r",
            help="What it may do: ingest adds events and reads nothing.",
        ),
    ] = Role.INGEST,
    user: Annotated[
        str | None,
        typer.Option(
            "--user",
            metavar="NAME",
            help="Whose it is: it may no more than they, and goes when they go.",
            show_default=False,
        ),
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(
            "--expires", metavar="SPAN", help="For how long it is good (90d).", show_default=False
        ),
    ] = None,
    by: By = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Make a token. It is printed once, alone on standard output, and never again."""
    from everyrun.cli import terminal
    from everyrun.cli.access import Change, change
    from everyrun.cli.moments import parse_span
    from everyrun.cli.opening import database_to_run
    from everyrun.cli.who import current_user
    from everyrun.store.access.tokens import make_token

    span = None if expires is None else int(parse_span(expires).total_seconds() * 1_000_000)
    who = by or current_user()
    with database_to_run(url) as database:
        made = change(
            database,
            Change("token.create", name, by),
            lambda connection, now: make_token(
                connection,
                name,
                role,
                now,
                user_id=None if user is None else _owner(connection, user, role),
                created_by=who,
                expires_at=None if span is None else now + span,
            ),
        )
    if as_json:
        terminal.write_json(made)
        return
    terminal.write(made.token)
    terminal.aside(terminal.one_line(say("token_created", name=made.name, role=made.role)))


def _owner(connection: "Connection", name: str, role: Role) -> str:
    """The id of the user whose token it will be, who may do no less than it."""
    from everyrun.store.access.users import find_user

    user = find_user(connection, name)
    if not user.role.allows(role):
        raise BadInput(say("role_beyond_user", user=user.name, own=user.role, role=role))
    return user.id
