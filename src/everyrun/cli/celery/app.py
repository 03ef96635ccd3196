"""``everyrun celery``: who works, what must not run, and what ran before."""

import typer

from everyrun.cli.loading import Command, group_of

COMMANDS = {
    "ping": Command("everyrun.cli.celery.pinging:ping"),
    "revoke": Command("everyrun.cli.celery.revoking:revoke"),
    "rate-limit": Command("everyrun.cli.celery.limiting:rate_limit"),
    "import": Command("everyrun.cli.celery.importing:import_command"),
}

app = typer.Typer(
    name="celery",
    cls=group_of(COMMANDS),
    help="A Celery application: commands to its workers, and its history.",
)


@app.callback()
def celery() -> None:
    """A Celery application: commands to its workers, and its history."""
