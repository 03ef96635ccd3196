"""``everyrun celery``: who works, what must not run, how often a task may begin."""

import typer

from everyrun.cli.loading import Command, group_of

COMMANDS = {
    "ping": Command("everyrun.cli.celery.pinging:ping"),
    "revoke": Command("everyrun.cli.celery.revoking:revoke"),
    "rate-limit": Command("everyrun.cli.celery.limiting:rate_limit"),
}

app = typer.Typer(
    name="celery",
    cls=group_of(COMMANDS),
    help="A Celery application's workers, through its broker or through a server.",
)


@app.callback()
def celery() -> None:
    """A Celery application's workers, through its broker or through a server."""
