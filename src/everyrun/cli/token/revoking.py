"""``everyrun token revoke``: let a program in no more."""

from typing import Annotated

import typer

from everyrun.cli.messages import say
from everyrun.cli.options import By, Json, Url, Yes


def revoke(
    token: Annotated[
        str,
        typer.Argument(
            metavar="TOKEN",
            help="Its name, or its id or a unique beginning of that; never the token itself.",
            show_default=False,
        ),
    ],
    yes: Yes = False,
    by: By = None,
    as_json: Json = False,
    url: Url = None,
) -> None:
    """Let a token in no more, nor the browsers that came in with it. Asks first."""
    from everyrun.cli import terminal
    from everyrun.cli.access import Change, change, ledger_to_read
    from everyrun.cli.asking import confirm
    from everyrun.store.access.tokens import find_token, revoke_token

    with ledger_to_read(url) as database:
        with database.reading() as connection:
            found = find_token(connection, token)
        name = terminal.one_line(found.name)
        confirm(say("ask_revoke_token", name=name, role=found.role), yes=yes)
        was_good = change(
            database,
            Change("token.revoke", found.id, by),
            lambda connection, now: revoke_token(connection, found.id, now),
        )
    if as_json:
        terminal.write_json({"id": found.id, "revoked": was_good})
    else:
        terminal.write(say("token_revoked" if was_good else "token_was_revoked", name=name))
