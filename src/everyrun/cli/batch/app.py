"""``everyrun batch``: run all workflows, or one over many inputs; look at batches and stop them."""

import typer

from everyrun.cli.loading import Command, group_of

COMMANDS = {
    "run-all": Command("everyrun.cli.batch.starting:run_all"),
    "run": Command("everyrun.cli.batch.starting:run"),
    "resume": Command("everyrun.cli.batch.starting:resume"),
    "list": Command("everyrun.cli.batch.listing:list_command"),
    "show": Command("everyrun.cli.batch.showing:show"),
    "stop": Command("everyrun.cli.batch.stopping:stop"),
}

app = typer.Typer(
    name="batch",
    cls=group_of(COMMANDS),
    help="Several executions as one: all workflows, or one over many inputs.",
)


@app.callback()
def batch() -> None:
    """Several executions as one: all workflows, or one over many inputs."""
