"""``everyrun user``: make users, look at them, change them."""

import typer

from everyrun.cli.loading import Command, group_of

COMMANDS = {
    "create": Command("everyrun.cli.user.creating:create"),
    "list": Command("everyrun.cli.user.listing:list_command"),
    "set-role": Command("everyrun.cli.user.changing:set_role"),
    "set-password": Command("everyrun.cli.user.changing:set_password"),
    "disable": Command("everyrun.cli.user.changing:disable"),
    "enable": Command("everyrun.cli.user.changing:enable"),
}

app = typer.Typer(
    name="user",
    cls=group_of(COMMANDS),
    help="The people that come in with a browser, in the ledger here.",
)


@app.callback()
def user() -> None:
    """The people that come in with a browser, in the ledger here."""
