"""``everyrun token``: make tokens, look at them, revoke them."""

import typer

from everyrun.cli.loading import Command, group_of

COMMANDS = {
    "create": Command("everyrun.cli.token.creating:create"),
    "list": Command("everyrun.cli.token.listing:list_command"),
    "revoke": Command("everyrun.cli.token.revoking:revoke"),
}

app = typer.Typer(
    name="token",
    cls=group_of(COMMANDS),
    help="The keys that programs come in with, in the ledger here.",
)


@app.callback()
def token() -> None:
    """The keys that programs come in with, in the ledger here."""
